import { upon } from "../recipe.ts";
import { compileAndRun, gcc } from "./gcc.ts";

/** GNU Fortran 12, and bash */
export const fortran = upon(gcc, {
  name: "fortran",
  description: "GNU Fortran 12, and bash",
  packages: ["gfortran"],
  buildBytes: 900e6,
  probes: [
    {
      argv: compileAndRun(
        "gfortran -x f95 -O2 -static",
        'program main\nuse, intrinsic :: iso_fortran_env\nreal(real128) :: x\nx = 42\nprint "(i0)", nint(sqrt(x * x))\nend program\n',
      ),
      stdout: "42\n",
    },
  ],
});
