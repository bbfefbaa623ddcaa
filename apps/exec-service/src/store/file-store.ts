import { randomBytes } from "node:crypto";
import { open, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

const ID_BYTES = 16;

const READ_BYTES = 256 * 1024;

/** The store can't take a file: there is no room, and nothing that could be removed. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

export interface StoredFile extends AsyncDisposable {
  readonly name: string;
  readonly size: number;
  read(): Promise<Buffer>;
  /** The content in pieces. */
  pieces(): AsyncGenerator<Buffer>;
}

export interface FileStoreOptions {
  readonly directory: string;
  /** Bytes of all files together. Beyond it, those that were not used for the longest time go. */
  readonly maxBytes: number;
  /** Of all files. Each is an open file of this process. */
  readonly maxFiles: number;
  /** How long a file that nobody uses is kept, ms; null = until there is no room. */
  readonly ttlMs: number | null;
  readonly now: () => number;
}

interface Entry {
  readonly name: string;
  readonly handle: FileHandle;
  size: number;
  usedAt: number;
  /** Readers of now: the file stays open for them, whatever happens to its id. */
  readers: number;
  removed: boolean;
}

/**
 * Files by id, as long as this process lives.
 *
 * A file has no name on disk: it is unlinked as soon as it is open, so that an id never becomes part
 * of a path, nobody else can open it, and a process that dies in any way leaves nothing behind.
 */
export class FileStore implements AsyncDisposable {
  readonly #options: FileStoreOptions;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** Bytes of the disk in use, those of files that are being written or read for the last time included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Stores what the pieces make together, and gives its id. Throws StoreError, or what the pieces throw. */
  async add(name: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
    const entry: Entry = {
      name,
      handle: await this.#create(),
      size: 0,
      usedAt: 0,
      readers: 0,
      removed: false,
    };
    try {
      for await (const piece of pieces) {
        this.#reserve(piece.byteLength);
        entry.size += piece.byteLength;
        await writeAll(entry.handle, piece);
      }
      while (this.#entries.size >= this.#options.maxFiles) this.#removeOldest();
    } catch (error) {
      await this.#drop(entry);
      throw error;
    }
    const id = randomBytes(ID_BYTES).toString("hex").toUpperCase();
    entry.usedAt = this.#options.now();
    this.#entries.set(id, entry);
    return id;
  }

  /** Null when there is none (any more). What is got stays readable until it is disposed. */
  get(id: string): StoredFile | null {
    this.sweep();
    const entry = this.#entries.get(id);
    if (!entry) return null;
    entry.usedAt = this.#options.now();
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    entry.readers += 1;
    return {
      name: entry.name,
      size: entry.size,
      read: async () => Buffer.concat(await Array.fromAsync(readPieces(entry))),
      pieces: () => readPieces(entry),
      [Symbol.asyncDispose]: async () => {
        entry.readers -= 1;
        if (entry.readers === 0 && entry.removed) await this.#drop(entry);
      },
    };
  }

  /** False when there is none. */
  remove(id: string): boolean {
    this.sweep();
    return this.#forget(id);
  }

  /** Names by id. */
  list(): ReadonlyMap<string, string> {
    this.sweep();
    return new Map([...this.#entries].map(([id, { name }]) => [id, name]));
  }

  /** Removes what nobody has used for too long. */
  sweep(): void {
    const { ttlMs, now } = this.#options;
    if (ttlMs === null) return;
    for (const [id, entry] of this.#entries) {
      if (now() - entry.usedAt < ttlMs) return;
      this.#forget(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of entries) entry.removed = true;
    await Promise.all(entries.filter(({ readers }) => readers === 0).map((entry) => this.#drop(entry)));
  }

  async #create(): Promise<FileHandle> {
    const path = join(this.#options.directory, `assay-file-${randomBytes(ID_BYTES).toString("hex")}`);
    const handle = await open(path, "wx+", 0o600);
    await unlink(path);
    return handle;
  }

  #reserve(bytes: number): void {
    const { maxBytes } = this.#options;
    if (bytes > maxBytes) throw new StoreError(`a file has at most ${maxBytes} bytes here`);
    while (this.#bytes + bytes > maxBytes) this.#removeOldest();
    this.#bytes += bytes;
  }

  /** Of files in use nothing would be won: their bytes are freed when their reader is done. */
  #removeOldest(): void {
    for (const [id, entry] of this.#entries) if (entry.readers === 0) return void this.#forget(id);
    const { maxBytes, maxFiles } = this.#options;
    throw new StoreError(`the file store is full (${maxBytes} bytes, ${maxFiles} files); delete some`);
  }

  #forget(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    entry.removed = true;
    if (entry.readers === 0) void this.#drop(entry);
    return true;
  }

  async #drop(entry: Entry): Promise<void> {
    this.#bytes -= entry.size;
    await entry.handle.close();
  }
}

async function writeAll(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.byteLength;) {
    const { bytesWritten } = await handle.write(piece, done);
    done += bytesWritten;
  }
}

async function* readPieces({ handle, size }: Entry): AsyncGenerator<Buffer> {
  for (let position = 0; position < size;) {
    const length = Math.min(READ_BYTES, size - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) throw new StoreError("a stored file has become shorter");
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
