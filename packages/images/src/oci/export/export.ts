import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ImageError, systemCode } from "../../errors.ts";
import { layout } from "../../layout.ts";
import { ociDigest } from "../digest.ts";
import type { Compression } from "../documents.ts";
import { removeTree } from "../../remove-tree.ts";
import { begin } from "../../working-directory.ts";
import type { UnpackOptions } from "../install.ts";
import { labels } from "../label.ts";
import { parseReference } from "../reference.ts";
import { plainFile } from "../sources/files.ts";
import { hasBlob, writeBlob, writeDocument } from "../store/blob-writer.ts";
import { descriptorOf, manifestOf } from "../store/documents-of.ts";
import type { StoredLayer } from "../store/documents-of.ts";
import { readIndex, writeIndex } from "../store/layout-index.ts";
import { publishLayers, publishedBlob, storedLayer } from "../store/publish.ts";
import type { PublishedImage } from "../store/publish.ts";
import { decompressed } from "../streams/decompress.ts";
import { writeDockerArchive } from "./docker-archive.ts";

export interface ExportOptions extends UnpackOptions {
  /** Of the layers in an OCI layout. Default: gzip, which every tool reads. */
  readonly compression?: Compression;
}

/**
 * Writes an image as `oci:DIR[:TAG]`, also into a layout that is there, or as `docker-archive:FILE[:NAME]`.
 * It is there whole or not at all, and takes nothing's place.
 *
 * @throws ImageError `exists`, `missing`, `damaged`, `bad_archive`, `disk_full`
 */
export const exportImage = async (
  directory: string,
  name: string,
  text: string,
  options: ExportOptions = {},
): Promise<void> => {
  const reference = parseReference(text);
  const { transport, path } = reference;
  if (transport === "oci-archive")
    throw new ImageError(
      "bad_archive",
      "An image is exported to oci:DIR[:TAG] or docker-archive:FILE[:NAME].",
    );
  const isNew = transport === "docker-archive" || !(await isLayout(path));
  if (isNew && (await isThere(path))) throw exists(`${path} is there already`);
  await mkdir(dirname(path), { recursive: true });
  const image = await publishLayers(directory, name, options);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  try {
    if (transport === "docker-archive") {
      await using work = await begin(layout(directory), `.export-${image.image.digest}`, name);
      await writeDockerArchive(directory, image, {
        file: temporary,
        work: work.path,
        tag: reference.tag ?? `${name}:latest`,
        signal: options.signal,
      });
      // Unlike a rename, this never takes the place of a file.
      await link(temporary, path);
    } else if (isNew) {
      await mkdir(temporary, { mode: 0o755 });
      await addTo(temporary, directory, image, reference.tag ?? name, options);
      await rename(temporary, path);
    } else await addTo(path, directory, image, reference.tag ?? name, options);
  } catch (error) {
    if (options.signal?.aborted === true)
      throw new ImageError("cancelled", `The export of the image "${name}" was cancelled.`, { cause: error });
    if (["EEXIST", "ENOTEMPTY", "ENOTDIR"].includes(systemCode(error) ?? ""))
      throw exists(`${path} is there already`, error);
    if (systemCode(error) === "ENOSPC" || systemCode(error) === "EDQUOT")
      throw new ImageError("disk_full", `There is no space left for ${path}.`, { cause: error });
    throw error;
  } finally {
    await removeTree(temporary);
  }
};

const exists = (what: string, cause?: unknown): ImageError =>
  new ImageError("exists", `${what}; nothing was changed. Choose another place or tag.`, { cause });

const isLayout = async (path: string): Promise<boolean> =>
  (await lstat(join(path, "oci-layout")).catch(() => null))?.isFile() === true;

/** An empty directory is as good as none. */
const isThere = async (path: string): Promise<boolean> => {
  const status = await lstat(path).catch(() => null);
  if (status === null) return false;
  return !status.isDirectory() || (await readdir(path)).length > 0;
};

/** Blobs first, then the index in one step: whoever reads the layout meanwhile sees the old one or the new one. */
const addTo = async (
  target: string,
  directory: string,
  { image, config, layers }: PublishedImage,
  tag: string,
  { compression = "gzip", signal, progress }: ExportOptions,
): Promise<void> => {
  const entries = (await readIndex(target))?.manifests ?? [];
  const temporary = join(target, `.${randomBytes(6).toString("hex")}.part`);
  try {
    const written: StoredLayer[] = [];
    for (const [done, layer] of layers.entries()) {
      signal?.throwIfAborted();
      progress?.({ phase: "layers", done, total: layers.length, message: `writing ${layer.name}` });
      written.push(await copyLayer(target, temporary, directory, layer, compression, signal));
    }
    const configBytes = await bytesOf(publishedBlob(directory, config.hex));
    const manifest = manifestOf(
      image,
      await writeDocument(target, temporary, configBytes),
      written,
      compression,
    );
    const blob = await writeDocument(target, temporary, manifest);
    const taken = entries.find(({ annotations }) => annotations?.[labels.reference] === tag);
    if (taken?.digest === ociDigest(blob.hex)) return;
    if (taken !== undefined) throw exists(`${target} holds another image called ${JSON.stringify(tag)}`);
    await writeIndex(target, [...entries, descriptorOf(image, blob, tag)]);
  } finally {
    await rm(temporary, { force: true });
  }
};

const bytesOf = async (path: string): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(plainFile(path)));

const copyLayer = async (
  target: string,
  temporary: string,
  directory: string,
  layer: StoredLayer,
  compression: Compression,
  signal: AbortSignal | undefined,
): Promise<StoredLayer> => {
  const stored = storedLayer(directory, layer);
  if (compression === "zstd") {
    if (!(await hasBlob(target, layer.blob))) await writeBlob(target, temporary, stored, "none", signal);
    return layer;
  }
  const plain = decompressed(stored, `The layer of ${layer.name}`);
  const { blob } = await writeBlob(target, temporary, plain, compression, signal);
  return { ...layer, blob };
};
