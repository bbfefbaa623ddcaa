import {
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { copyFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { ImageError } from "../errors.ts";
import { readTree } from "../tree.ts";
import type { Tree } from "../tree.ts";
import { imageTimeSeconds } from "../trim.ts";
import type { UnpackBounds } from "./bounds.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Entry {
  /** Below the tree, with a slash at its beginning; empty for the tree itself. One character per byte. */
  readonly path: string;
  readonly status: Stats;
}

const yieldEvery = 500;
/** Files up to this size are copied without a detour by the thread pool. */
const smallBytes = 1024 * 1024;

/**
 * Copies a tree that another user's process has left into a new directory of ours, which is then sure to
 * be what was asked for. What was copied goes on the way, so that little is there twice.
 *
 * That process may have been anybody's by then. So nothing is touched before every entry is known to be
 * its own (a hard link could be to any file of this machine), with every name of every file in this tree,
 * and neither set-uid nor writable by others; and there may not be more than was told (a file with holes
 * takes no room, and for ever to read). And none of its files is taken as it is: somebody may hold one
 * open to write to it, or in memory, whoever it belongs to afterwards. No process of that user may be left.
 *
 * @param left an absolute path
 * @param into a path in a directory of ours, where nothing is
 * @throws ImageError `bad_archive` with the first entry that is not as it must be, `too_large`; the signal's reason
 */
export const takeOver = async (
  left: string,
  into: string,
  from: Owner,
  digest: string,
  options: {
    readonly bounds: Pick<UnpackBounds, "sizeBytes" | "entries">;
    readonly signal: AbortSignal;
    readonly progress: (bytes: number) => void;
  },
): Promise<Tree> => {
  const { signal } = options;
  const entries = await requireOwn(left, from, options);
  const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  await copy(entries, Buffer.from(left).toString("latin1"), Buffer.from(into).toString("latin1"), us, signal);
  const tree = await readTree(into, { owner: us, ...options });
  signal.throwIfAborted();
  if (tree.digest !== digest)
    throw new ImageError("bad_archive", `The image unpacks to the tree ${tree.digest} instead of ${digest}.`);
  return tree;
};

const refuse = (path: string, why: string): ImageError =>
  new ImageError("bad_archive", `The image unpacks to ${JSON.stringify(path.slice(-200))}, which ${why}.`);

/** Every entry; directories before what is in them. */
const requireOwn = async (
  root: string,
  from: Owner,
  { bounds, signal }: Pick<Parameters<typeof takeOver>[4], "bounds" | "signal">,
): Promise<Entry[]> => {
  const rootName = Buffer.from(root).toString("latin1");
  const entries: Entry[] = [];
  const names = new Map<number, { readonly expected: number; seen: number; readonly path: string }>();
  let size = 0;
  const pending = [""];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const bytes = Buffer.from(rootName + path, "latin1");
    const status = lstatSync(bytes);
    if (status.uid !== from.uid || status.gid !== from.gid) throw refuse(path, "belongs to another user");
    const isDirectory = status.isDirectory();
    if (!isDirectory && !status.isFile() && !status.isSymbolicLink())
      throw refuse(path, "is no file, directory or link");
    if (!status.isSymbolicLink() && (status.mode & 0o7022) !== 0)
      throw refuse(path, "others could write, or is set-uid");
    if (isDirectory)
      for (const name of readdirSync(bytes, { encoding: "latin1" })) pending.push(`${path}/${name}`);
    else if (status.nlink > 1) {
      const file = names.get(status.ino) ?? { expected: status.nlink, seen: 0, path };
      file.seen += 1;
      names.set(status.ino, file);
    }
    if (status.isFile()) size += status.size;
    entries.push({ path, status });
    if (entries.length > bounds.entries || size > bounds.sizeBytes)
      throw new ImageError(
        "too_large",
        `The image unpacks to more than the ${bounds.sizeBytes} bytes that were told, or ${bounds.entries} entries.`,
      );
    if (entries.length % yieldEvery === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  for (const { expected, seen, path } of names.values())
    if (seen !== expected) throw refuse(path, "has another name outside of the image");
  return entries;
};

const copy = async (
  entries: readonly Entry[],
  left: string,
  into: string,
  us: Owner,
  signal: AbortSignal,
): Promise<void> => {
  const copied = new Map<number, Buffer>();
  for (const [done, { path, status }] of entries.entries()) {
    const from = Buffer.from(left + path, "latin1");
    const to = Buffer.from(into + path, "latin1");
    const known = copied.get(status.ino);
    if (status.isDirectory()) mkdirSync(to, { mode: 0o700 });
    else if (status.isSymbolicLink()) symlinkSync(readlinkSync(from, { encoding: "buffer" }), to);
    else if (known !== undefined) linkSync(known, to);
    else {
      const how = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
      if (status.size <= smallBytes) copyFileSync(from, to, how);
      else await copyFile(from, to, how);
      // A copy belongs to whom the file belongs.
      lchownSync(to, us.uid, us.gid);
      chmodSync(to, status.mode & 0o777);
      if (status.nlink > 1) copied.set(status.ino, to);
    }
    if (!status.isDirectory()) {
      lutimesSync(to, imageTimeSeconds, imageTimeSeconds);
      rmSync(from);
    }
    if (done % yieldEvery === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  // Last: whatever comes into a directory sets its time anew.
  for (const { path, status } of entries.toReversed())
    if (status.isDirectory()) {
      const to = Buffer.from(into + path, "latin1");
      chmodSync(to, status.mode & 0o777);
      lutimesSync(to, imageTimeSeconds, imageTimeSeconds);
    }
};
