import packageJson from "../package.json" with { type: "json" };

/** The version of this runner, as it tells the server. */
export const version: string = packageJson.version;
