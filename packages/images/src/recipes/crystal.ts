import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Crystal 1.6, and bash */
export const crystal = upon(gcc, {
  name: "crystal",
  description: "Crystal 1.6, and bash",
  packages: ["crystal"],
  buildBytes: 1_200e6,
  remove: [],
  finish: [],
  probes: [],
});
