import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Vala 0.56, and bash */
export const vala = upon(gcc, {
  name: "vala",
  description: "Vala 0.56, and bash",
  packages: ["valac"],
  buildBytes: 1_200e6,
  remove: [],
  finish: [],
  probes: [],
});
