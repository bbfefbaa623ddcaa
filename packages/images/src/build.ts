import { access, chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cancelled, packageListFile, unpackPackages } from "./debian.ts";
import { ImageError, systemCode } from "./errors.ts";
import { finishAndProbe } from "./inside.ts";
import type { Layout } from "./layout.ts";
import { acquireLock } from "./lock.ts";
import type { ImageManifest, ImagePackage } from "./manifest.ts";
import type { BuildProgress } from "./progress.ts";
import { recipeDigest } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { removeBuildDirectory } from "./remove-build-directory.ts";
import { machineSources, mirrorSources } from "./sources.ts";
import { requireSpace } from "./space.ts";
import { imageOwner, readTree } from "./tree.ts";
import { normalizeModes, trim } from "./trim.ts";

export interface BuildOptions {
  readonly progress?: (event: BuildProgress) => void;
  readonly signal?: AbortSignal;
  /** Address of a Debian mirror to use instead of the machine's own apt sources. */
  readonly mirror?: string;
}

/**
 * Builds an image beside its final place and moves it there in one step.
 *
 * `isSound` decides whether an image that already has this digest may stay: a box may be using it.
 *
 * @throws ImageError, see ImageErrorCode
 */
export const buildImage = async (
  recipe: Recipe,
  places: Layout,
  isSound: (digest: string) => Promise<boolean>,
  options: BuildOptions = {},
): Promise<ImageManifest> => {
  const { signal } = options;
  const progress = options.progress ?? ((): void => undefined);
  try {
    progress({ phase: "prepare", done: 0, total: null, message: "preparing" });
    const sources =
      options.mirror === undefined
        ? await machineSources(recipe.suite)
        : mirrorSources(options.mirror, recipe.suite);
    await using lock = await acquireLock(places.lock(recipe.name), recipe.name);
    await using work = await freshDirectory(places.buildingOf(recipe.name));
    signal?.throwIfAborted();
    await requireSpace(work.path, recipe.name, recipe.buildBytes);

    const root = join(work.path, "image", "root");
    const temporary = join(work.path, "temporary");
    await mkdir(root, { recursive: true });
    await mkdir(temporary);
    await unpackPackages(recipe, { sources, temporary, root, lock: lock.descriptor, progress, signal });

    progress({ phase: "trim", done: 0, total: null, message: "removing what no box needs" });
    const packages = parsePackages(await readFile(join(root, packageListFile), "utf8"));
    await rm(join(root, packageListFile));
    await trim(root, recipe.remove);
    await writeFiles(root, recipe.files);
    normalizeModes(root);
    await finishAndProbe(root, recipe, { progress, signal });
    normalizeModes(root);

    const tree = await readTree(root, {
      owner: imageOwner(places.directory, root),
      signal,
      progress: (done) => progress({ phase: "digest", done, total: null, message: "computing the digest" }),
    });
    const manifest: ImageManifest = {
      name: recipe.name,
      digest: tree.digest,
      recipe: recipeDigest(recipe),
      suite: recipe.suite,
      architecture: packages.find(({ architecture }) => architecture !== "all")?.architecture ?? "all",
      packages,
      sizeBytes: tree.sizeBytes,
      entries: tree.text.split("\n").length - 2,
      created: new Date().toISOString(),
    };
    await writePublic(join(work.path, "image", "tree"), tree.text);
    await writePublic(join(work.path, "image", "image.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const path of [join(work.path, "image"), places.building]) await chmod(path, 0o755);

    if (await isSound(tree.digest))
      await rename(join(work.path, "image", "image.json"), places.manifest(tree.digest));
    else {
      await moveAside(places.image(tree.digest), join(work.path, "damaged"));
      await rename(join(work.path, "image"), places.image(tree.digest));
    }
    await pointName(places, recipe.name, tree.digest);
    progress({ phase: "done", done: 1, total: 1, message: `${recipe.name} is ${tree.digest}` });
    return manifest;
  } catch (error) {
    if (signal?.aborted === true) throw cancelled(recipe.name);
    if (systemCode(error) === "ENOSPC" || systemCode(error) === "EDQUOT")
      throw new ImageError(
        "disk_full",
        `There is no space left for the image "${recipe.name}" below ${places.building}.`,
        { cause: error },
      );
    if (systemCode(error) === "EACCES" || systemCode(error) === "EPERM")
      throw new ImageError(
        "build_failed",
        `The images directory can't be written (${error instanceof Error ? error.message : ""}); build as its owner.`,
        { cause: error },
      );
    throw error;
  }
};

/** An empty directory for one build, gone afterwards; what a killed build left there goes first. */
const freshDirectory = async (path: string): Promise<AsyncDisposable & { path: string }> => {
  await removeBuildDirectory(path);
  await mkdir(path, { recursive: true, mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => removeBuildDirectory(path) };
};

/** A text that begins with `#!` becomes a program. */
const writeFiles = async (root: string, files: Recipe["files"]): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    await chmod(join(root, path), text.startsWith("#!") ? 0o755 : 0o644);
  }
};

/** Whatever the umask of the builder is: boxes and the runner read as other users. */
const writePublic = async (path: string, text: string): Promise<void> => {
  await writeFile(path, text);
  await chmod(path, 0o644);
};

const moveAside = async (from: string, to: string): Promise<void> => {
  await access(from).then(
    () => rename(from, to),
    () => undefined,
  );
};

const pointName = async (places: Layout, name: string, digest: string): Promise<void> => {
  await mkdir(places.names, { recursive: true, mode: 0o755 });
  await chmod(places.names, 0o755);
  const temporary = `${places.name(name)}.new`;
  await writePublic(temporary, `${digest}\n`);
  await rename(temporary, places.name(name));
};

const parsePackages = (text: string): ImagePackage[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", version = "", architecture = ""] = line.split(" ");
      return { name, version, architecture };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
