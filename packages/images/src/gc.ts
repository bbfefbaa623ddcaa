import { lstatSync, readdirSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Digest } from "@assay/contracts";
import { archiveName, lockedArchives } from "./archives.ts";
import { acquireWholeStore } from "./build-lock.ts";
import { parseLock } from "./image-lock.ts";
import { isName } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { readManifest } from "./manifest.ts";
import { pruneLayers } from "./oci/store/prune.ts";
import { removeBuildDirectory } from "./remove-build-directory.ts";

export interface GcOptions {
  /** Images that stay though no name means them: jobs or results name them. */
  readonly keep: ReadonlySet<string>;
  /** Archives that no build has used for so long go; the next build that needs one fetches it again. */
  readonly maxAgeDays: number;
}

export interface GcReport {
  readonly images: readonly {
    readonly digest: string;
    readonly name: string | null;
    readonly bytes: number;
  }[];
  readonly archives: { readonly count: number; readonly bytes: number };
  /** What killed builds left, and package lists that are out of date. */
  readonly leftovers: { readonly count: number; readonly bytes: number };
  /** Of layers that were stored to travel, and belong to no image any more. */
  readonly layerBytes: number;
}

const dayMs = 86_400_000;

/**
 * Removes what nobody needs any more: images that neither a name means nor `keep` holds nor one of
 * those lies upon, archives that no lock names or nobody has used, what killed builds left.
 *
 * @throws ImageError `locked` while an image is being built or fetched
 */
export const collectGarbage = async (places: Layout, options: GcOptions): Promise<GcReport> => {
  await using _ = await acquireWholeStore(places.storeLock);
  const kept = await imagesToKeep(places, options.keep);
  const images: GcReport["images"][number][] = [];
  for (const digest of await listed(places.directory)) {
    if (!Digest.safeParse(digest).success || kept.has(digest)) continue;
    const name = (await readManifest(places.manifest(digest)))?.name ?? null;
    const bytes = ownBytes(places.image(digest));
    await removeImage(places, digest);
    images.push({ digest, name, bytes });
  }
  return {
    images,
    archives: await removeArchives(places, kept, options.maxAgeDays),
    leftovers: await removeLeftovers(places),
    layerBytes: await pruneLayers(places.directory),
  };
};

/** Half-removed, it must not pass for an image. */
export const removeImage = async (places: Layout, digest: string): Promise<void> => {
  const gone = join(places.building, `${digest}.removed`);
  await mkdir(places.building, { recursive: true });
  await rm(gone, { recursive: true, force: true });
  await rename(places.image(digest), gone);
  await rm(gone, { recursive: true, force: true });
};

const listed = (path: string): Promise<string[]> => readdir(path).catch(() => []);

const imagesToKeep = async (places: Layout, keep: ReadonlySet<string>): Promise<Set<string>> => {
  const kept = new Set(keep);
  for (const name of (await listed(places.names)).filter(isName))
    kept.add((await readFile(places.name(name), "utf8")).trim());
  // The set grows while it is walked: what lies below one that stays, stays.
  for (const digest of kept) {
    if (!Digest.safeParse(digest).success) continue;
    const below = (await readManifest(places.manifest(digest)))?.from;
    if (below) kept.add(below.digest);
  }
  return kept;
};

const removeArchives = async (
  places: Layout,
  kept: ReadonlySet<string>,
  maxAgeDays: number,
): Promise<GcReport["archives"]> => {
  const locks = [
    ...(await listed(places.locks)).map((name) => join(places.locks, name)),
    ...kept.values().map((digest) => join(places.directory, digest, "lock.json")),
  ];
  const named = new Set<string>();
  for (const path of locks) {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue;
    try {
      for (const archive of lockedArchives(parseLock(text, path), [])) named.add(archiveName(archive));
    } catch {
      // Not a lock: it holds nothing.
    }
  }
  const oldest = Date.now() - maxAgeDays * dayMs;
  let count = 0;
  let bytes = 0;
  for (const name of await listed(places.archives)) {
    const path = join(places.archives, name);
    const { mtimeMs, size } = await stat(path);
    if (named.has(name) && mtimeMs >= oldest) continue;
    await rm(path, { recursive: true });
    count += 1;
    bytes += size;
  }
  return { count, bytes };
};

const removeLeftovers = async (places: Layout): Promise<GcReport["leftovers"]> => {
  const stale = Date.now() - dayMs;
  const paths: string[] = [];
  for (const name of await listed(places.building))
    if (!name.endsWith(".lock")) paths.push(join(places.building, name));
  for (const name of await listed(places.indexes)) {
    const path = join(places.indexes, name);
    if (!name.endsWith(".lock") && (await stat(path)).mtimeMs < stale) paths.push(path);
  }
  for (const directory of [places.names, places.locks])
    for (const name of await listed(directory)) if (name.endsWith(".new")) paths.push(join(directory, name));
  let bytes = 0;
  for (const path of paths) {
    bytes += ownBytes(path);
    await removeBuildDirectory(path);
  }
  return { count: paths.length, bytes };
};

/** What removing a tree frees: files that it shares with others stay. */
const ownBytes = (path: string): number => {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.nlink > 1 ? 0 : status.size;
  return readdirSync(path).reduce((sum, name) => sum + ownBytes(join(path, name)), 0);
};
