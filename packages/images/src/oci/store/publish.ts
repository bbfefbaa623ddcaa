import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../build-lock.ts";
import { ImageError, systemCode } from "../../errors.ts";
import { layerDifference } from "../../layers.ts";
import { layout } from "../../layout.ts";
import type { Layout } from "../../layout.ts";
import { ImageManifest } from "../../manifest.ts";
import { treeDigest } from "../../tree.ts";
import { hexOf } from "../digest.ts";
import { ImageConfig, OciManifest, parseDocument } from "../documents.ts";
import { begin } from "../../working-directory.ts";
import type { UnpackOptions } from "../install.ts";
import { labels, treeOf } from "../label.ts";
import { plainFile } from "../sources/files.ts";
import { verified } from "../streams/verified.ts";
import { layerTar } from "../tar/layer-tar.ts";
import { blobPath, hasBlob, writeBlob, writeDocument } from "./blob-writer.ts";
import type { Blob } from "./blob-writer.ts";
import { configOf, descriptorOf, manifestOf } from "./documents-of.ts";
import type { StoredLayer } from "./documents-of.ts";
import { readIndex, writeIndex } from "./layout-index.ts";

/** The store as an OCI image layout, below the images directory. */
export const layoutOf = ({ directory }: Layout): string => join(directory, "oci");

/** An image in the store's OCI layout. */
export interface PublishedImage {
  readonly image: ImageManifest;
  readonly manifest: Blob;
  readonly manifestBytes: Buffer;
  readonly config: Blob;
  readonly layers: readonly StoredLayer[];
}

/** Images lie upon one another a few deep. */
const maxDepth = 16;
const indexWaitSeconds = 60;

/**
 * Puts the image that a name means into the store's OCI layout, as layers compressed with zstd, unless it
 * is there. The layers of the image that it lies upon are shared.
 *
 * @throws ImageError `missing`, `damaged`, `locked`, `disk_full`, `cancelled`
 */
export const publishLayers = async (
  directory: string,
  name: string,
  options: UnpackOptions = {},
): Promise<PublishedImage> => {
  const places = layout(directory);
  const digest = (await readFile(places.name(name), "utf8").catch(() => null))?.trim();
  if (digest === undefined)
    throw new ImageError("missing", `The image "${name}" is not here; assay images lists those that are.`);
  try {
    return await publish(places, digest, name, options, maxDepth);
  } catch (error) {
    if (options.signal?.aborted === true)
      throw new ImageError("cancelled", `The image "${name}" was not compressed: cancelled.`, {
        cause: error,
      });
    if (systemCode(error) === "ENOSPC" || systemCode(error) === "EDQUOT")
      throw new ImageError(
        "disk_full",
        `There is no space left for the layers of "${name}" in ${directory}.`,
        {
          cause: error,
        },
      );
    throw error;
  }
};

/** The path of a blob of the store's OCI layout. */
export const publishedBlob = (directory: string, hex: string): string =>
  blobPath(layoutOf(layout(directory)), hex);

/** The bytes of a layer of the store as they lie there, verified on the way. */
export const storedLayer = (directory: string, { blob, name }: StoredLayer): AsyncIterable<Uint8Array> => {
  const expected = { sha256: blob.hex, size: blob.size };
  return verified(plainFile(publishedBlob(directory, blob.hex)), expected, `The layer of ${name}`);
};

const publish = async (
  places: Layout,
  digest: string,
  name: string | null,
  options: UnpackOptions,
  depth: number,
): Promise<PublishedImage> => {
  const target = layoutOf(places);
  const known = await published(places, digest);
  if (known !== null) {
    await enter(places, known, name);
    return known;
  }
  const image = await imageManifest(places, digest);
  const text = await treeText(places, digest);
  const below = await layersBelow(places, image, options, depth);
  await using work = await begin(places, `.layers-${digest}`, image.name);
  options.progress?.({ phase: "layers", done: 0, total: null, message: "compressing the layer" });
  const difference = layerDifference(below?.text ?? null, text);
  const tar = layerTar(difference, places.root(digest));
  const temporary = join(work.path, "blob");
  const { blob, plainHex } = await writeBlob(target, temporary, tar, "zstd", options.signal);
  const layers = [...(below?.layers ?? []), { blob, diffId: plainHex, tree: digest, name: image.name }];
  const lock = await readFile(places.imageLock(digest), "utf8").catch(() => null);
  const config = await writeDocument(target, temporary, configOf(image, lock, layers));
  const manifestBytes = manifestOf(image, config, layers, "zstd");
  const manifest = await writeDocument(target, temporary, manifestBytes);
  const done = { image, manifest, manifestBytes, config, layers };
  await enter(places, done, name);
  return done;
};

/** The layers of the image that this one lies upon, if that is here. */
const layersBelow = async (
  places: Layout,
  image: ImageManifest,
  options: UnpackOptions,
  depth: number,
): Promise<{ readonly text: string; readonly layers: readonly StoredLayer[] } | null> => {
  if (image.from === null || depth === 0) return null;
  const { digest } = image.from;
  try {
    const { layers } = await publish(places, digest, null, options, depth - 1);
    return { layers, text: await treeText(places, digest) };
  } catch (error) {
    // Gone or damaged: this one is whole in itself.
    if (error instanceof ImageError && (error.code === "missing" || error.code === "damaged")) return null;
    throw error;
  }
};

const imageManifest = async (places: Layout, digest: string): Promise<ImageManifest> => {
  const text = await readFile(places.manifest(digest), "utf8").catch(() => null);
  if (text === null) throw new ImageError("missing", `The image ${digest} is not here.`);
  try {
    return ImageManifest.parse(JSON.parse(text));
  } catch (error) {
    throw new ImageError("damaged", `The image.json of ${digest} is damaged; build the image again.`, {
      cause: error,
    });
  }
};

const treeText = async (places: Layout, digest: string): Promise<string> => {
  const text = await readFile(places.tree(digest), "utf8").catch(() => "");
  if (treeDigest(text) === digest) return text;
  throw new ImageError("damaged", `The list of files of ${digest} is damaged; build the image again.`);
};

/** An image that is in the layout with all of its blobs, or null. */
const published = async (places: Layout, digest: string): Promise<PublishedImage | null> => {
  const target = layoutOf(places);
  try {
    const index = await readIndex(target);
    const entry = index?.manifests.find(({ annotations }) => treeOf(annotations) === digest);
    if (entry === undefined) return null;
    const manifest = { hex: hexOf(entry.digest, "a manifest"), size: entry.size };
    const manifestBytes = await readFile(blobPath(target, manifest.hex));
    const { config, layers } = parseDocument(OciManifest, manifestBytes, "a manifest");
    const configBlob = { hex: hexOf(config.digest, "a configuration"), size: config.size };
    const configBytes = await readFile(blobPath(target, configBlob.hex));
    const { rootfs, history } = parseDocument(ImageConfig, configBytes, "a configuration");
    const stored = layers.map(({ digest: layer, size, annotations }, at) => ({
      blob: { hex: hexOf(layer, "a layer"), size },
      diffId: hexOf(rootfs.diff_ids[at] ?? "", "a layer"),
      tree: treeOf(annotations) ?? "",
      name: history?.[at]?.created_by?.replace(/^.*: /, "") ?? "",
    }));
    for (const { blob } of stored) if (!(await hasBlob(target, blob))) return null;
    const image = await imageManifest(places, digest);
    // What is said of an image may have become more since.
    const lock = await readFile(places.imageLock(digest), "utf8").catch(() => null);
    if (!configOf(image, lock, stored).equals(configBytes)) return null;
    return { image, manifest, manifestBytes, config: configBlob, layers: stored };
  } catch (error) {
    if (error instanceof ImageError || (error instanceof Error && "code" in error)) return null;
    throw error;
  }
};

/** Enters an image into the index, under a name that then is no other's. */
const enter = async (
  places: Layout,
  { image, manifest }: PublishedImage,
  name: string | null,
): Promise<void> => {
  const target = layoutOf(places);
  await using _ = await acquireLock(join(places.building, ".oci.lock"), "oci", indexWaitSeconds);
  const entries = (await readIndex(target).catch(() => null))?.manifests ?? [];
  const before = entries.find(({ annotations }) => treeOf(annotations) === image.digest);
  const entry = descriptorOf(image, manifest, name ?? before?.annotations?.[labels.reference] ?? null);
  const next = entries.map((other) => {
    if (other === before) return entry;
    return name !== null && other.annotations?.[labels.reference] === name ? unnamed(other) : other;
  });
  if (before === undefined) next.push(entry);
  if (JSON.stringify(next) !== JSON.stringify(entries)) await writeIndex(target, next);
};

const unnamed = <Entry extends { annotations?: Record<string, string> | null | undefined }>(
  entry: Entry,
): Entry => {
  const { [labels.reference]: _, ...annotations } = entry.annotations ?? {};
  return { ...entry, annotations };
};
