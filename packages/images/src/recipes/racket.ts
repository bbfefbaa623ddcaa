import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `racket`. */
export const racket = upon(base, {
  name: "racket",
  description: "Racket 8.7, and bash",
  packages: ["racket"],
  buildBytes: 1_500e6,
  remove: [],
  probes: [],
});
