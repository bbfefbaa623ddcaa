import { chmodSync, copyFileSync, linkSync, lutimesSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { chmod, utimes } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { systemCode } from "../../errors.ts";
import { imageTimeSeconds } from "../../trim.ts";
import type { Content, DirectoryNode, Node } from "./model.ts";

const yieldEvery = 500;

/**
 * Writes a tree of the model into a directory that does not exist yet: directories and files first, links
 * last, so that no path on the way can lead through a link. Equal names of a content become hard links.
 *
 * @throws the file system's error; the signal's reason when aborted
 */
export const materialize = async (
  tree: DirectoryNode,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const placed = new Map<Content, Buffer>();
  const directories: Buffer[] = [];
  const links: { readonly path: Buffer; readonly target: Buffer }[] = [];
  let done = 0;

  const pending: { readonly path: string; readonly node: Node }[] = [
    { path: Buffer.from(root).toString("latin1"), node: tree },
  ];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { node } = item;
    const path = Buffer.from(item.path, "latin1");
    if (node.kind === "directory") {
      mkdirSync(path, { mode: 0o755 });
      directories.push(path);
      for (const [name, child] of node.children) pending.push({ path: `${item.path}/${name}`, node: child });
    } else if (node.kind === "file") {
      placeFile(node.content, placed.get(node.content), path);
      placed.set(node.content, path);
    } else links.push({ path, target: Buffer.from(node.target, "latin1") });
    done += 1;
    if (done % yieldEvery === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  for (const { path, target } of links) {
    symlinkSync(target, path);
    lutimesSync(path, imageTimeSeconds, imageTimeSeconds);
  }
  // Their times at last: whatever comes into a directory sets its time anew.
  for (const path of directories.toReversed()) {
    await chmod(path, 0o755);
    await utimes(path, imageTimeSeconds, imageTimeSeconds);
  }
};

const placeFile = (content: Content, placed: Buffer | undefined, path: Buffer): void => {
  if (placed === undefined && content.owned) renameSync(Buffer.from(content.place, "latin1"), path);
  else linkOrCopy(placed ?? Buffer.from(content.place, "latin1"), path, content);
};

/** File systems bound the number of names of one file. */
const linkOrCopy = (from: Buffer, path: Buffer, content: Content): void => {
  try {
    linkSync(from, path);
  } catch (error) {
    // What belongs to others can't be linked by who is not root.
    if (!["EMLINK", "EXDEV", "EPERM"].includes(systemCode(error) ?? "")) throw error;
    copyFileSync(from, path);
    chmodSync(path, content.executable ? 0o755 : 0o644);
    lutimesSync(path, imageTimeSeconds, imageTimeSeconds);
  }
};
