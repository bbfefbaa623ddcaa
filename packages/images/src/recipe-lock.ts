import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { debianArchitecture, resolvePackages } from "./apt.ts";
import { ImageError, systemCode } from "./errors.ts";
import { lockText, parseLock } from "./image-lock.ts";
import type { ImageLock } from "./image-lock.ts";
import type { Layout } from "./layout.ts";
import { resolveNpm } from "./npm-registry.ts";
import type { BuildProgress } from "./progress.ts";
import { recipeDigest } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import type { Source } from "./sources.ts";

export interface LockOptions {
  readonly sources: readonly Source[];
  readonly progress: (event: BuildProgress) => void;
  readonly signal: AbortSignal | undefined;
  /** Takes this one, whatever lies in the store. */
  readonly lock?: ImageLock | undefined;
  /** Takes this one only if it is the one that would be taken without it. */
  readonly claimed?: ImageLock | undefined;
  /** Resolves again, even if there is a lock of this recipe. */
  readonly update?: boolean | undefined;
}

/**
 * What the recipe is built from: the given lock, the one of the last build of the same recipe, or what
 * the mirror and the registry have now.
 *
 * @throws ImageError; the signal's reason
 */
export const lockRecipe = async (
  recipe: Recipe,
  places: Layout,
  options: LockOptions,
): Promise<ImageLock> => {
  if (options.lock !== undefined) return checkLock(options.lock, recipe);
  const { claimed } = options;
  if (claimed !== undefined) checkLock(claimed, recipe);
  const kept = options.update === true ? null : await readLock(recipe, places);
  if (kept !== null && (claimed === undefined || isSame(kept, claimed))) return kept;
  const resolved = await resolve(recipe, places, options);
  if (claimed !== undefined && !isSame(resolved, claimed))
    throw new ImageError(
      "build_failed",
      `The lock of the image "${recipe.name}" names other packages than the signed lists of the mirror and the npm registry have now; nobody vouches for them.`,
    );
  return resolved;
};

/** What is in them becomes root's, and runs as root: their hashes must come from who is trusted. */
const isSame = (a: ImageLock, b: ImageLock): boolean => lockText(a) === lockText(b);

const resolve = async (
  recipe: Recipe,
  places: Layout,
  { progress, signal, sources }: LockOptions,
): Promise<ImageLock> => {
  const index = (message: string): void => progress({ phase: "index", done: 0, total: null, message });
  index("choosing packages");
  const packages = await resolvePackages(recipe, {
    places,
    sources,
    signal,
    onIndex: () => index("reading the mirror's package lists"),
  });
  if (recipe.npm.length > 0) index("asking the npm registry");
  const npm = await resolveNpm(recipe.npm, signal);
  return {
    format: 1,
    name: recipe.name,
    recipe: recipeDigest(recipe),
    suite: recipe.suite,
    architecture: debianArchitecture(),
    packages,
    npm,
  };
};

const checkLock = (lock: ImageLock, recipe: Recipe): ImageLock => {
  const refuse = (why: string): ImageError =>
    new ImageError("build_failed", `The lock does not fit the image "${recipe.name}": ${why}.`);
  if (lock.name !== recipe.name) throw refuse(`it is of "${lock.name}"`);
  if (lock.recipe !== recipeDigest(recipe))
    throw refuse("it is of another version of the recipe; resolve again with --update");
  if (lock.architecture !== debianArchitecture())
    throw refuse(`it is for ${lock.architecture}, this machine is ${debianArchitecture()}`);
  return lock;
};

/** Null when there is none of this recipe for this machine. */
const readLock = async (recipe: Recipe, places: Layout): Promise<ImageLock | null> => {
  const path = places.lockOf(recipe.name);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return checkLock(parseLock(text, path), recipe);
  } catch (error) {
    // Of an older recipe, or damaged: resolving again mends both.
    if (error instanceof ImageError) return null;
    throw error;
  }
};

/** The next build of the recipe starts with this lock. */
export const keepLock = async (places: Layout, lock: ImageLock): Promise<void> => {
  await mkdir(places.locks, { recursive: true, mode: 0o755 });
  await chmod(places.locks, 0o755);
  const temporary = `${places.lockOf(lock.name)}.new`;
  await writeFile(temporary, lockText(lock));
  await chmod(temporary, 0o644);
  await rename(temporary, places.lockOf(lock.name));
};
