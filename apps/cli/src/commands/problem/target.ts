import { mkdir, readdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { messageOf, usageError } from "../../exit.ts";

/** The absolute path of a directory to write into, which is not there yet or is empty. */
export async function emptyDirectory(path: string): Promise<string> {
  const absolute = resolve(path);
  const entries = await readdir(absolute).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR")
      throw usageError(`${path} is a file; name a directory that is not there yet`);
    throw error;
  });
  if (entries.length > 0) throw usageError(`${path} is not empty; name a directory that is not there yet`);
  return absolute;
}

/**
 * Makes a directory and those above it, one by one: Node's own recursive way never ends where the system
 * says of a directory that it is not there while it is (below /proc).
 */
export async function makeDirectory(absolute: string): Promise<void> {
  const missing: string[] = [];
  for (let path = absolute; !(await isThere(path)); path = dirname(path)) missing.push(path);
  for (const path of missing.toReversed())
    await mkdir(path).catch((error: unknown) => {
      throw usageError(`${path} can't be made: ${messageOf(error)}`);
    });
}

const isThere = (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && "code" in error && error.code === "ENOENT"),
  );
