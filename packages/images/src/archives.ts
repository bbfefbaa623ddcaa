import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Downloader, NotThere } from "./download.ts";
import type { Proxies } from "./download.ts";
import { ImageError, systemCode } from "./errors.ts";
import type { ImageLock, LockedNpmPackage, LockedPackage } from "./image-lock.ts";

/** One file that a build needs, by what its bytes must be. */
export interface Archive {
  /** For people. */
  readonly title: string;
  readonly algorithm: "sha256" | "sha512";
  /** Lower-case hex. */
  readonly hash: string;
  /** Null when only the server knows. */
  readonly size: number | null;
  /** In the order in which they are tried. */
  readonly urls: readonly string[];
}

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly proxies: Proxies;
  readonly progress: (done: number, total: number, message: string) => void;
}

const atOnce = 6;
const attempts = 3;
/** For archives whose size is not known beforehand. */
const mostBytes = 1024 ** 3;

export const archiveName = ({ algorithm, hash }: Pick<Archive, "algorithm" | "hash">): string =>
  `${algorithm}-${hash}`;

export const debianArchive = (locked: LockedPackage, mirrors: readonly string[]): Archive => ({
  title: `${locked.name} ${locked.version}`,
  algorithm: "sha256",
  hash: locked.sha256,
  size: locked.size,
  urls: mirrors.map((mirror) => `${mirror.replace(/\/+$/, "")}/${locked.path}`),
});

export const npmArchive = (locked: LockedNpmPackage): Archive => ({
  title: `${locked.name}@${locked.version}`,
  algorithm: "sha512",
  hash: Buffer.from(locked.integrity.slice("sha512-".length), "base64").toString("hex"),
  size: null,
  urls: [locked.tarball],
});

/** Everything that a lock names. */
export const lockedArchives = (lock: ImageLock, mirrors: readonly string[]): Archive[] => [
  ...lock.packages.map((one) => debianArchive(one, mirrors)),
  ...lock.npm.map(npmArchive),
];

/**
 * Brings archives into the directory, several at once. What is there already is read again and kept if
 * its bytes are right; a file gets its name only when it is whole, so that a killed build loses at most
 * what it was about to read.
 *
 * @throws ImageError `not_available` when no server has an archive any more, `unreachable`; the signal's reason
 */
export const fetchArchives = async (
  directory: string,
  wanted: readonly Archive[],
  options: FetchOptions,
): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  using downloader = new Downloader(options.proxies);
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  let total = wanted.reduce((sum, { size }) => sum + (size ?? 0), 0);
  let done = 0;
  const queue = [...new Map(wanted.map((archive) => [archiveName(archive), archive])).values()];
  const advance = (archive: Archive, bytes: number): void => {
    done += bytes;
    if (archive.size === null) total += bytes;
    options.progress(done, total, `downloading ${archive.title}`);
  };
  options.progress(0, total, "downloading packages");

  const work = async (): Promise<void> => {
    for (let archive = queue.shift(); archive !== undefined; archive = queue.shift()) {
      const kept = await keptBytes(directory, archive, signal);
      if (kept !== null) advance(archive, kept);
      else await fetchOne(downloader, directory, archive, signal, (bytes) => advance(archive, bytes));
    }
  };
  const workers = Array.from({ length: atOnce }, () =>
    work().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  // All of them, before any error goes on: one that still writes would write where others clean up.
  const ends = await Promise.allSettled(workers);
  options.signal?.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};

/** The size of an archive that is there and right; null when it has to be fetched. */
const keptBytes = async (
  directory: string,
  archive: Archive,
  signal: AbortSignal,
): Promise<number | null> => {
  const path = join(directory, archiveName(archive));
  const status = await stat(path).catch(() => null);
  if (status === null) return null;
  const sum = createHash(archive.algorithm);
  await pipeline(createReadStream(path), sum, { signal });
  if (sum.digest("hex") === archive.hash) {
    // Says when it was used last, for whoever tidies up.
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return status.size;
  }
  await rm(path, { force: true });
  return null;
};

const fetchOne = async (
  downloader: Downloader,
  directory: string,
  archive: Archive,
  signal: AbortSignal,
  advance: (bytes: number) => void,
): Promise<void> => {
  let last: unknown = null;
  let absent = 0;
  for (const url of archive.urls) {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      let got = 0;
      try {
        await fetchFrom(downloader, url, directory, archive, signal, (bytes) => {
          got += bytes;
          advance(bytes);
        });
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(systemCode(error) ?? "")) throw error;
        advance(-got);
        last = error;
        if (error instanceof NotThere) {
          absent += 1;
          break;
        }
      }
    }
  }
  if (absent === archive.urls.length)
    throw new ImageError(
      "not_available",
      `No server has ${archive.title} any more (${last instanceof Error ? last.message : "no address"}). Resolve again with --update, or name a mirror that keeps old versions with --mirror.`,
    );
  throw last instanceof ImageError
    ? last
    : new ImageError("unreachable", `${archive.title} can't be fetched: ${String(last)}`, { cause: last });
};

const fetchFrom = async (
  downloader: Downloader,
  url: string,
  directory: string,
  archive: Archive,
  signal: AbortSignal,
  advance: (bytes: number) => void,
): Promise<void> => {
  const { body } = await downloader.open(url, signal);
  const path = join(directory, archiveName(archive));
  const part = `${path}.${randomBytes(6).toString("hex")}.part`;
  const most = archive.size ?? mostBytes;
  const sum = createHash(archive.algorithm);
  let size = 0;
  const file = await open(part, "wx", 0o644);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      size += chunk.length;
      if (size > most)
        throw new ImageError("unreachable", `${url} sends more than the ${most} bytes of ${archive.title}`);
      sum.update(chunk);
      await file.writeFile(chunk);
      advance(chunk.length);
    }
    if (sum.digest("hex") !== archive.hash)
      throw new ImageError(
        "unreachable",
        `${url} does not send what the lock names: ${size} bytes with another ${archive.algorithm} hash`,
      );
    await file.chmod(0o644);
    await rename(part, path);
  } finally {
    body.destroy();
    await file.close();
    await rm(part, { force: true });
  }
};
