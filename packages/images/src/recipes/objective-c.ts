import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GCC 12 for Objective-C, and bash */
export const objectiveC = upon(gcc, {
  name: "objective-c",
  description: "GCC 12 for Objective-C, and bash",
  packages: ["gobjc"],
  buildBytes: 900e6,
  remove: [],
  finish: [],
  probes: [],
});
