import * as fs from "node:fs";
import { constants } from "node:fs";
import { SandboxError } from "../../error.ts";
import type { Seen, WorkReader } from "../work-reader.ts";
import type { WorkTree } from "../work-tree.ts";

/**
 * A box's work directory, held by a descriptor: it stays readable after the box's mounts are gone.
 *
 * It is read only after every process of the box has ended, so that nothing changes between a look and
 * a read; a link is never followed.
 */
export class WorkDirectory implements WorkReader, Disposable {
  #fd: number;

  constructor(path: string) {
    this.#fd = fs.openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#fd);
  }

  /** @throws SandboxError `out_of_range` when the disk limit has no room for it */
  fill(tree: WorkTree): void {
    try {
      for (const [name, entry] of tree) {
        const path = this.#path(name);
        if (entry.kind === "directory") fs.mkdirSync(path, { mode: 0o755 });
        else if (entry.kind === "link") fs.symlinkSync(entry.target, path);
        else fs.writeFileSync(path, entry.content, { flag: "wx" });
        if (entry.kind === "file") fs.chmodSync(path, entry.mode);
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOSPC") throw cause;
      throw new SandboxError("out_of_range", "the files do not fit into the disk limit", { cause });
    }
  }

  usedBytes(): number {
    const { blocks, bfree, bsize } = fs.statfsSync(this.#path(""));
    return (blocks - bfree) * bsize;
  }

  look(path: string): Seen | null {
    const stat = fs.lstatSync(this.#path(path), { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (stat.isFile()) return { kind: "file", size: stat.size, mode: stat.mode & 0o777 };
    if (stat.isDirectory()) return { kind: "directory" };
    return { kind: stat.isSymbolicLink() ? "link" : "other" };
  }

  list(path: string): string[] {
    return fs.readdirSync(this.#path(path));
  }

  read(path: string, maxBytes: number): Uint8Array {
    const fd = fs.openSync(
      this.#path(path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const content = Buffer.alloc(maxBytes);
      let length = 0;
      for (;;) {
        const count = fs.readSync(fd, content, length, maxBytes - length, null);
        length += count;
        if (count === 0 || length === maxBytes) return content.subarray(0, length);
      }
    } finally {
      fs.closeSync(fd);
    }
  }

  #path(path: string): string {
    return `/proc/self/fd/${this.#fd}/${path}`;
  }
}
