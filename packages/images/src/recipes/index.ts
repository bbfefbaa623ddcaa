import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { cpp, cpp14 } from "./cpp.ts";
import { exec } from "./exec.ts";
import { gcc } from "./gcc.ts";
import { clang } from "./clang.ts";
import { go, go124 } from "./go.ts";
import { rust } from "./rust.ts";
import { rust163 } from "./rust-1.63.ts";
import { fortran } from "./fortran.ts";
import { ada } from "./ada.ts";
import { pascal } from "./pascal.ts";
import { d } from "./d.ts";
import { dLdc } from "./d-ldc.ts";
import { objectiveC } from "./objective-c.ts";
import { nim } from "./nim.ts";
import { ocaml } from "./ocaml.ts";
import { sml } from "./sml.ts";
import { haskell } from "./haskell.ts";
import { cobol } from "./cobol.ts";
import { assembly } from "./assembly.ts";
import { crystal } from "./crystal.ts";
import { vala } from "./vala.ts";
import { python } from "./python.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [base, base13, python, gcc, cpp, exec, cpp14, clang, go, go124, rust, rust163, fortran, ada, pascal, d, dLdc, objectiveC, nim, ocaml, sml, haskell, cobol, assembly, crystal, vala].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
