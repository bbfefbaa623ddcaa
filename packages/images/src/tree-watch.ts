import { lstatSync, readdirSync } from "node:fs";
import type { Stats } from "node:fs";
import { statfs } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

/** Of a file system: no more than that has to stay free. */
const mostFree = 0.02;
/** Of the time that goes by: no more than that is spent with reading it. */
const mostTime = 0.05;
const leastBetweenMs = 1500;
const yieldEvery = 2_000;

export interface TreeLimits {
  /** All files together, bytes. */
  readonly treeBytes: number;
  /** Files, directories and links. */
  readonly entries: number;
  /** What stays free for everything else on the file system, unless that is small. */
  readonly freeBytes: number;
}

type TreeLimit = keyof TreeLimits;

/**
 * Whether a tree that a program writes to stays within its limits. Reading all of it takes a second for
 * a large one. So it is read when so much of the file system was taken, by whomever, that it may have
 * passed one; and now and then besides, as what others remove meanwhile hides what it grew.
 */
export class TreeWatch {
  readonly #root: string;
  readonly #limits: TreeLimits;
  /** What of the file system may be taken before the tree has to be read again, and when it is read anyway. */
  #next: { readonly bytes: number; readonly entries: number; readonly atMs: number } | null = null;

  constructor(root: string, limits: TreeLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  /** Which limit was passed. */
  async look(): Promise<TreeLimit | null> {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(this.#root);
    const [bytes, entries] = [(blocks - bfree) * bsize, files - ffree];
    const { treeBytes, entries: mostEntries, freeBytes } = this.#limits;
    const began = performance.now();
    this.#next ??= { bytes: bytes + treeBytes, entries: entries + mostEntries, atMs: began + leastBetweenMs };
    if (bytes > this.#next.bytes || entries > this.#next.entries || began > this.#next.atMs) {
      const size = await this.#read();
      const passed = this.#passed(size);
      if (passed !== null) return passed;
      this.#next = {
        bytes: bytes + treeBytes - size.bytes,
        entries: entries + mostEntries - size.entries,
        atMs: performance.now() + Math.max(leastBetweenMs, (performance.now() - began) / mostTime),
      };
    }
    return bavail * bsize < Math.min(freeBytes, mostFree * blocks * bsize) ? "freeBytes" : null;
  }

  /** The same, by reading all of it: a file with holes takes nothing and is read nonetheless. */
  async lookAtAll(): Promise<TreeLimit | null> {
    return this.#passed(await this.#read());
  }

  #passed({ bytes, entries }: { readonly bytes: number; readonly entries: number }): TreeLimit | null {
    if (bytes > this.#limits.treeBytes) return "treeBytes";
    return entries > this.#limits.entries ? "entries" : null;
  }

  async #read(): Promise<{ readonly bytes: number; readonly entries: number }> {
    let bytes = 0;
    let entries = 0;
    const pending = [Buffer.from(this.#root).toString("latin1")];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const place = Buffer.from(path, "latin1");
      const status = statusOf(place);
      if (status === null) continue;
      entries += 1;
      // More than that is too much, however much it is.
      if (entries > this.#limits.entries) break;
      if (status.isDirectory()) pending.push(...namesIn(place).map((name) => `${path}/${name}`));
      // By each of its names, as the digest reads it.
      else if (status.isFile()) bytes += Math.max(status.size, status.blocks * 512);
      if (entries % yieldEvery === 0) await setImmediate();
    }
    return { bytes, entries };
  }
}

/** Null when it is gone: the program may be changing all of it meanwhile. */
const statusOf = (path: Buffer): Stats | null => {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
};

const namesIn = (path: Buffer): string[] => {
  try {
    return readdirSync(path, { encoding: "latin1" });
  } catch {
    return [];
  }
};
