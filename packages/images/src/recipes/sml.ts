import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Poly/ML 5.7 for Standard ML, and bash */
export const sml = upon(gcc, {
  name: "sml",
  description: "Poly/ML 5.7 for Standard ML, and bash",
  packages: ["polyml"],
  buildBytes: 900e6,
  remove: [],
  finish: [],
  probes: [],
});
