import { closeSync, futimesSync, fchmodSync, mkdirSync, openSync, writeSync } from "node:fs";
import { imageTimeSeconds } from "../../trim.ts";
import type { Content } from "./model.ts";

interface OpenFile {
  readonly descriptor: number;
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
    this.#directory = Buffer.from(directory).toString("latin1");
  }

  begin(mode: number): void {
    this.#count += 1;
    const place = `${this.#directory}/${this.#count}`;
    const descriptor = openSync(Buffer.from(place, "latin1"), "wx", 0o600);
    // As in builds: nothing is set-uid, nothing but its owner can write, and every box can read.
    const executable = (mode & 0o111) !== 0;
    this.#open = { descriptor, place, executable };
  }

  write(bytes: Buffer): void {
    const file = this.#current();
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(writeSync(file.descriptor, rest));
  }

  end(): Content {
    const { descriptor, place, executable } = this.#current();
    fchmodSync(descriptor, executable ? 0o755 : 0o644);
    futimesSync(descriptor, imageTimeSeconds, imageTimeSeconds);
    this[Symbol.dispose]();
    return { executable, place, owned: true };
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
