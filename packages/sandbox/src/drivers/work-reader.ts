import type { CollectedFile, RunSpec } from "../spec.ts";
import type { WorkEntry, WorkTree } from "./work-tree.ts";

/** What stands at one path of a work directory. */
export type Seen =
  | { readonly kind: "file"; readonly size: number; readonly mode: number }
  | { readonly kind: "directory" | "link" | "other" };

/** A work directory that nobody changes any more. Paths are relative and plain; "" is the directory itself. */
export interface WorkReader {
  /** Without following a link; null where nothing is. Only called below directories. */
  look(path: string): Seen | null;
  list(path: string): readonly string[];
  /** The first `maxBytes` of a file. */
  read(path: string, maxBytes: number): Uint8Array;
}

/** Directories of an artifact below this depth are counted as skipped. */
const MAX_DEPTH = 64;

/** The files that a run asked for, in its order, in its caps, without ever following a link. */
export function collectFiles(reader: WorkReader, collect: NonNullable<RunSpec["collect"]>): CollectedFile[] {
  let left = collect.maxBytes;
  return collect.paths.map((path) => {
    const seen = lookThrough(reader, path);
    const nothing = new Uint8Array();
    if (seen === null) return { path, state: "missing", content: nothing };
    if (seen.kind === "link") return { path, state: "link", content: nothing };
    if (seen.kind !== "file") return { path, state: "not_regular", content: nothing };
    const room = Math.min(left, collect.maxBytesEach ?? left);
    const isWhole = seen.size <= room;
    const content = isWhole || collect.truncate ? reader.read(path, Math.min(seen.size, room)) : nothing;
    left -= content.byteLength;
    return { path, state: isWhole ? "ok" : "too_large", content };
  });
}

/** As `look`, but every directory on the way must be one. */
function lookThrough(reader: WorkReader, path: string): Seen | null {
  for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
    const parent = reader.look(path.slice(0, end));
    if (parent?.kind === "link") return parent;
    if (parent?.kind !== "directory") return null;
  }
  return reader.look(path);
}

/** A work directory to keep, or how large one is that is too large. */
export type Kept =
  | { readonly tree: WorkTree; readonly bytes: number; readonly skipped: number }
  | { readonly tooLarge: number };

/** The whole work directory, as it may become an artifact. */
export function keepTree(reader: WorkReader, maxBytes: number): Kept {
  const tree = new Map<string, WorkEntry>();
  let bytes = 0;
  let skipped = 0;
  const queue: { path: string; depth: number }[] = [{ path: "", depth: 0 }];
  for (const { path, depth } of queue) {
    for (const name of reader.list(path)) {
      const child = path === "" ? name : `${path}/${name}`;
      const seen = reader.look(child);
      if (seen?.kind === "directory" && depth < MAX_DEPTH) {
        tree.set(child, { kind: "directory" });
        queue.push({ path: child, depth: depth + 1 });
      } else if (seen?.kind === "file") {
        bytes += seen.size;
        const content = bytes <= maxBytes ? reader.read(child, seen.size) : new Uint8Array();
        tree.set(child, { kind: "file", mode: seen.mode & 0o777, content });
      } else {
        skipped += 1;
      }
    }
  }
  return bytes > maxBytes ? { tooLarge: bytes } : { tree, bytes, skipped };
}
