import { randomInt } from "node:crypto";
import { chmod, chown, lstat, mkdir, readFile, readdir, rename, rm, statfs, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PublishedImage } from "@assay/contracts";
import { ImageError, systemCode } from "../errors.ts";
import { shareFiles } from "../layers.ts";
import { layout } from "../layout.ts";
import type { Layout } from "../layout.ts";
import type { ImageManifest } from "../manifest.ts";
import { begin } from "../working-directory.ts";
import { ImageConfig, OciManifest, parseDocument } from "../oci/documents.ts";
import { documentBytes } from "../oci/limits.ts";
import { claimOf, treeOf } from "../oci/label.ts";
import { isSoundImage, placeImage, pointName } from "../place-image.ts";
import { treeDigest } from "../tree.ts";
import type { Tree } from "../tree.ts";
import { boundsOf } from "./bounds.ts";
import type { UnpackBounds } from "./bounds.ts";
import { download } from "./download.ts";
import type { DownloadOptions, ImageSource, Part } from "./download.ts";
import { FetchProgress } from "./progress.ts";
import type { OnFetchProgress } from "./progress.ts";
import { takeOver } from "./take-over.ts";
import { turnOf } from "./turn.ts";
import type { Owner } from "./take-over.ts";
import { unpackApart } from "./unpack-apart.ts";

export interface FetchOptions {
  readonly image: PublishedImage;
  readonly source: ImageSource;
  /** Who unpacks: a user who owns nothing and has no other process. */
  readonly unpacker: Owner;
  readonly signal: AbortSignal;
  readonly progress?: OnFetchProgress;
  /** Default: by what is told of its size. */
  readonly bounds?: UnpackBounds;
  readonly wait?: DownloadOptions["wait"];
}

/** Groups far beyond those that a machine gives away. */
const firstKey = 0x4000_0000;
const keys = 0x3000_0000;

/** What is left free besides, bytes. */
const spareBytes = 64 * 1024 * 1024;

/**
 * Fetches a published image, by the digest of its tree, into the images directory of this machine. If
 * its name means nothing here, it means this image afterwards.
 *
 * Parts are verified while they come; a process without rights unpacks them; what it leaves is checked
 * entry by entry and as a whole before it becomes root's and is moved to its place in one step. Layers
 * that complete an image which is here already are not fetched.
 *
 * @throws ImageError `unreachable`, `bad_archive`, `too_large`, `disk_full`, `locked` (somebody else
 * fetches it); the signal's reason
 */
export const fetchImage = async (directory: string, options: FetchOptions): Promise<void> => {
  const { image, signal } = options;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const places = layout(directory);
  try {
    await using work = await begin(places, image.digest, image.name);
    signal.throwIfAborted();
    if (!(await isSoundImage(places, image.digest))) await fetchInto(places, work.path, options);
    if (!(await isNamed(places, image.name))) await pointName(places, image.name, image.digest);
  } catch (error) {
    signal.throwIfAborted();
    if (systemCode(error) === "ENOSPC" || systemCode(error) === "EDQUOT") throw noSpace(image, places, error);
    throw error;
  }
};

const fetchInto = async (places: Layout, work: string, options: FetchOptions): Promise<void> => {
  const { image, signal } = options;
  if (Math.max(image.manifest.size, image.config.size) > documentBytes)
    throw new ImageError("too_large", `The image "${image.name}" has a manifest that is too large.`);
  await requireSpace(places, image);
  const progress = new FetchProgress(image, options.progress ?? (() => {}));
  const blobs = join(work, "blobs");
  await mkdir(blobs, { mode: 0o755 });
  await downloadAll([image.manifest, image.config], blobs, progress, options);
  const below = await imageBelow(places, join(blobs, image.manifest.digest), image.digest);
  let tree: Tree | null = null;
  if (below !== null) {
    await downloadAll(image.layers.slice(below.layers), blobs, progress, options);
    // If what is here does not fit after all, nothing is lost but time.
    tree = await unpack(places, work, progress, options, below.digest).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof ImageError && !["disk_full", "too_large"].includes(error.code)) return null;
      throw error;
    });
  }
  if (tree === null) {
    await downloadAll(image.layers, blobs, progress, options);
    tree = await unpack(places, work, progress, options, null);
  }
  const { manifest, lock } = await describe(blobs, image, tree, below?.digest ?? null);
  if (below !== null) await shareWith(places, work, below.digest, tree);
  await placeImage(places, work, tree, manifest, lock);
};

const downloadAll = async (
  parts: readonly Part[],
  blobs: string,
  progress: FetchProgress,
  { source, signal, wait }: FetchOptions,
): Promise<void> => {
  const here = new Set(await readdir(blobs));
  for (const part of parts) {
    if (here.has(part.digest)) continue;
    here.add(part.digest);
    await download(source, part, join(blobs, part.digest), {
      signal,
      progress: (bytes) => progress.fetched(part.digest, bytes),
      ...(wait === undefined ? {} : { wait }),
    });
  }
};

/** The highest image that is here and that some of the layers complete, and how many these are. */
const imageBelow = async (
  places: Layout,
  manifest: string,
  digest: string,
): Promise<{ digest: string; layers: number } | null> => {
  const { layers } = parseDocument(OciManifest, await readFile(manifest), "The manifest");
  const trees = layers.map(({ annotations }) => treeOf(annotations));
  for (let count = layers.length; count > 0; count--) {
    const tree = trees[count - 1];
    if (tree && tree !== digest && (await isSoundImage(places, tree))) return { digest: tree, layers: count };
  }
  return null;
};

/** Leaves the root, ours and checked, at `<work>/image/root`. */
const unpack = async (
  places: Layout,
  work: string,
  progress: FetchProgress,
  { image, unpacker, signal, bounds = boundsOf(image) }: FetchOptions,
  below: string | null,
): Promise<Tree> => {
  await using _ = await turnOf(unpacker, signal);
  // Only this process reaches its store, by a group that no other has, of the same user or not. And nobody
  // can put a store of their own there.
  const key = firstKey + randomInt(keys);
  const apart = join(work, "apart");
  const store = join(apart, "store");
  await rm(apart, { recursive: true, force: true });
  await mkdir(apart, { mode: 0o750 });
  await chown(apart, 0, key);
  await mkdir(store, { mode: 0o700 });
  // It can read what is here as anybody can, and copies what it needs of it.
  if (below !== null) await symlink(places.image(below), join(store, below));
  await chown(store, unpacker.uid, unpacker.gid);

  const blobs = join(work, "blobs");
  const { layerBytes } = bounds;
  const order = { store, blobs, manifest: image.manifest.digest, digest: image.digest, layerBytes };
  progress.unpacked(0);
  await unpackApart(
    order,
    { ...unpacker, key },
    { bounds, signal, progress: (share) => progress.unpacked(share) },
  );

  await chown(store, 0, 0);
  await chmod(store, 0o700);
  const to = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const made = join(store, image.digest, "root");
  if (!(await lstat(dirname(made))).isDirectory())
    throw new ImageError("bad_archive", "What unpacks the image left a link in its place.");
  const tree = await takeOver(made, unpacker, to, image.digest, {
    bounds,
    signal,
    progress: (bytes) => progress.checked(bytes),
  });
  await rm(join(work, "image"), { recursive: true, force: true });
  await mkdir(join(work, "image"), { mode: 0o755 });
  await rename(made, join(work, "image", "root"));
  return tree;
};

/** What the image says of itself, and what was found out here; the latter counts. */
const describe = async (
  blobs: string,
  image: PublishedImage,
  tree: Tree,
  below: string | null,
): Promise<{ readonly manifest: ImageManifest; readonly lock: string | null }> => {
  const config = await readFile(join(blobs, image.config.digest));
  const { claim, lock } = claimOf(parseDocument(ImageConfig, config, "The configuration"));
  if (claim === null) throw new ImageError("bad_archive", "The image does not say what it is.");
  const manifest = {
    ...claim,
    name: image.name,
    // Only what it really shares files with.
    from: claim.from?.digest === below ? claim.from : null,
    digest: tree.digest,
    sizeBytes: tree.sizeBytes,
    entries: tree.text.split("\n").length - 2,
    created: new Date().toISOString(),
  };
  return { manifest, lock };
};

/** So that what both have lies on disk and in memory once. */
const shareWith = async (places: Layout, work: string, below: string, tree: Tree): Promise<void> => {
  const text = await readFile(places.tree(below), "utf8");
  if (treeDigest(text) !== below) return;
  const upper = { text: tree.text, root: join(work, "image", "root") };
  await shareFiles({ text, root: places.root(below) }, upper, join(work, "shared"));
};

const isNamed = async (places: Layout, name: string): Promise<boolean> => {
  try {
    await lstat(places.name(name));
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
};

/** @throws ImageError `disk_full` */
const requireSpace = async (places: Layout, image: PublishedImage): Promise<void> => {
  const { bavail, bsize } = await statfs(places.directory);
  if (bavail * bsize < image.transferBytes + image.sizeBytes + spareBytes) throw noSpace(image, places);
};

const noSpace = (image: PublishedImage, places: Layout, cause?: unknown): ImageError => {
  const megabytes = Math.ceil((image.transferBytes + image.sizeBytes + spareBytes) / 1e6);
  return new ImageError(
    "disk_full",
    `The image "${image.name}" needs ${megabytes} MB free in ${places.directory}, and there is less.`,
    { cause },
  );
};
