import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Rakudo on MoarVM: the language `raku`. */
export const raku = upon(base, {
  name: "raku",
  description: "Rakudo",
  packages: ["rakudo"],
  buildBytes: 400e6,
  remove: [],
  probes: [],
});
