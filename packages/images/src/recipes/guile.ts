import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `scheme`. */
export const guile = upon(base, {
  name: "guile",
  description: "Guile 3.0 for Scheme, and bash",
  packages: ["guile-3.0"],
  buildBytes: 400e6,
  remove: [],
  finish: [["sh", "-c", "test -e /usr/bin/guile || ln -s guile-3.0 /usr/bin/guile"]],
  probes: [{ argv: ["sh", "-c", "guile -c '(display (* 6 7))'"], stdout: "42" }],
});
