import { parseTree } from "./tree-text.ts";
import type { TreeEntry } from "./tree-text.ts";

/** What one tree has that the one below it has not, and the other way round. */
export interface LayerDifference {
  /** New or changed entries, in the order of the tree. */
  readonly entries: readonly TreeEntry[];
  /** Paths that are gone, without those below another one that is gone or is no directory any more. */
  readonly removed: readonly string[];
}

/** The layer that makes `treeText` of `parentText`; of nothing when that is null. */
export const layerDifference = (parentText: string | null, treeText: string): LayerDifference => {
  const entries = parseTree(treeText);
  if (parentText === null) return { entries: entries.filter(({ path }) => path !== "."), removed: [] };
  const before = new Map(parseTree(parentText).map((entry) => [entry.path, entry]));
  const after = new Map(entries.map((entry) => [entry.path, entry]));
  const removed = [...before.keys()].filter(
    (path) => !after.has(path) && after.get(parentOf(path))?.type === "d",
  );
  return { entries: entries.filter((entry) => !isSame(entry, before.get(entry.path))), removed };
};

const parentOf = (path: string): string =>
  path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";

const isSame = (a: TreeEntry, b: TreeEntry | undefined): boolean =>
  a.type === b?.type && a.mode === b.mode && a.size === b.size && a.content === b.content;
