import { lchownSync, lstatSync, readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { ImageError } from "../errors.ts";
import { readTree } from "../tree.ts";
import type { Tree } from "../tree.ts";
import type { UnpackBounds } from "./bounds.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const yieldEvery = 500;

/**
 * Makes a tree ours that another user's process has left: nothing of it is touched before all of it was
 * found to be what was asked for.
 *
 * That process may have been anybody's by then. So every entry must be its own (a hard link could be to
 * any file of this machine), every name of a file must be in this tree, nothing may be set-uid or
 * writable by others, there may not be more than was told (a file with holes takes no room, and for ever to
 * read), and the whole must have the digest. No process of that user may be left.
 *
 * @throws ImageError `bad_archive` with the first entry that is not as it must be, `too_large`; the signal's reason
 */
export const takeOver = async (
  root: string,
  from: Owner,
  to: Owner,
  digest: string,
  options: {
    readonly bounds: Pick<UnpackBounds, "sizeBytes" | "entries">;
    readonly signal: AbortSignal;
    readonly progress: (bytes: number) => void;
  },
): Promise<Tree> => {
  const paths = await requireOwn(root, from, options);
  const tree = await readTree(root, { owner: from, ...options });
  options.signal.throwIfAborted();
  if (tree.digest !== digest)
    throw new ImageError("bad_archive", `The image unpacks to the tree ${tree.digest} instead of ${digest}.`);
  let done = 0;
  for (const path of paths) {
    lchownSync(path, to.uid, to.gid);
    done += 1;
    if (done % yieldEvery === 0) await setImmediate();
  }
  return tree;
};

const refuse = (path: string, why: string): ImageError =>
  new ImageError("bad_archive", `The image unpacks to ${JSON.stringify(path.slice(-200))}, which ${why}.`);

/** Every entry's path, as bytes; directories before what is in them. */
const requireOwn = async (
  root: string,
  from: Owner,
  { bounds, signal }: Pick<Parameters<typeof takeOver>[4], "bounds" | "signal">,
): Promise<Buffer[]> => {
  const paths: Buffer[] = [];
  let size = 0;
  const names = new Map<number, { readonly expected: number; seen: number; readonly path: string }>();
  const pending = [Buffer.from(root).toString("latin1")];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const bytes = Buffer.from(path, "latin1");
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
    paths.push(bytes);
    if (paths.length > bounds.entries || size > bounds.sizeBytes)
      throw new ImageError(
        "too_large",
        `The image unpacks to more than the ${bounds.sizeBytes} bytes that were told, or ${bounds.entries} entries.`,
      );
    if (paths.length % yieldEvery === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  for (const { expected, seen, path } of names.values())
    if (seen !== expected) throw refuse(path, "has another name outside of the image");
  return paths;
};
