import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Gforth 0.7: the language `forth`. */
export const gforth = upon(base, {
  name: "forth",
  description: "Gforth 0.7",
  packages: ["gforth"],
  buildBytes: 100e6,
  probes: [{ argv: ["gforth", "-e", '." forty" 2 . cr bye'], stdout: "forty2 \n" }],
});
