import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@assay/contracts";
import { Lru } from "./lru.ts";

/** Fetches a blob from where it is kept for good. */
export type FetchBlob = (digest: Digest, signal: AbortSignal) => Promise<Uint8Array>;

/** A blob that can't be had or is not what its name says; the work that needs it belongs elsewhere. */
export class BlobUnreadable extends Error {
  override readonly name = "BlobUnreadable";
}

export interface BlobCacheOptions {
  /** Belongs to this cache alone. */
  readonly directory: string;
  readonly maxBytes: number;
  readonly memoryBytes: number;
}

export const sha256 = (content: Uint8Array): Digest => createHash("sha256").update(content).digest("hex");

/**
 * Blobs by content: in memory, else on disk, else fetched; at most so many bytes of each.
 *
 * Nothing is believed that was not hashed: a file on disk that does not have the content of its name
 * is removed and fetched again, and a fetched blob that has not is refused. A cache that can't write
 * (a full disk) still answers.
 */
export class BlobCache {
  readonly #directory: string;
  readonly #memory: Lru<Digest, Uint8Array>;
  readonly #disk: Lru<Digest, null>;
  /** Readers of the same blob share one look-up. */
  readonly #pending = new Map<Digest, Promise<Uint8Array>>();

  private constructor(options: BlobCacheOptions) {
    this.#directory = options.directory;
    this.#memory = new Lru(options.memoryBytes);
    this.#disk = new Lru(options.maxBytes, (digest) => void this.#remove(digest));
  }

  /** Takes over what an earlier process left in the directory, least recently used first. */
  static async open(options: BlobCacheOptions): Promise<BlobCache> {
    const cache = new BlobCache(options);
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const files: { name: string; size: number; used: number }[] = [];
    for (const name of await readdir(options.directory)) {
      const path = join(options.directory, name);
      if (!/^[0-9a-f]{64}$/.test(name)) {
        await rm(path, { recursive: true, force: true });
        continue;
      }
      const { size, mtimeMs } = await stat(path);
      files.push({ name, size, used: mtimeMs });
    }
    for (const { name, size } of files.toSorted((a, b) => a.used - b.used)) cache.#note(name, size);
    return cache;
  }

  /**
   * The content of a blob. Callers must not change it.
   *
   * @throws BlobUnreadable when what was fetched is not the blob; what `fetch` throws; the signal's reason
   */
  async read(digest: Digest, fetch: FetchBlob, signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const known = this.#memory.get(digest);
      if (known !== undefined) return known;
      const pending = this.#pending.get(digest);
      if (pending === undefined) return this.#lead(digest, fetch, signal);
      const content = await pending.catch(() => null);
      signal.throwIfAborted();
      // Whoever led may have failed for a reason of its own (its job was withdrawn): then lead.
      if (content !== null) return content;
    }
  }

  async #lead(digest: Digest, fetch: FetchBlob, signal: AbortSignal): Promise<Uint8Array> {
    const pending = this.#find(digest, fetch, signal);
    this.#pending.set(digest, pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(digest);
    }
  }

  async #find(digest: Digest, fetch: FetchBlob, signal: AbortSignal): Promise<Uint8Array> {
    const kept = await this.#readFile(digest);
    const content = kept ?? (await fetch(digest, signal));
    if (kept === null) {
      if (sha256(content) !== digest)
        throw new BlobUnreadable(`the server's blob ${digest} has another content`);
      await this.#writeFile(digest, content);
    }
    this.#memory.set(digest, content, content.byteLength);
    return content;
  }

  async #readFile(digest: Digest): Promise<Uint8Array | null> {
    if (this.#disk.get(digest) === undefined) return null;
    const path = join(this.#directory, digest);
    const content = await readFile(path).catch(() => null);
    if (content === null || sha256(content) !== digest) {
      this.#disk.delete(digest);
      await this.#remove(digest);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return content;
  }

  async #writeFile(digest: Digest, content: Uint8Array): Promise<void> {
    const temporary = join(this.#directory, `.${randomUUID()}`);
    try {
      await writeFile(temporary, content, { mode: 0o600, flag: "wx" });
      await rename(temporary, join(this.#directory, digest));
      this.#note(digest, content.byteLength);
    } catch {
      await rm(temporary, { force: true });
    }
  }

  #note(digest: Digest, size: number): void {
    if (!this.#disk.set(digest, null, size)) void this.#remove(digest);
  }

  async #remove(digest: Digest): Promise<void> {
    await rm(join(this.#directory, digest), { force: true }).catch(() => {});
  }
}
