import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CompileReport } from "@assay/contracts";
import type { CompiledStore, KeptCompilation } from "@assay/judging";
import { z } from "zod";
import { Lru } from "./lru.ts";

const Header = z.strictObject({
  key: z.string(),
  report: CompileReport,
  outputs: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0) })),
});

const namePattern = /^[0-9a-f]{64}$/;
const digestLength = 64;
const MiB = 1024 * 1024;

export interface CompiledFilesOptions {
  /** Belongs to this store alone: nobody else writes there. */
  readonly directory: string;
  /** Of all files together; 0 keeps nothing. */
  readonly maxBytes: number;
}

/**
 * Compilations in a directory, one file each, at most so many bytes of them, least recently used out first.
 *
 * A file is named by the key of its compilation and holds the SHA-256 of all that follows, a line of JSON,
 * and the outputs one after the other. One that is not whole, or not of this key, is removed and never run.
 * A store that can't write (a full disk) leaves out.
 */
export class CompiledFiles implements CompiledStore, AsyncDisposable {
  readonly maxEntryBytes: number;
  readonly #directory: string;
  readonly #files: Lru<string, null>;
  readonly #writes = new Set<Promise<void>>();

  private constructor({ directory, maxBytes }: CompiledFilesOptions) {
    this.#directory = directory;
    this.maxEntryBytes = Math.min(64 * MiB, Math.floor(maxBytes / 2));
    this.#files = new Lru(maxBytes, (key) => void this.#remove(key));
  }

  /** Takes over what an earlier process left in the directory. */
  static async open(options: CompiledFilesOptions): Promise<CompiledFiles> {
    const store = new CompiledFiles(options);
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const found: { name: string; size: number; used: number }[] = [];
    for (const name of await readdir(options.directory)) {
      const path = join(options.directory, name);
      if (namePattern.test(name)) {
        const { size, mtimeMs } = await stat(path);
        found.push({ name, size, used: mtimeMs });
      } else await rm(path, { recursive: true, force: true });
    }
    for (const { name, size } of found.toSorted((a, b) => a.used - b.used)) store.#note(name, size);
    return store;
  }

  async read(key: string): Promise<KeptCompilation | null> {
    if (this.#files.get(key) === undefined) return null;
    const path = join(this.#directory, key);
    const kept = parse(key, await readFile(path).catch(() => null));
    if (kept === null) {
      this.#files.delete(key);
      await this.#remove(key);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return kept;
  }

  write(key: string, kept: KeptCompilation): void {
    const size = kept.outputs.reduce((sum, { content }) => sum + content.byteLength, 0);
    if (size > this.maxEntryBytes || !namePattern.test(key)) return;
    const writing = this.#write(key, serialize(key, kept)).finally(() => this.#writes.delete(writing));
    this.#writes.add(writing);
  }

  /** When everything that was given so far is written, or left out. */
  async written(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.written();
  }

  async #write(key: string, content: Uint8Array): Promise<void> {
    const temporary = join(this.#directory, `.${randomUUID()}`);
    try {
      await writeFile(temporary, content, { mode: 0o600, flag: "wx" });
      await rename(temporary, join(this.#directory, key));
      this.#note(key, content.byteLength);
    } catch {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  #note(key: string, size: number): void {
    if (!this.#files.set(key, null, size)) void this.#remove(key);
  }

  async #remove(key: string): Promise<void> {
    await rm(join(this.#directory, key), { force: true }).catch(() => {});
  }
}

const digestOf = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

function serialize(key: string, { report, outputs }: KeptCompilation): Uint8Array {
  const header: z.input<typeof Header> = {
    key,
    report,
    outputs: outputs.map(({ path, content }) => ({ path, bytes: content.byteLength })),
  };
  // A copy at once: what was collected is a view of a message that may be gone when the file is written.
  const body = Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...outputs.map(({ content }) => content),
  ]);
  return Buffer.concat([Buffer.from(digestOf(body)), body]);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parse(key: string, file: Buffer | null): KeptCompilation | null {
  if (file === null) return null;
  const body = file.subarray(digestLength);
  if (file.subarray(0, digestLength).toString("latin1") !== digestOf(body)) return null;
  const end = body.indexOf("\n");
  const header = Header.safeParse(asJson(body.subarray(0, end).toString("utf8")));
  if (!header.success || header.data.key !== key) return null;
  let at = end + 1;
  const outputs = header.data.outputs.map(({ path, bytes }) => {
    const content = body.subarray(at, at + bytes);
    at += bytes;
    return { path, content };
  });
  return at === body.length ? { report: header.data.report, outputs } : null;
}
