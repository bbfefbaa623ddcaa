import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GDC 12 for D, and bash */
export const d = upon(gcc, {
  name: "d",
  description: "GDC 12 for D, and bash",
  packages: ["gdc"],
  buildBytes: 1_000e6,
  remove: [],
  finish: [],
  probes: [],
});
