import { constants } from "node:fs";
import { open, readlink, realpath, type FileHandle } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import { RequestError } from "../model/request-error.ts";

/** Files of this machine that requests may name with `src`: those below the given directories, and /dev/null. */
export class Sources {
  readonly #prefixes: readonly string[];

  private constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes;
  }

  /** @throws when a directory is not there */
  static async of(directories: readonly string[]): Promise<Sources> {
    return new Sources(await Promise.all(directories.map((directory) => realpath(directory))));
  }

  /**
   * The bytes of a file. Links are followed as long as they stay inside.
   *
   * @throws RequestError (400) for a file outside; the system's error for one that can't be read, or has more bytes
   */
  async read(path: string, maxBytes: number): Promise<Buffer> {
    if (path === "/dev/null") return Buffer.alloc(0);
    this.#requireInside(path, await realpath(path).catch(() => path));
    await using file = await openRegular(path);
    // The path may have been changed since: what was opened is what counts.
    this.#requireInside(path, await readlink(`/proc/self/fd/${file.fd}`));
    const { size } = await file.stat();
    if (size > maxBytes)
      throw new RangeError(`${path} has ${size} bytes, at most ${maxBytes} can be copied in`);
    const content = Buffer.allocUnsafe(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(content, length, size - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return content.subarray(0, length);
  }

  #requireInside(asked: string, real: string): void {
    if (isAbsolute(asked) && this.#prefixes.some((prefix) => isInside(prefix, real))) return;
    const where = this.#prefixes.length === 0 ? "no directory" : this.#prefixes.join(", ");
    throw new RequestError(
      400,
      `src ${JSON.stringify(asked)} may not be read: this service offers files of ${where} (--src-prefix)`,
    );
  }
}

/** Neither a pipe that never opens nor a device that does something when it is opened. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error(`${path} is not a regular file`);
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== "" && way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
