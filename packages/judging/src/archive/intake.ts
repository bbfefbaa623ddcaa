import { Readable } from "node:stream";
import { AssayError } from "@assay/contracts";
import type { PackageManifest } from "@assay/contracts";
import { isHiddenPath } from "../package/files.ts";
import { compareNames, isValidName } from "../package/names.ts";
import type { ArchiveEntry } from "./entry.ts";
import { defaultArchiveLimits } from "./limits.ts";
import type { ArchiveLimits } from "./limits.ts";
import { manifestDigest } from "./manifest.ts";
import { readArchive } from "./read.ts";
import { spool } from "./spool.ts";

/** Stores one file; answers its SHA-256 and size. */
export type PutBlob = (content: Readable) => Promise<{ readonly digest: string; readonly size: number }>;

export interface TakenPackage {
  /** Sorted by path; one directory around everything is taken away. */
  readonly manifest: PackageManifest;
  /** See manifestDigest. */
  readonly digest: string;
  /** Name of the directory around everything, else of the uploaded file; null when neither fits. */
  readonly shortName: string | null;
}

/**
 * Takes an uploaded zip or tar.gz apart into blobs and a manifest. It looks at names, kinds and
 * sizes only; whether it is a problem package is for parsePackage to say.
 *
 * Throws AssayError `package_unreadable`, `package_unsafe` or `package_too_large`. Blobs that were
 * stored before are left to whoever collects blobs that nothing names.
 */
export const intakePackage = async (
  upload: AsyncIterable<Uint8Array>,
  putBlob: PutBlob,
  options: { readonly limits?: ArchiveLimits; readonly fileName?: string | null } = {},
): Promise<TakenPackage> => {
  const limits = options.limits ?? defaultArchiveLimits;
  await using archive = await spool(upload, limits.archiveBytes);
  const stored: { path: string; sha256: string; size: number }[] = [];
  for await (const entry of readArchive(archive.path, { limits })) {
    // What the format ignores, and what macOS adds on its own, is no part of the package.
    if (entry.directory || entry.path.startsWith("__MACOSX/")) continue;
    if (isHiddenPath(entry.path.replace(/^[^./-][^/]*\/(?=\.timelimit$)/u, ""))) continue;
    const { digest, size } = await putEntry(entry, putBlob);
    stored.push({ path: entry.path, sha256: digest, size });
  }
  if (stored.length === 0) throw new AssayError("package_invalid", "the archive holds no files");

  const around = directoryAroundAll(stored.map((file) => file.path));
  const manifest: PackageManifest = {
    files: stored
      .map((file) => (around === null ? file : { ...file, path: file.path.slice(around.length + 1) }))
      .filter((file) => !isHiddenPath(file.path))
      .sort((one, other) => compareNames(one.path, other.path)),
  };
  return {
    manifest,
    digest: manifestDigest(manifest),
    shortName: around ?? baseName(options.fileName ?? null),
  };
};

/** A store may wrap what its source throws; what is wrong with the archive must come out as it is. */
const putEntry = async (entry: ArchiveEntry, putBlob: PutBlob): ReturnType<PutBlob> => {
  let failure: AssayError | null = null;
  const content = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* entry.content();
    } catch (error) {
      if (error instanceof AssayError) failure = error;
      throw error;
    }
  };
  try {
    return await putBlob(Readable.from(content(), { objectMode: false }));
  } catch (error) {
    throw failure ?? error;
  }
};

const directoryAroundAll = (paths: readonly string[]): string | null => {
  const top = paths[0]?.split("/")[0] ?? "";
  return paths.every((path) => path.startsWith(`${top}/`)) ? top : null;
};

const baseName = (fileName: string | null): string | null => {
  const name = fileName?.replace(/\.(?:zip|kpp|tgz|tar\.gz)$/iu, "") ?? "";
  return isValidName(name) ? name : null;
};
