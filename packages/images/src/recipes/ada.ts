import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GNAT 12 for Ada, and bash */
export const ada = upon(gcc, {
  name: "ada",
  description: "GNAT 12 for Ada, and bash",
  packages: ["gnat"],
  buildBytes: 1_000e6,
  remove: [
  ],
  finish: [
  ],
  probes: [
  ],
});
