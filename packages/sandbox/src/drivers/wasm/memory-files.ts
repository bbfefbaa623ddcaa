import type { Seen, WorkReader } from "../work-reader.ts";
import type { WorkEntry, WorkTree } from "../work-tree.ts";

/** Files in memory, for a machine that has no file system of its own. Links lead nowhere. */
export class MemoryFiles implements WorkReader {
  #entries: Map<string, WorkEntry>;

  constructor(tree: WorkTree) {
    this.#entries = new Map(tree);
  }

  /** Null when there is no such file. */
  file(path: string): Uint8Array | null {
    const entry = this.#entries.get(path);
    return entry?.kind === "file" ? entry.content : null;
  }

  /** The parents must be directories. */
  write(path: string, content: Uint8Array): void {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      if (this.#entries.get(path.slice(0, end))?.kind !== "directory")
        throw new Error(`${path.slice(0, end)} is no directory`);
    const before = this.#entries.get(path);
    if (before?.kind === "directory") throw new Error(`${path} is a directory`);
    this.#entries.set(path, { kind: "file", mode: before?.kind === "file" ? before.mode : 0o644, content });
  }

  look(path: string): Seen | null {
    const entry = this.#entries.get(path);
    if (entry === undefined) return null;
    return entry.kind === "file"
      ? { kind: "file", size: entry.content.byteLength, mode: entry.mode }
      : { kind: entry.kind };
  }

  list(path: string): string[] {
    const prefix = path === "" ? "" : `${path}/`;
    return [...this.#entries.keys()]
      .filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("/"))
      .map((name) => name.slice(prefix.length));
  }

  read(path: string, maxBytes: number): Uint8Array {
    return this.file(path)?.slice(0, maxBytes) ?? new Uint8Array();
  }
}
