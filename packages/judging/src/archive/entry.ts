import { AssayError } from "@assay/contracts";

/** One file or directory of an archive, whichever kind of archive it is. */
export interface ArchiveEntry {
  /** Checked: relative, plain components, "/" between them; without a slash at the end. */
  readonly path: string;
  readonly directory: boolean;
  /** Streams the content; must be read to its end before the next entry is asked for. */
  content(): AsyncIterable<Uint8Array>;
}

const maxPathBytes = 1024;
const maxNameBytes = 255;

/** A name from an archive as it can stand in a message: quoted, escaped, not endless. */
export const showName = (name: string): string =>
  JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);

export const unsafe = (name: string, why: string): AssayError =>
  new AssayError("package_unsafe", `entry ${showName(name)} ${why}`, {
    issues: [{ where: name.slice(0, maxPathBytes), line: null, message: why }],
  });

export const unreadable = (why: string, cause?: unknown): AssayError =>
  new AssayError("package_unreadable", why, cause === undefined ? {} : { cause });

/**
 * The plain relative path that an archive's name stands for. A name that could mean another place
 * on any system is refused, never mended; only "./" in front, which tar writes, is taken away.
 */
export const checkedPath = (name: string): string => {
  const path = name.replace(/^(?:\.\/)+/u, "").replace(/\/$/u, "");
  if (path === "" || path === ".") return "";
  if (Buffer.byteLength(path) > maxPathBytes)
    throw unsafe(name, `has a path longer than ${maxPathBytes} bytes`);
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/u.test(path)) throw unsafe(name, "has a control character in its name");
  if (path.includes("\\")) throw unsafe(name, "has a backslash in its name");
  if (path.includes("\ufffd")) throw unsafe(name, "has a name that is not UTF-8");
  if (path.startsWith("/")) throw unsafe(name, "has an absolute path");
  if (/^[A-Za-z]:/u.test(path)) throw unsafe(name, "has a drive letter in its path");
  for (const component of path.split("/")) {
    if (component === "..") throw unsafe(name, "leads out of the package");
    if (component === "" || component === ".") throw unsafe(name, "has an empty component in its path");
    if (Buffer.byteLength(component) > maxNameBytes)
      throw unsafe(name, `has a name longer than ${maxNameBytes} bytes`);
  }
  return path;
};
