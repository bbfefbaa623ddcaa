import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GnuCOBOL 3.1, and bash */
export const cobol = upon(gcc, {
  name: "cobol",
  description: "GnuCOBOL 3.1, and bash",
  packages: ["gnucobol3"],
  buildBytes: 900e6,
  remove: [],
  finish: [],
  probes: [],
});
