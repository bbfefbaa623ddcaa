import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `csharp`. */
export const mono = upon(base, {
  name: "mono",
  description: "Mono 6.8 with its compiler for C#, and bash",
  packages: ["mono-mcs"],
  buildBytes: 600e6,
  remove: [],
  probes: [],
});
