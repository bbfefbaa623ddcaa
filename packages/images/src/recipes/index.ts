import type { Recipe } from "../recipe.ts";
import { cpp } from "./cpp.ts";
import { python } from "./python.ts";

/** Every image that ships with Assay. */
export const recipes: readonly Recipe[] = [python, cpp];

export const recipeByName = (name: string): Recipe | null =>
  recipes.find((recipe) => recipe.name === name) ?? null;
