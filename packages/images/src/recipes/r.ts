import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** R with its base packages: the language `r`. */
export const r = upon(base, {
  name: "r",
  description: "R with its base packages",
  packages: ["r-base-core"],
  buildBytes: 900e6,
  remove: [],
  probes: [],
});
