import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { closeSync, futimesSync, fchmodSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { imageTimeSeconds } from "../../trim.ts";
import type { Content } from "./model.ts";

interface OpenFile {
  readonly descriptor: number;
  readonly sum: Hash;
  size: number;
  readonly place: string;
  readonly executable: boolean;
}

/**
 * Contents of files under numbers in one flat directory, until their names are settled. Synchronous
 * writes of small pieces: for thousands of small files the thread pool costs several times as much.
 */
export class Spool implements Disposable {
  readonly #directory: string;
  #count = 0;
  #open: OpenFile | null = null;

  /** In a new directory, which goes away with the one around it. */
  constructor(directory: string) {
    mkdirSync(directory, { mode: 0o700 });
    this.#directory = directory;
  }

  begin(mode: number): void {
    this.#count += 1;
    const place = join(this.#directory, String(this.#count));
    const descriptor = openSync(place, "wx", 0o600);
    // As in builds: nothing is set-uid, nothing but its owner can write, and every box can read.
    const executable = (mode & 0o111) !== 0;
    this.#open = { descriptor, sum: createHash("sha256"), size: 0, place, executable };
  }

  write(bytes: Buffer): void {
    const file = this.#current();
    file.sum.update(bytes);
    file.size += bytes.length;
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(writeSync(file.descriptor, rest));
  }

  end(): Content {
    const { descriptor, sum, size, place, executable } = this.#current();
    fchmodSync(descriptor, executable ? 0o755 : 0o644);
    futimesSync(descriptor, imageTimeSeconds, imageTimeSeconds);
    this[Symbol.dispose]();
    return { sha256: sum.digest("hex"), size, executable, place: Buffer.from(place), owned: true };
  }

  [Symbol.dispose](): void {
    if (this.#open !== null) closeSync(this.#open.descriptor);
    this.#open = null;
  }

  #current(): OpenFile {
    if (this.#open === null) throw new Error("no file is open in the spool");
    return this.#open;
  }
}
