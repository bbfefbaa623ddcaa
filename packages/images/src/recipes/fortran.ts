import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GNU Fortran 12, and bash */
export const fortran = upon(gcc, {
  name: "fortran",
  description: "GNU Fortran 12, and bash",
  packages: ["gfortran"],
  buildBytes: 900e6,
  remove: [
  ],
  finish: [
  ],
  probes: [
  ],
});
