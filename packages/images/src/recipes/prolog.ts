import type { Recipe } from "../recipe.ts";
import { upon } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const swiUpon = (below: Recipe, name: string, version: string): Recipe =>
  upon(below, {
    name,
    description: `SWI-Prolog ${version}, and bash`,
    packages: ["swi-prolog-core"],
    buildBytes: 300e6,
    probes: [
      {
        argv: [
          "sh",
          "-c",
          `echo ':- use_module(library(clpfd)). :- use_module(library(dcg/basics)). :- use_module(library(socket)). :- use_module(library(prolog_stack)). :- X #= 6 * 7, writeln(X).' > /tmp/p.pl && swipl -q -g halt /tmp/p.pl`,
        ],
        stdout: "42\n",
      },
    ],
  });

/** The language `prolog`. */
export const swiProlog = swiUpon(base, "swi-prolog", "9.0");

/** The language `prolog@9.2`. */
export const swiProlog92 = swiUpon(base13, "swi-prolog-9-2", "9.2");
