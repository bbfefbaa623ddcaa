import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** LDC 1.30 for D, and bash */
export const dLdc = upon(gcc, {
  name: "d-ldc",
  description: "LDC 1.30 for D, and bash",
  packages: ["ldc"],
  buildBytes: 1_300e6,
  remove: [],
  finish: [],
  probes: [],
});
