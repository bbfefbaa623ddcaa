import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** jq 1.6: the language `jq`. */
export const jq = upon(base, {
  name: "jq",
  description: "jq 1.6",
  packages: ["jq"],
  buildBytes: 50e6,
  probes: [{ argv: ["jq", "-n", "6 * 7"], stdout: "42\n" }],
});
