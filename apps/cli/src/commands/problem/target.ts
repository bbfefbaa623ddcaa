import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { usageError } from "../../exit.ts";

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
