import { SandboxError } from "../error.ts";
import { checkBoxPath } from "../path.ts";
import type { BoxFile, BoxLink } from "../spec.ts";

/** One thing in a work directory. */
export type WorkEntry =
  | { readonly kind: "directory" }
  | { readonly kind: "file"; readonly mode: number; readonly content: Uint8Array }
  | { readonly kind: "link"; readonly target: string };

/** A work directory by relative paths; a directory stands before what it holds. */
export type WorkTree = ReadonlyMap<string, WorkEntry>;

/**
 * A work directory from what it starts with and what is written over that, by the rules of the wire:
 * a file replaces a file or a link; a path that runs through one, or names a directory, is `bad_path`.
 */
export function layOut(base: WorkTree | null, files: readonly (BoxFile | BoxLink)[]): WorkTree {
  const tree = new Map(base);
  for (const file of files) {
    checkBoxPath(file.path);
    for (let end = file.path.indexOf("/"); end !== -1; end = file.path.indexOf("/", end + 1)) {
      const parent = file.path.slice(0, end);
      const kind = tree.get(parent)?.kind ?? null;
      if (kind === null) tree.set(parent, { kind: "directory" });
      else if (kind !== "directory") throw badPath(file.path, `${JSON.stringify(parent)} is no directory`);
    }
    if (tree.get(file.path)?.kind === "directory") throw badPath(file.path, "it is a directory");
    tree.set(file.path, entryOf(file));
  }
  return tree;
}

function entryOf(file: BoxFile | BoxLink): WorkEntry {
  if ("content" in file) {
    if (!Number.isInteger(file.mode) || file.mode < 0 || file.mode > 0o777)
      throw new SandboxError("out_of_range", `${JSON.stringify(file.path)}: a mode is 0 to 0777`);
    return { kind: "file", mode: file.mode, content: file.content };
  }
  if (file.target === "" || file.target.includes("\0") || Buffer.byteLength(file.target) > 4095)
    throw badPath(file.path, "the target of a link has 1 to 4095 bytes and no NUL");
  return { kind: "link", target: file.target };
}

const badPath = (path: string, why: string): SandboxError =>
  new SandboxError("bad_path", `${JSON.stringify(path)}: ${why}`);

const BLOCK_BYTES = 4096;

/** What a tree needs on a file system of 4 KiB blocks. */
export function spaceOf(tree: WorkTree): number {
  let bytes = 0;
  for (const entry of tree.values())
    bytes += entry.kind === "file" ? Math.ceil(entry.content.byteLength / BLOCK_BYTES) * BLOCK_BYTES : 0;
  return bytes;
}
