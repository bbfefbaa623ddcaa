import { lstat, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "../../build-lock.ts";
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
  const kept = index.manifests.filter(({ annotations }) => here.has(treeOf(annotations) ?? ""));
  if (kept.length < index.manifests.length) await writeIndex(target, kept);

  const used = new Set<string>();
  for (const { digest } of kept) {
    const hex = hexOf(digest, "a manifest");
    used.add(hex);
    const manifest = parseDocument(OciManifest, await readFile(blobPath(target, hex)), "a manifest");
    for (const blob of [manifest.config, ...manifest.layers]) used.add(hexOf(blob.digest, "a blob"));
  }
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
