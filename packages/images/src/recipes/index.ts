import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { cpp } from "./cpp.ts";
import { exec } from "./exec.ts";
import { python } from "./python.ts";
import { gforth } from "./forth.ts";
import { icon } from "./icon.ts";
import { zsh } from "./zsh.ts";
import { pike } from "./pike.ts";
import { algol68 } from "./algol68.ts";
import { picolisp } from "./picolisp.ts";
import { jq } from "./jq.ts";
import { haxe } from "./haxe.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [base, base13, python, cpp, exec, algol68, gforth, haxe, icon, jq, picolisp, pike, zsh].map((recipe) => [
    recipe.name,
    recipe,
  ]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
