import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Algol 68 Genie 3.1: the language `algol68`. */
export const algol68 = upon(base, {
  name: "algol68",
  description: "Algol 68 Genie 3.1",
  packages: ["algol68g"],
  buildBytes: 100e6,
});
