import { lstat, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../build-lock.ts";
import { ImageError, systemCode } from "../../errors.ts";
import { layout } from "../../layout.ts";
import { hexOf } from "../digest.ts";
import { OciManifest, parseDocument } from "../documents.ts";
import { treeOf } from "../label.ts";
import { blobPath, blobsOf } from "./blob-writer.ts";
import { readIndex, writeIndex } from "./layout-index.ts";
import { layoutOf } from "./publish.ts";

const indexWaitSeconds = 60;
/** What is being published is not in the index yet. */
const youngMs = 24 * 3600 * 1000;

/**
 * Removes from the store's OCI layout what belongs to no image that is here any more.
 *
 * @returns the bytes that were freed
 */
export const pruneLayers = async (
  directory: string,
  options: { readonly youngMs?: number } = {},
): Promise<number> => {
  const places = layout(directory);
  const target = layoutOf(places);
  await using _ = await acquireLock(join(places.building, ".oci.lock"), "oci", indexWaitSeconds);
  const index = await readIndex(target);
  if (index === null) return 0;
  const here = new Set(await readdir(directory));
  const kept: typeof index.manifests = [];
  const used = new Set<string>();
  for (const entry of index.manifests) {
    const blobs = here.has(treeOf(entry.annotations) ?? "") ? await blobsOfImage(target, entry.digest) : null;
    if (blobs === null) continue;
    kept.push(entry);
    for (const hex of blobs) used.add(hex);
  }
  if (kept.length < index.manifests.length) await writeIndex(target, kept);

  const before = Date.now() - (options.youngMs ?? youngMs);
  let freed = 0;
  for (const name of await readdir(blobsOf(target))) {
    const path = blobPath(target, name);
    const status = await lstat(path);
    if (used.has(name) || status.mtimeMs > before) continue;
    await rm(path);
    freed += status.size;
  }
  return freed;
};

/** What an image consists of in the layout; null when its manifest is damaged, so that it is written anew. */
const blobsOfImage = async (target: string, digest: string): Promise<string[] | null> => {
  try {
    const hex = hexOf(digest, "a manifest");
    const manifest = parseDocument(OciManifest, await readFile(blobPath(target, hex)), "a manifest");
    return [hex, ...[manifest.config, ...manifest.layers].map((blob) => hexOf(blob.digest, "a blob"))];
  } catch (error) {
    if (error instanceof ImageError || systemCode(error) === "ENOENT") return null;
    throw error;
  }
};
