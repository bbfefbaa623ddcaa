import { SandboxError } from "./error.ts";

const MAX_PATH_BYTES = 4095;
const MAX_NAME_BYTES = 255;

/** Throws `bad_path` unless the path is relative, plain, and short enough for Linux. */
export function checkBoxPath(path: string): void {
  const reason = reasonAgainst(path);
  if (reason !== null) throw new SandboxError("bad_path", `${JSON.stringify(path)}: ${reason}`);
}

function reasonAgainst(path: string): string | null {
  if (path === "") return "a path can't be empty";
  if (!path.isWellFormed()) return "a path must be valid Unicode";
  if (path.includes("\0")) return "a path can't hold a NUL";
  if (path.startsWith("/")) return "a path must be relative to the work directory";
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `a path has at most ${MAX_PATH_BYTES} bytes`;
  for (const name of path.split("/")) {
    if (name === "") return "a path can't have empty components";
    if (name === "." || name === "..") return "a path can't have the components . and ..";
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `a name has at most ${MAX_NAME_BYTES} bytes`;
  }
  return null;
}
