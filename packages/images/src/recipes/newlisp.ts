import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** newLISP 10.7: the language `newlisp`. */
export const newlisp = upon(base, {
  name: "newlisp",
  description: "newLISP 10.7",
  packages: ["newlisp"],
  buildBytes: 100e6,
  probes: [{ argv: ["newlisp", "-e", "(* 6 7)"], stdout: "42\n" }],
});
