import packageJson from "../package.json" with { type: "json" };

export const assayVersion: string = packageJson.version;

/** The version of go-judge whose interface this is: clients compare it with what they need. */
export const buildVersion = "v1.12.0";
