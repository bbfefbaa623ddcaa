import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ImageError, systemCode } from "../errors.ts";
import { layout } from "../layout.ts";
import type { Layout } from "../layout.ts";
import type { ImageManifest } from "../manifest.ts";
import { isSoundImage, placeImage, pointName } from "../place-image.ts";
import type { BuildProgress } from "../progress.ts";
import { imageOwner, readTree } from "../tree.ts";
import { begin } from "../working-directory.ts";
import { bad } from "./bad.ts";
import { readManifest } from "./foreign-image.ts";
import type { ForeignImage, OpenBlob } from "./foreign-image.ts";
import { Budget, unpackLimits } from "./limits.ts";
import type { UnpackLimits } from "./limits.ts";
import { applyLayer } from "./unpack/apply.ts";
import { fitForBox } from "./unpack/fit-for-box.ts";
import { materialize } from "./unpack/materialize.ts";
import { TreeModel } from "./unpack/model.ts";
import { beginWithImage, treesHere } from "./unpack/reuse.ts";
import { Spool } from "./unpack/spool.ts";

export interface UnpackOptions {
  readonly progress?: (event: BuildProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** Where less is allowed than of any image. */
  readonly limits?: Partial<UnpackLimits>;
}

export interface InstallOptions extends UnpackOptions {
  /** The OCI manifest. It is not trusted: what counts is `expectedTreeDigest`. */
  readonly manifestBytes: Uint8Array;
  /** Streams a blob, `sha256:…`, as it is stored: compressed. Called one after the other, only for what is missing here. */
  readonly blob: OpenBlob;
  readonly expectedTreeDigest: string;
  /** Makes this name mean the image. Default: none does. */
  readonly name?: string;
}

/**
 * Installs an image of Assay whose layers come from elsewhere, under its digest; layers that complete an
 * image which is here already are not asked for, and its files are hard-linked. A sound image that is here
 * stays as it is.
 *
 * @throws ImageError `bad_archive`, `too_large`, `disk_full`, `cancelled`, `locked`; what `blob` throws
 */
export const installLayers = async (directory: string, options: InstallOptions): Promise<void> => {
  const { manifestBytes, blob, expectedTreeDigest: digest, name } = options;
  const places = layout(directory);
  await using work = await begin(places, digest, digest);
  if (!(await isSoundImage(places, digest))) {
    const manifestHex = createHash("sha256").update(manifestBytes).digest("hex");
    const image = await readManifest(manifestBytes, manifestHex, blob);
    const { claim } = image;
    if (claim === null) throw bad("The image does not say what it is: it was not made by Assay");
    const isBelowHere = claim.from !== null && (await treesHere(places)).has(claim.from.digest);
    const description = { ...claim, from: isBelowHere ? claim.from : null };
    await install(places, work.path, image, { ...options, expected: digest }, description);
  }
  if (name !== undefined) await pointName(places, name, digest);
};

export type Description = Omit<ImageManifest, "digest" | "sizeBytes" | "entries" | "created">;

/**
 * Unpacks an image into the working directory and moves it to its place.
 *
 * @throws ImageError, see installLayers
 */
export const install = async (
  places: Layout,
  work: string,
  image: ForeignImage,
  options: UnpackOptions & { readonly expected: string | null },
  description: Description,
): Promise<ImageManifest> => {
  const { expected, signal, progress = () => undefined } = options;
  try {
    // Hard links to what is here are only verified by the digest of all of it.
    const here = expected === null ? new Set<string>() : await treesHere(places);
    const upon = image.layers.findLastIndex(
      ({ tree }) => tree !== null && tree !== expected && here.has(tree),
    );
    let tree = await unpack(places, join(work, "first"), image, upon, options).catch((error: unknown) => {
      // The image below was damaged, or went away meanwhile; nothing is lost but time.
      if (upon >= 0 && (systemCode(error) === "ENOENT" || isDamaged(error))) return null;
      throw error;
    });
    let done = join(work, "first");
    if (tree === null || (upon >= 0 && tree.digest !== expected)) {
      done = join(work, "second");
      tree = await unpack(places, done, image, -1, options);
    }
    if (expected !== null && tree.digest !== expected)
      throw bad(`The image's tree has the digest ${tree.digest} instead of ${expected}`);
    const manifest: ImageManifest = {
      ...description,
      digest: tree.digest,
      sizeBytes: tree.sizeBytes,
      entries: tree.text.split("\n").length - 2,
      created: new Date().toISOString(),
    };
    const placed = await placeImage(places, done, tree, manifest, image.lock);
    progress({ phase: "done", done: 1, total: 1, message: `the image is ${tree.digest}` });
    return placed;
  } catch (error) {
    throw explained(error, places, signal);
  }
};

const isDamaged = (error: unknown): boolean => error instanceof ImageError && error.code === "damaged";

/** Makes `<work>/image/root`; layers up to `upon` are taken from the image that they complete. */
const unpack = async (
  places: Layout,
  work: string,
  image: ForeignImage,
  upon: number,
  { progress = () => undefined, signal, limits }: UnpackOptions,
): ReturnType<typeof readTree> => {
  const root = join(work, "image", "root");
  await mkdir(join(work, "image"), { recursive: true });
  using spool = new Spool(join(work, "spool"));
  const budget = new Budget({ ...unpackLimits, ...limits });
  const model = new TreeModel(budget);
  const base = image.layers[upon]?.tree ?? null;
  if (base !== null) await beginWithImage(model, places, base);
  const total = image.layers.slice(upon + 1).reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const [index, layer] of image.layers.entries()) {
    if (index <= upon) continue;
    signal?.throwIfAborted();
    const message = `layer ${index + 1} of ${image.layers.length}`;
    await applyLayer(
      { model, spool, budget },
      index,
      { diffId: layer.diffId, stream: layer.open() },
      {
        signal,
        progress: (bytes) =>
          progress({ phase: "download", done: before + bytes, total: total === 0 ? null : total, message }),
      },
    );
    before += layer.size;
  }
  progress({ phase: "extract", done: 0, total: null, message: "writing the files" });
  fitForBox(model);
  await materialize(model.root, root, signal);
  return readTree(root, {
    owner: imageOwner(places.directory, root),
    signal,
    progress: (done) => progress({ phase: "digest", done, total: null, message: "computing the digest" }),
  });
};

const explained = (error: unknown, places: Layout, signal: AbortSignal | undefined): unknown => {
  if (signal?.aborted === true)
    return new ImageError("cancelled", "The installation of the image was cancelled.", { cause: error });
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ImageError("disk_full", `There is no space left for the image below ${places.building}.`, {
      cause: error,
    });
  if (code === "EACCES" || code === "EPERM")
    return new ImageError(
      "build_failed",
      `The images directory can't be written (${error instanceof Error ? error.message : ""}); do this as its owner.`,
      { cause: error },
    );
  return error;
};
