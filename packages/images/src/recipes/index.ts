import type { Recipe } from "../recipe.ts";
import { cpp } from "./cpp.ts";
import { exec } from "./exec.ts";
import { python } from "./python.ts";

/** Every image that ships with Assay. */
export const recipes: readonly Recipe[] = [python, cpp];

/** Images that only some machines need: they are built when something asks for them. */
const onDemand: readonly Recipe[] = [exec];

export const recipeByName = (name: string): Recipe | null =>
  [...recipes, ...onDemand].find((recipe) => recipe.name === name) ?? null;
