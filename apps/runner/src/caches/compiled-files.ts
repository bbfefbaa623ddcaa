import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledStore, KeptCompilation } from "@assay/judging";
import { parseKept, serializeKept } from "./kept-compilation.ts";

const namePattern = /^[0-9a-f]{64}$/;
const MiB = 1024 * 1024;
const blockBytes = 4096;
/** So that a look at the directory stays short, however small the files are. */
const maxFiles = 16_384;

export interface CompiledFilesOptions {
  /** Holds nothing else: what is no compilation is removed. Other stores may use it at the same time. */
  readonly directory: string;
  /** Of all files together, as they take up blocks; 0 keeps nothing. */
  readonly maxBytes: number;
}

/**
 * Compilations in a directory, one file each, named by the key; at most so many bytes of them, least
 * recently used out first. One that is not as it was written, or not of this key, is removed and never run.
 * A store that can't write (a full disk) leaves out.
 *
 * Every write looks at the directory before, to make room, and after, because another store may have
 * written meanwhile: several of one size keep to it together, but for what they are just writing.
 */
export class CompiledFiles implements CompiledStore, AsyncDisposable {
  readonly maxEntryBytes: number;
  readonly #directory: string;
  readonly #maxBytes: number;
  /** Sizes by key, least recently used first. */
  readonly #files = new Map<string, number>();
  readonly #writes = new Set<Promise<void>>();
  /** One write after the other. */
  #turn: Promise<void> = Promise.resolve();

  private constructor({ directory, maxBytes }: CompiledFilesOptions) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    this.maxEntryBytes = Math.min(64 * MiB, Math.floor(maxBytes / 2));
  }

  /** Takes over what an earlier process left in the directory. */
  static async open(options: CompiledFilesOptions): Promise<CompiledFiles> {
    const store = new CompiledFiles(options);
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(options.directory, { withFileTypes: true }))
      if (!entry.isFile() || !namePattern.test(entry.name))
        await rm(join(options.directory, entry.name), { recursive: true, force: true });
    await store.#makeRoom(0);
    return store;
  }

  async read(key: string): Promise<KeptCompilation | null> {
    if (!namePattern.test(key)) return null;
    const path = join(this.#directory, key);
    const file = await readFile(path).catch(() => null);
    if (file === null) return null;
    const kept = parseKept(key, file);
    if (kept === null) {
      await this.#remove(key);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    this.#note(key, file.byteLength);
    return kept;
  }

  write(key: string, kept: Promise<KeptCompilation | null>): void {
    // A cache has no failures: what does not get here, for whatever reason, is compiled again.
    const writing = this.#write(key, kept)
      .catch(() => {})
      .finally(() => this.#writes.delete(writing));
    this.#writes.add(writing);
  }

  /** When everything that was given so far is written, or left out. */
  async written(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.written();
  }

  async #write(key: string, making: Promise<KeptCompilation | null>): Promise<void> {
    const kept = await making;
    if (kept === null || !namePattern.test(key)) return;
    const content = serializeKept(key, kept);
    if (content.byteLength > this.maxEntryBytes) return;
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      await this.#place(key, content);
    } finally {
      resolve();
    }
  }

  async #place(key: string, content: Uint8Array): Promise<void> {
    await this.#makeRoom(content.byteLength);
    const temporary = join(this.#directory, `.${randomUUID()}`);
    try {
      await writeFile(temporary, content, { mode: 0o600, flag: "wx" });
      await rename(temporary, join(this.#directory, key));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.#note(key, content.byteLength);
    await this.#makeRoom(0);
  }

  /** Removes what was used longest ago, until one more file of so many bytes would fit. */
  async #makeRoom(bytes: number): Promise<void> {
    await this.#look();
    let count = this.#files.size + (bytes > 0 ? 1 : 0);
    let sum = this.#files.values().reduce((all, size) => all + onDisk(size), onDisk(bytes));
    for (const [key, size] of this.#files) {
      if (count <= maxFiles && sum <= this.#maxBytes) return;
      await this.#remove(key);
      count -= 1;
      sum -= onDisk(size);
    }
  }

  /** Learns what others have put here or removed; what is new counts as used when it was written. */
  async #look(): Promise<void> {
    const names = new Set((await readdir(this.#directory)).filter((name) => namePattern.test(name)));
    for (const key of this.#files.keys()) if (!names.has(key)) this.#files.delete(key);
    const found = await Promise.all(
      [...names].map(async (name) => {
        if (this.#files.has(name)) return [];
        const status = await stat(join(this.#directory, name)).catch(() => null);
        return status === null ? [] : [{ name, size: status.size, used: status.mtimeMs }];
      }),
    );
    for (const { name, size } of found.flat().toSorted((a, b) => a.used - b.used)) this.#note(name, size);
  }

  #note(key: string, size: number): void {
    this.#files.delete(key);
    this.#files.set(key, size);
  }

  async #remove(key: string): Promise<void> {
    this.#files.delete(key);
    await rm(join(this.#directory, key), { force: true }).catch(() => {});
  }
}

const onDisk = (bytes: number): number => Math.ceil(bytes / blockBytes) * blockBytes;
