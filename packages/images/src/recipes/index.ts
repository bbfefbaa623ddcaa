import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { clojure } from "./clojure.ts";
import { cpp } from "./cpp.ts";
import { elixir, erlang } from "./erlang.ts";
import { exec } from "./exec.ts";
import { groovy } from "./groovy.ts";
import { guile } from "./guile.ts";
import { java, java21, java25 } from "./java.ts";
import { kotlin } from "./kotlin.ts";
import { sbcl, sbcl25 } from "./lisp.ts";
import { mono } from "./mono.ts";
import { swiProlog, swiProlog92 } from "./prolog.ts";
import { racket } from "./racket.ts";
import { scala } from "./scala.ts";
import { python } from "./python.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [base, base13, python, cpp, exec, java, java21, java25, kotlin, scala, groovy, clojure, sbcl, sbcl25, swiProlog, swiProlog92, racket, guile, erlang, elixir, mono].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
