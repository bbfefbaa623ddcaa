import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "../recipe.ts";
import { upon } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const check = readFileSync(join(import.meta.dirname, "files", "prolog", "check.pl"), "utf8");

const swiUpon = (below: Recipe, name: string, version: string): Recipe =>
  upon(below, {
    name,
    description: `SWI-Prolog ${version}, and bash`,
    packages: ["swi-prolog-core", "swi-prolog-core-packages"],
    files: { "usr/lib/assay/prolog/check.pl": check },
    buildBytes: 300e6,
    remove: [
      "usr/lib/swi-prolog/{cmake,demo,doc,man,desktop}",
      "usr/share/{gcc,swi-prolog}",
      "usr/lib/cmake",
      "usr/lib/*/{engines-3,ossl-modules}",
    ],
    // What the package's installation script does: predicates are found without being asked for.
    finish: [["swipl", "-q", "-g", "make_library_index(swi(library))", "-t", "halt"]],
    probes: [
      {
        argv: [
          "sh",
          "-c",
          `echo ':- use_module(library(clpfd)). :- use_module(library(dcg/basics)). :- use_module(library(socket)). :- use_module(library(readutil)), use_module(library(http/json)), use_module(library(time)). :- X #= 6 * 7, foldl([A,B,C]>>(C is A+B), [X], 0, Y), writeln(Y).' > /tmp/p.pl && swipl -q -g halt /tmp/p.pl`,
        ],
        stdout: "42\n",
      },
    ],
  });

/** The language `prolog`. */
export const swiProlog = swiUpon(base, "swi-prolog", "9.0");

/** The language `prolog@9.2`. */
export const swiProlog92 = swiUpon(base13, "swi-prolog-9-2", "9.2");
