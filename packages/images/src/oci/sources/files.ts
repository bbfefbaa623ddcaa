import type { FileHandle } from "node:fs/promises";
import { constants, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../errors.ts";
import { bad } from "../bad.ts";
import type { TreeModel } from "../unpack/model.ts";

/** Files by their path in a layout or an archive, `/` between the components. */
export interface Files {
  /** @throws ImageError `bad_archive` when there is no such plain file */
  read(path: string): AsyncIterable<Uint8Array>;
}

const chunkBytes = 256 * 1024;

async function* contentOf(path: string | Buffer, shown: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle;
  try {
    // A pipe would be waited for; a link may lead anywhere.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === "ELOOP") throw bad(`${shown} is a link`, error);
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR")
      throw bad(`${shown} is missing`, error);
    if (systemCode(error) === "ENXIO") throw bad(`${shown} is no plain file`, error);
    throw error;
  }
  try {
    if (!(await file.stat()).isFile()) throw bad(`${shown} is no plain file`);
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(chunkBytes) });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** A directory that someone else has made: no link in it is followed. */
export const directoryFiles = (directory: string): Files => ({
  async *read(path) {
    const components = path.split("/");
    for (let depth = 1; depth < components.length; depth += 1) {
      const above = join(directory, ...components.slice(0, depth));
      if ((await lstat(above).catch(() => null))?.isDirectory() !== true)
        throw bad(`${above} is no directory`);
    }
    yield* contentOf(join(directory, ...components), join(directory, path));
  },
});

/** An archive that was unpacked into a model: its links lead nowhere but to other files of it. */
export const archiveFiles = (model: TreeModel, archive: string): Files => ({
  async *read(path) {
    const node = model.find(path.split("/"));
    const shown = `${JSON.stringify(path.slice(0, 200))} in ${archive}`;
    if (node?.kind !== "file") throw bad(`${shown} is missing`);
    yield* contentOf(Buffer.from(node.content.place, "latin1"), shown);
  },
});

/** A plain file by its own path. */
export const plainFile = (path: string): AsyncIterable<Uint8Array> => contentOf(path, path);
