import { posix } from "node:path";

/** The work directory as programs see it; relative names mean files in it. */
const WORK_DIRECTORY = "/w";

const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4095;

/** A name as a path relative to the work directory; null for what can be no file in it. */
export function workPath(name: string): string | null {
  if (name === "" || name.endsWith("/") || name.includes("\0") || !name.isWellFormed()) return null;
  const full = posix.resolve(WORK_DIRECTORY, name);
  if (!full.startsWith(`${WORK_DIRECTORY}/`)) return null;
  const path = full.slice(WORK_DIRECTORY.length + 1);
  const isTooLong =
    Buffer.byteLength(path) > MAX_PATH_BYTES ||
    path.split("/").some((component) => Buffer.byteLength(component) > MAX_NAME_BYTES);
  return isTooLong ? null : path;
}
