import { mkdir } from "node:fs/promises";
import { imageStore, recipeByName, recipeDigest, recipes, type ImageStore } from "@assay/images";
import { usageError } from "../exit.ts";
import { ProgressLine } from "../output/progress.ts";
import { say } from "../output/say.ts";

/**
 * Builds the named images that are missing or whose recipe has changed since, saying so. Damaged ones
 * are the runner's to refuse and the operator's to rebuild, so that damage is never mended silently.
 */
export async function ensureImages(
  directory: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const store = imageStore(directory);
  const known = await store.list();
  for (const name of names) {
    const status = known.find((image) => image.name === name);
    if (status?.state === "damaged") say(`assay: ${status.reason ?? `image ${name} is damaged`}`);
    else if (status?.state !== "ready" || (await isOfOlderRecipe(store, name)))
      await buildImage(directory, name, signal);
  }
}

async function isOfOlderRecipe(store: ImageStore, name: string): Promise<boolean> {
  const recipe = recipeByName(name);
  return recipe !== null && (await store.resolve(name)).recipe !== recipeDigest(recipe);
}

export async function buildImage(directory: string, name: string, signal: AbortSignal): Promise<void> {
  const recipe = recipeByName(name);
  if (!recipe)
    throw usageError(`there is no image named ${name}; known are ${[...recipes.keys()].join(", ")}`);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const since = performance.now();
  let digest: string;
  {
    using line = new ProgressLine(`image ${name}`);
    line.update("start", null, null, "building from Debian packages (once; it is kept)");
    const image = await imageStore(directory).build(recipe, {
      progress: ({ phase, done, total, message }) => line.update(phase, done, total, message),
      signal,
    });
    digest = image.digest;
  }
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stderr.write(`image ${name}: built in ${seconds} s, sha256:${digest.slice(0, 16)}…\n`);
}
