import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const tclOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `Tcl ${release}`,
    packages: [`tcl${release}`],
    buildBytes: 50e6,
    remove: packagingTools,
    finish: [["ln", "-sf", `tclsh${release}`, "/usr/bin/tclsh"]],
    probes: [
      {
        argv: [
          "sh",
          "-c",
          "echo 'package require msgcat; puts [info tclversion][clock format 0 -gmt 1 -format %Y]' | tclsh",
        ],
        stdout: `${release}1970\n`,
      },
    ],
  });

/** The language `tcl`. */
export const tcl = tclOn(base, "tcl", "8.6");

/** The language `tcl@9.0`. */
export const tcl90 = tclOn(base13, "tcl-9.0", "9.0");
