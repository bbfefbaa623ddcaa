import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { cpp } from "./cpp.ts";
import { exec } from "./exec.ts";
import { java, java21, java25 } from "./java.ts";
import { python } from "./python.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [base, base13, python, cpp, exec, java, java21, java25].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
