import { chmod, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { expireIndex, hostProxies } from "./apt.ts";
import { archiveName, fetchArchives, lockedArchives, npmArchive, debianArchive } from "./archives.ts";
import { ImageError, systemCode } from "./errors.ts";
import { lockDigest, lockText } from "./image-lock.ts";
import type { ImageLock } from "./image-lock.ts";
import { finishAndProbe } from "./finish/inside.ts";
import { shareFiles } from "./layers.ts";
import type { Layout } from "./layout.ts";
import type { ImageManifest, ImagePackage } from "./manifest.ts";
import { moveAside, pointName, writePublic } from "./place-image.ts";
import type { BuildProgress } from "./progress.ts";
import { keepLock, lockRecipe } from "./recipe-lock.ts";
import { recipeDigest } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { machineSources, mirrorAddresses, mirrorSources } from "./sources.ts";
import { requireSpace } from "./space.ts";
import { TreeWriter } from "./tree-writer.ts";
import { imageOwner, readTree } from "./tree.ts";
import { normalize, trim } from "./trim.ts";
import { mergeUsr, unpackDebian, unpackNpm } from "./unpack.ts";
import { begin } from "./working-directory.ts";

export interface BuildOptions {
  readonly progress?: (event: BuildProgress) => void;
  readonly signal?: AbortSignal;
  /** Address of a Debian mirror to use instead of the machine's own apt sources. */
  readonly mirror?: string;
  /** What to build from, to the byte; otherwise the lock of the last build of the same recipe. */
  readonly lock?: ImageLock;
  /** A lock from who is not trusted: built from only if this machine comes to the same one by itself. */
  readonly claimed?: ImageLock;
  /** Resolves again what the recipe asks for, even if there is a lock. */
  readonly update?: boolean;
}

/** The sound image that the recipe lies upon. */
export interface Below {
  readonly name: string;
  readonly digest: string;
  readonly root: string;
  /** Its canonical text. */
  readonly tree: string;
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
  below: Below | null,
  isSound: (digest: string) => Promise<boolean>,
  options: BuildOptions = {},
): Promise<ImageManifest> => {
  const { signal, mirror, update } = options;
  const progress = options.progress ?? ((): void => undefined);
  try {
    progress({ phase: "prepare", done: 0, total: null, message: "preparing" });
    const sources =
      mirror === undefined ? await machineSources(recipe.suite) : mirrorSources(mirror, recipe.suite);
    await using work = await begin(places, recipe.name, recipe.name);
    signal?.throwIfAborted();
    await requireSpace(work.path, recipe.name, recipe.buildBytes);

    const { lock: given, claimed } = options;
    const lock = await lockRecipe(recipe, places, {
      sources,
      progress,
      signal,
      lock: given,
      claimed,
      update,
    });
    const mirrors = mirrorAddresses(mirror, sources, recipe.suite);
    await fetchArchives(places.archives, lockedArchives(lock, mirrors), {
      signal,
      proxies: await hostProxies(signal),
      progress: (done, total, message) => progress({ phase: "download", done, total, message }),
    }).catch(async (error: unknown) => {
      if (error instanceof ImageError && error.code === "not_available")
        await expireIndex(places, recipe.suite, sources);
      throw error;
    });

    const root = join(work.path, "image", "root");
    await mkdir(root, { recursive: true });
    await makeRoot(root, recipe, lock, places, { progress, signal });

    const tree = await readTree(root, {
      owner: imageOwner(places.directory, root),
      signal,
      progress: (done) => progress({ phase: "digest", done, total: null, message: "computing the digest" }),
    });
    const text = lockText(lock);
    const manifest: ImageManifest = {
      name: recipe.name,
      digest: tree.digest,
      recipe: recipeDigest(recipe),
      lock: lockDigest(text),
      from: below === null ? null : { name: below.name, digest: below.digest },
      suite: recipe.suite,
      architecture: lock.architecture,
      packages: listPackages(lock),
      sizeBytes: tree.sizeBytes,
      entries: tree.text.split("\n").length - 2,
      created: new Date().toISOString(),
    };
    const files = {
      tree: tree.text,
      "lock.json": text,
      "image.json": `${JSON.stringify(manifest, null, 2)}\n`,
    };
    for (const [name, content] of Object.entries(files))
      await writePublic(join(work.path, "image", name), content);
    await chmod(join(work.path, "image"), 0o755);

    const isThere = await isSound(tree.digest);
    const place = isThere ? places.root(tree.digest) : root;
    // Boxes may be using it: its files are replaced by their equals, one by one.
    if (isThere) await normalize(place);
    if (below !== null)
      await shareFiles(
        { text: below.tree, root: below.root },
        { text: tree.text, root: place },
        join(work.path, "link"),
      );
    if (isThere) {
      await rename(join(work.path, "image", "lock.json"), places.imageLock(tree.digest));
      await rename(join(work.path, "image", "image.json"), places.manifest(tree.digest));
    } else {
      await moveAside(places.image(tree.digest), join(work.path, "damaged"));
      await rename(join(work.path, "image"), places.image(tree.digest));
    }
    await keepLock(places, lock);
    await pointName(places, recipe.name, tree.digest);
    progress({ phase: "done", done: 1, total: 1, message: `${recipe.name} is ${tree.digest}` });
    return manifest;
  } catch (error) {
    if (signal?.aborted === true)
      throw new ImageError("cancelled", `The build of the image "${recipe.name}" was cancelled.`);
    if (systemCode(error) === "ENOSPC" || systemCode(error) === "EDQUOT")
      throw new ImageError(
        "disk_full",
        `There is no space left for the image "${recipe.name}" below ${places.directory}.`,
        { cause: error },
      );
    if (["EACCES", "EPERM", "EROFS"].includes(systemCode(error) ?? ""))
      throw new ImageError(
        "build_failed",
        `The images directory can't be written (${error instanceof Error ? error.message : ""}); build as its owner.`,
        { cause: error },
      );
    throw error;
  }
};

/** What the lock's archives, in the order in which it names them, and the recipe make of an empty root. */
const makeRoot = async (
  root: string,
  recipe: Recipe,
  lock: ImageLock,
  places: Layout,
  { progress, signal }: { progress: (event: BuildProgress) => void; signal: AbortSignal | undefined },
): Promise<void> => {
  mergeUsr(root);
  const total = lock.packages.length;
  for (const [done, locked] of lock.packages.entries()) {
    progress({ phase: "extract", done, total, message: `unpacking ${locked.name}` });
    await unpackDebian(join(places.archives, archiveName(debianArchive(locked, []))), root, signal);
  }
  progress({ phase: "trim", done: 0, total: null, message: "removing what no box needs" });
  await trim(root, recipe.remove);
  for (const [index, locked] of lock.npm.entries()) {
    progress({ phase: "trim", done: 0, total: null, message: `unpacking ${locked.name}` });
    const into = recipe.npm[index]?.into;
    if (into === undefined)
      throw new ImageError("build_failed", `The recipe has no place for ${locked.name}.`);
    await unpackNpm(join(places.archives, archiveName(npmArchive(locked))), root, into, signal);
  }
  writeFiles(root, recipe.files);
  await normalize(root);
  await finishAndProbe(root, recipe, { progress, signal });
};

const listPackages = (lock: ImageLock): ImagePackage[] => [
  ...lock.packages.map(({ name, version, architecture }) => ({ name, version, architecture })),
  ...lock.npm.map(({ name, version }) => ({ name, version, architecture: "npm" })),
];

/** A text that begins with `#!` becomes a program. */
const writeFiles = (root: string, files: Recipe["files"]): void => {
  const writer = new TreeWriter(root);
  for (const [path, text] of Object.entries(files))
    writer.wholeFile(path, text.startsWith("#!"), Buffer.from(text));
};
