import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** PicoLisp 23: the language `picolisp`. */
export const picolisp = upon(base, {
  name: "picolisp",
  description: "PicoLisp 23",
  packages: ["picolisp"],
  buildBytes: 100e6,
});
