import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** OCaml 4.13, and bash */
export const ocaml = upon(gcc, {
  name: "ocaml",
  description: "OCaml 4.13, and bash",
  packages: ["ocaml-nox", "ocaml-findlib"],
  buildBytes: 1_700e6,
  remove: [],
  finish: [],
  probes: [],
});
