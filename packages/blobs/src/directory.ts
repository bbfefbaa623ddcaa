import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { Digest } from "@assay/contracts";
import { BlobError } from "./store.ts";
import type { BlobInfo, BlobStore, DeleteOptions, PutOptions, ReadOptions } from "./store.ts";

/*
 * <directory>/ab/cd/abcd…   one file per blob, 0600; two levels keep directories small
 * <directory>/incoming/     files that are not complete yet
 *
 * A blob appears under its name by rename, after its bytes are on the disk, so a name never stands
 * for half a blob, whatever dies when.
 */

export interface DirectoryStoreOptions {
  readonly directory: string;
  /** Largest blob that `put` takes, bytes; 1 GiB. */
  readonly maxBytes?: number;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

const isPresentAlready = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EEXIST";

const syncDirectory = async (path: string): Promise<void> => {
  await using handle = await open(path, "r");
  await handle.sync();
};

const isPresent = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

class DirectoryStore implements BlobStore {
  readonly #directory: string;
  readonly #maxBytes: number;

  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  /** Nothing but a digest ever becomes a path. */
  #path(digest: string): string {
    if (!Digest.safeParse(digest).success)
      throw new BlobError("bad_digest", "A blob's name is a SHA-256 in lower-case hexadecimal.");
    return join(this.#directory, digest.slice(0, 2), digest.slice(2, 4), digest);
  }

  async put(
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    { digest, maxBytes = this.#maxBytes }: PutOptions = {},
  ): Promise<BlobInfo> {
    const incoming = this.#incoming();
    try {
      const most = Math.min(maxBytes, this.#maxBytes);
      const info = await this.#write(incoming, bytes instanceof Uint8Array ? [bytes] : bytes, most);
      if (digest !== undefined && info.digest !== digest)
        throw new BlobError("other_digest", `The bytes have the digest ${info.digest}, not ${digest}.`);
      const path = this.#path(info.digest);
      // The bytes that are there may be damaged; the new ones are not, so they always take the place.
      await this.#publish(incoming, path);
      return info;
    } finally {
      await rm(incoming, { force: true });
    }
  }

  async get(digest: string): Promise<Readable> {
    const handle = await this.#open(digest);
    return handle.createReadStream();
  }

  async read(digest: string, { maxBytes, verify = true }: ReadOptions): Promise<Uint8Array> {
    await using handle = await this.#open(digest);
    const { size } = await handle.stat();
    if (size > maxBytes)
      throw new BlobError("too_large", `Blob ${digest} has ${size} bytes, ${maxBytes} are allowed.`);
    const bytes = await handle.readFile();
    if (verify && createHash("sha256").update(bytes).digest("hex") !== digest)
      throw new BlobError(
        "damaged",
        `Blob ${digest} is damaged: restore it from a backup, or upload it again.`,
      );
    return bytes;
  }

  async has(digest: string): Promise<boolean> {
    return isPresent(this.#path(digest));
  }

  async delete(digest: string, { unlessPutSince }: DeleteOptions = {}): Promise<boolean> {
    const path = this.#path(digest);
    if (unlessPutSince === undefined) {
      await rm(path, { force: true });
      return true;
    }
    // Out of its place first: what is looked at is then what goes, whoever puts the same meanwhile.
    const aside = this.#incoming();
    try {
      await rename(path, aside);
      if ((await stat(aside)).mtime <= unlessPutSince) return true;
      await link(aside, path).catch((error: unknown) => {
        if (!isPresentAlready(error)) throw error;
      });
      return false;
    } catch (error) {
      if (isMissing(error)) return true;
      throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }

  #incoming(): string {
    return join(this.#directory, "incoming", randomUUID());
  }

  async #open(digest: string): Promise<FileHandle> {
    const path = this.#path(digest);
    try {
      // What is no plain file was not put there by us.
      return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if (isMissing(error)) throw new BlobError("not_found", `There is no blob ${digest}.`);
      throw error;
    }
  }

  async #write(
    path: string,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<BlobInfo> {
    await using file = await open(path, "wx", 0o600);
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new BlobError("too_large", `A blob can have at most ${maxBytes} bytes.`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { digest: hash.digest("hex"), size };
  }

  async #publish(incoming: string, path: string): Promise<void> {
    const parent = dirname(path);
    const created = await mkdir(parent, { recursive: true, mode: 0o700 });
    await rename(incoming, path);
    await syncDirectory(parent);
    if (created === undefined) return;
    // New directories are names too.
    await syncDirectory(dirname(parent));
    await syncDirectory(this.#directory);
  }
}

/** Opens a directory of blobs, made where there is none, and removes what an earlier process left half-way. */
export const openDirectoryStore = async ({
  directory,
  maxBytes = 1024 ** 3,
}: DirectoryStoreOptions): Promise<BlobStore> => {
  const incoming = join(directory, "incoming");
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeStale(incoming);
  return new DirectoryStore(directory, maxBytes);
};

const staleAfterMs = 24 * 60 * 60 * 1000;

/** Another server may be writing here now, so only what is old goes. */
const removeStale = async (incoming: string): Promise<void> => {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    try {
      await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      const { mtimeMs } = await file.stat();
      if (Date.now() - mtimeMs > staleAfterMs) await rm(path, { force: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
};
