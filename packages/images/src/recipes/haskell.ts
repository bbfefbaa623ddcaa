import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GHC 9.0 for Haskell, and bash */
export const haskell = upon(gcc, {
  name: "haskell",
  description: "GHC 9.0 for Haskell, and bash",
  packages: ["ghc"],
  buildBytes: 2_500e6,
  remove: [
  ],
  finish: [
  ],
  probes: [
  ],
});
