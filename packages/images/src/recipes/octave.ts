import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** GNU Octave without its windows: the language `octave`. */
export const octave = upon(base, {
  name: "octave",
  description: "GNU Octave for the command line",
  packages: ["octave"],
  buildBytes: 1_500e6,
  remove: [],
  probes: [],
});
