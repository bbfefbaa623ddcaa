import type { Findings } from "./findings.ts";
import type { PackageEntry } from "./files.ts";
import { isValidName } from "./names.ts";

/** A directory below data/. */
export interface Folder {
  /** Path in the package, for example "data/secret". */
  readonly path: string;
  readonly files: Map<string, PackageEntry>;
  readonly folders: Map<string, Folder>;
}

/** Everything below data/ as a tree. */
export const dataTree = (entries: readonly PackageEntry[], findings: Findings): Folder => {
  const root = folderOf("data");
  for (const entry of entries) {
    const [top, ...names] = entry.path.split("/");
    if (top === "data") place(root, names, entry, findings);
  }
  return root;
};

const folderOf = (path: string): Folder => ({ path, files: new Map(), folders: new Map() });

const place = (folder: Folder, names: readonly string[], entry: PackageEntry, findings: Findings): void => {
  const [name, ...rest] = names;
  if (name === undefined) return;
  if (!isValidName(name)) {
    findings.invalid(entry.path, null, `"${name}" is no valid name; use letters, digits, "_", "." and "-"`);
    return;
  }
  if (rest.length === 0) {
    folder.files.set(name, entry);
    return;
  }
  const next = folder.folders.get(name) ?? folderOf(`${folder.path}/${name}`);
  folder.folders.set(name, next);
  place(next, rest, entry, findings);
};

/** The name of a group or test: its path below data/. */
export const dataName = (path: string): string => (path === "data" ? "" : path.slice("data/".length));

/** Every file in a directory and below it, with its size. */
export const filesBelow = (folder: Folder): readonly PackageEntry[] => [
  ...folder.files.values(),
  ...[...folder.folders.values()].flatMap(filesBelow),
];
