import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Pike 8.0: the language `pike`. */
export const pike = upon(base, {
  name: "pike",
  description: "Pike 8.0",
  packages: ["pike8.0-core"],
  buildBytes: 200e6,
});
