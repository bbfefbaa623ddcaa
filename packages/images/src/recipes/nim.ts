import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Nim 1.6, and bash */
export const nim = upon(gcc, {
  name: "nim",
  description: "Nim 1.6, and bash",
  packages: ["nim"],
  buildBytes: 900e6,
  remove: [],
  finish: [],
  probes: [],
});
