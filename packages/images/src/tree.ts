import { createHash, hash } from "node:crypto";
import { constants, closeSync, lstatSync, openSync, readSync, readdirSync, readlinkSync } from "node:fs";
import type { Stats } from "node:fs";
import { setImmediate } from "node:timers/promises";

/**
 * The canonical text of a file tree, and its digest.
 *
 * One line per entry, sorted by path in byte order: `type mode uid gid size content path`, where type
 * is `d` directory, `f` file, `l` symbolic link or `s` anything else (device, pipe, socket: never in a
 * sound image); mode is four octal digits; size is in bytes, 0 for a directory; content is the SHA-256
 * of a file or of a link's target, else `-`. Paths are relative to the root, whose own line has the
 * path `.`; bytes outside of printable ASCII, blanks and `%` are written as `%XX`, so any name is
 * exactly one word. Times are left out: they say when a tree was unpacked, not what it is.
 *
 * The digest is the SHA-256 of that text, so a kept copy of the text explains a digest completely.
 */
export interface Tree {
  readonly text: string;
  /** SHA-256 of `text`, lower-case hex. */
  readonly digest: string;
  /** Sum of file sizes, bytes. */
  readonly sizeBytes: number;
}

export interface TreeOptions {
  /**
   * The user who counts as root in the text. A builder without privileges owns what they build; the
   * same packages then still give the same digest.
   */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Called now and then with the bytes that were hashed so far. */
  readonly progress?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** Called per entry with its absolute path, before its content is read. */
  readonly onEntry?: (path: Buffer, status: Stats) => void;
}

/**
 * Who counts as root in an image: the user who owns the images directory, with the group of the image
 * itself. That group may be any, as no entry gives its group more than it gives everyone.
 */
export const imageOwner = (directory: string, root: string): TreeOptions["owner"] => ({
  uid: lstatSync(directory).uid,
  gid: lstatSync(root).gid,
});

const header = "assay-tree 1\n";
const chunk = Buffer.allocUnsafeSlow(1024 * 1024);
const yieldEveryBytes = 16 * 1024 * 1024;

// Names are bytes, not text: latin1 strings carry each byte through unchanged.
const nameBytes = (name: string): Buffer => Buffer.from(name, "latin1");

const word = (name: string): string =>
  name.replaceAll(
    /[^!-$&-~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

/**
 * Reads the whole tree below `root` and describes it. Synchronous system calls in slices: for ten
 * thousand small files the thread pool costs several times what the hashing does. (Both shipped images
 * together: well under a second.)
 *
 * @throws the file system's error when an entry can't be read or when `root` is not a directory itself,
 *   the signal's reason when aborted
 */
export const readTree = async (root: string, options: TreeOptions): Promise<Tree> => {
  closeSync(openSync(root, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
  const rootName = Buffer.from(root).toString("latin1");
  const lines: { readonly path: string; readonly line: string }[] = [];
  let sizeBytes = 0;
  let sinceYield = 0;

  const pending = ["."];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const absolute = nameBytes(`${rootName}/${path}`);
    const status = lstatSync(absolute);
    options.onEntry?.(absolute, status);
    const uid = status.uid === options.owner.uid ? 0 : status.uid;
    const gid = status.gid === options.owner.gid ? 0 : status.gid;
    const mode = (status.mode & 0o7777).toString(8).padStart(4, "0");
    const entry = (type: string, size: number, content: string): void => {
      lines.push({ path, line: `${type} ${mode} ${uid} ${gid} ${size} ${content} ${word(path)}\n` });
    };

    if (status.isDirectory()) {
      entry("d", 0, "-");
      for (const name of readdirSync(absolute, { encoding: "latin1" }))
        pending.push(path === "." ? name : `${path}/${name}`);
    } else if (status.isFile()) {
      const { digest, size } = hashFile(absolute);
      entry("f", size, digest);
      sizeBytes += size;
    } else if (status.isSymbolicLink()) {
      const target = readlinkSync(absolute, { encoding: "buffer" });
      entry("l", target.length, hash("sha256", target));
    } else {
      entry("s", 0, "-");
    }

    // An entry counts like 64 KiB: many empty files must not hold the event loop either.
    sinceYield += 65_536 + status.size;
    if (sinceYield >= yieldEveryBytes) {
      sinceYield = 0;
      options.progress?.(sizeBytes);
      await setImmediate();
      options.signal?.throwIfAborted();
    }
  }

  lines.sort((a, b) => (a.path < b.path ? -1 : 1));
  const text = header + lines.map(({ line }) => line).join("");
  options.progress?.(sizeBytes);
  return { text, digest: treeDigest(text), sizeBytes };
};

export const treeDigest = (text: string): string => createHash("sha256").update(text).digest("hex");

const hashFile = (path: Buffer): { digest: string; size: number } => {
  const sum = createHash("sha256");
  let size = 0;
  // No O_NONBLOCK is needed: only what lstat called a regular file comes here.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, null);
      if (length === 0) break;
      sum.update(chunk.subarray(0, length));
      size += length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { digest: sum.digest("hex"), size };
};
