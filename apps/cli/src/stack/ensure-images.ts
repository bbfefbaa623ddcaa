import { mkdir } from "node:fs/promises";
import {
  ImageError,
  imageStore,
  publishLayers,
  recipeByName,
  recipeDigest,
  recipes,
  type BuildOptions,
  type ImageStore,
} from "@assay/images";
import { usageError } from "../exit.ts";
import { ProgressLine } from "../output/progress.ts";
import { say } from "../output/say.ts";
import { bytes } from "../output/text.ts";

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
      await buildAnyhow(directory, name, signal);
  }
}

async function isOfOlderRecipe(store: ImageStore, name: string): Promise<boolean> {
  const recipe = recipeByName(name);
  return recipe !== null && (await store.resolve(name)).recipe !== recipeDigest(recipe);
}

/** Builds an image, showing how far it is, and says what it came to. */
export async function buildImage(
  directory: string,
  name: string,
  signal: AbortSignal,
  options: Pick<BuildOptions, "lock" | "update" | "mirror"> = {},
): Promise<void> {
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
      ...options,
      progress: ({ phase, done, total, message }) => {
        const share = phase === "download" && total !== null ? `${bytes(done)} of ${bytes(total)}, ` : "";
        line.update(phase, done, total, share + message);
      },
      signal,
    });
    digest = image.digest;
    // Where other tools, and `assay images push`, find it.
    await publishLayers(directory, name, {
      progress: ({ phase, done, total, message }) => line.update(phase, done, total, message),
      signal,
    });
  }
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stderr.write(`image ${name}: built in ${seconds} s, sha256:${digest.slice(0, 16)}…\n`);
}

/** As `buildImage`; where what the last build used can't be had any more, with what there is now. */
async function buildAnyhow(directory: string, name: string, signal: AbortSignal): Promise<void> {
  try {
    await buildImage(directory, name, signal);
  } catch (error) {
    if (!(error instanceof ImageError && error.code === "not_available")) throw error;
    say(`assay: image ${name}: ${error.message}`);
    say(`assay: image ${name}: resolving again, which gives newer packages than those of its lock`);
    await buildImage(directory, name, signal, { update: true });
  }
}
