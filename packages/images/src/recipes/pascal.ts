import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Free Pascal 3.2, and bash */
export const pascal = upon(gcc, {
  name: "pascal",
  description: "Free Pascal 3.2, and bash",
  packages: ["fp-compiler-3.2.2", "fp-units-rtl-3.2.2", "fp-units-base-3.2.2", "fp-units-fcl-3.2.2"],
  buildBytes: 1_000e6,
  remove: [],
  finish: [],
  probes: [],
});
