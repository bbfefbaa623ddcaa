import { linkSync, lstatSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { systemCode } from "./errors.ts";
import { treeEntries } from "./tree-entries.ts";
import type { TreeEntry } from "./tree-entries.ts";

export interface LayerDifference {
  /** What the upper tree has and the lower one has not, or has otherwise; directories before what is in them. */
  readonly added: readonly TreeEntry[];
  /** Paths of the lower tree that the upper one has not; what goes with a directory is not named again. */
  readonly removed: readonly string[];
}

/**
 * What makes the upper tree of the lower one: the layer that lies upon it. An entry that takes the
 * place of a directory, without being one, removes all that was in it.
 */
export const layerDifference = (lower: string | null, upper: string): LayerDifference => {
  const above = treeEntries(upper);
  if (lower === null) return { added: above, removed: [] };
  const below = treeEntries(lower);
  const before = new Map(below.map((entry) => [entry.path, entry]));
  const after = new Map(above.map((entry) => [entry.path, entry]));
  const goesWithParent = (path: string): boolean => {
    const parent = parentOf(path);
    return parent !== null && after.get(parent)?.type !== "d";
  };
  return {
    added: above.filter((entry) => !isSame(entry, before.get(entry.path))),
    removed: below.flatMap(({ path }) => (after.has(path) || goesWithParent(path) ? [] : [path])),
  };
};

const isSame = (a: TreeEntry, b: TreeEntry | undefined): boolean =>
  b !== undefined &&
  a.type === b.type &&
  a.mode === b.mode &&
  a.uid === b.uid &&
  a.gid === b.gid &&
  a.size === b.size &&
  a.content === b.content;

const parentOf = (path: string): string | null => {
  if (path === ".") return null;
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash);
};

const sliceEntries = 500;

/**
 * Replaces (by way of the path `temporary`) every file that the lower tree has too, under whatever path, by a hard link to that one, so
 * that both lie on disk and in the page cache once.
 *
 * @returns the bytes that are shared
 */
export const shareFiles = async (
  lower: { readonly text: string; readonly root: string },
  upper: { readonly text: string; readonly root: string },
  temporary: string,
): Promise<number> => {
  const known = new Map<string, string>();
  for (const entry of treeEntries(lower.text))
    if (entry.type === "f" && entry.size > 0) known.set(identity(entry), entry.path);
  let bytes = 0;
  let seen = 0;
  for (const entry of treeEntries(upper.text)) {
    seen += 1;
    if (seen % sliceEntries === 0) await setImmediate();
    const path = entry.type === "f" ? known.get(identity(entry)) : undefined;
    if (path === undefined) continue;
    const place = join(upper.root, bytePath(entry.path));
    const shared = join(lower.root, bytePath(path));
    if (lstatSync(shared).ino === lstatSync(place).ino) continue;
    try {
      linkSync(shared, temporary);
      renameSync(temporary, place);
      bytes += entry.size;
    } catch (error) {
      // A file has only so many names; a file system may have none to give.
      if (!["EMLINK", "EXDEV", "EPERM", "EOPNOTSUPP"].includes(systemCode(error) ?? "")) throw error;
    }
  }
  return bytes;
};

const identity = ({ mode, uid, gid, size, content }: TreeEntry): string =>
  `${mode} ${uid} ${gid} ${size} ${content}`;

const bytePath = (path: string): string => Buffer.from(path, "latin1").toString("utf8");
