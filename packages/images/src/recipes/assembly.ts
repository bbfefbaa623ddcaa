import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** NASM 2.16 and the GNU assembler, and bash */
export const assembly = upon(gcc, {
  name: "assembly",
  description: "NASM 2.16 and the GNU assembler, and bash",
  packages: ["nasm"],
  buildBytes: 800e6,
  remove: [],
  finish: [],
  probes: [],
});
