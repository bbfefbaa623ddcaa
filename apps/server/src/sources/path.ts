import { AssayError } from "@assay/contracts";

const maxPathBytes = 255;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\u0000-\u001f\u007f\\]/;

/**
 * Refuses a file name that is not a plain relative path in its shortest form.
 *
 * @throws AssayError `bad_path`
 */
export function requirePlainPath(where: string, path: string): void {
  const reason = faultOfPath(path);
  if (reason === null) return;
  const message = `${JSON.stringify(path.slice(0, 100))} ${reason}`;
  throw new AssayError("bad_path", `${where}: ${message}.`, { issues: [{ where, line: null, message }] });
}

function faultOfPath(path: string): string | null {
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  if (forbidden.test(path)) return "holds a control character or a backslash";
  if (!path.isWellFormed()) return "is not valid Unicode";
  if (Buffer.byteLength(path) > maxPathBytes) return `is longer than ${maxPathBytes} bytes`;
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "has an empty part, `.` or `..`";
  if (parts.some((part) => part.startsWith("-"))) return "has a part that begins with `-`";
  return null;
}

/**
 * Refuses names that collide: the same twice, or a file that is another's directory.
 *
 * @throws AssayError `bad_path`
 */
export function requireDistinctPaths(where: string, paths: readonly string[]): void {
  const files = new Set<string>();
  for (const path of paths) {
    if (files.has(path)) throw collision(where, path, "is given twice");
    files.add(path);
  }
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const directory = path.slice(0, slash);
      if (files.has(directory)) throw collision(where, directory, "is a file and a directory");
    }
  }
}

function collision(where: string, path: string, reason: string): AssayError {
  const message = `${JSON.stringify(path)} ${reason}`;
  return new AssayError("bad_path", `${where}: ${message}.`, { issues: [{ where, line: null, message }] });
}
