import { bad, show } from "../bad.ts";
import type { Budget } from "../limits.ts";

/** A file's bytes and what it may do; several names (hard links) share one. */
export interface Content {
  readonly executable: boolean;
  /** Where the bytes are, absolute, one character per byte; a spooled file is moved from there, another image's is linked. */
  readonly place: string;
  readonly owned: boolean;
}

interface Made {
  /** Index of the layer that made the entry last. */
  readonly layer: number;
}
interface FileNode extends Made {
  readonly kind: "file";
  readonly content: Content;
}
interface LinkNode extends Made {
  readonly kind: "link";
  readonly target: string;
}
export interface DirectoryNode extends Made {
  readonly kind: "directory";
  readonly children: Map<string, Node>;
  /** Of the layer that hid all in it that lower layers have, so that none walks through it twice. */
  cleared?: number;
}
export type Node = FileNode | LinkNode | DirectoryNode;

/** As the kernel does it. */
const maxHops = 40;
const maxPending = 256;
/** Links make paths longer than any entry's name is; the system takes 4095 bytes. */
const maxDepth = 512;

const directoryOf = (layer: number): DirectoryNode => ({ kind: "directory", layer, children: new Map() });

/**
 * A file tree in memory. Layers are applied to it, and nothing exists on disk but the contents of files
 * under numbers: so no name or link of an archive is ever resolved by the operating system, and a link
 * can lead nowhere but to another place of this tree. Names have one character per byte.
 */
export class TreeModel {
  readonly root: DirectoryNode = directoryOf(0);
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** An entry of a layer. What was there goes, unless both are directories. */
  put(components: readonly string[], node: Node, name: string): void {
    this.#budget.entry();
    const last = components.at(-1);
    if (last === undefined) {
      if (node.kind !== "directory") throw bad(`The root of the image is a ${node.kind}`);
      return;
    }
    const parent = this.#directory(components.slice(0, -1), node.layer, name);
    const before = parent.children.get(last);
    const joined = before?.kind === "directory" && node.kind === "directory";
    parent.children.set(last, joined ? { ...before, layer: node.layer } : node);
  }

  putDirectory(components: readonly string[], layer: number, name: string): void {
    this.put(components, directoryOf(layer), name);
  }

  /** A further name of what has one already. */
  putHardLink(components: readonly string[], target: readonly string[], layer: number, name: string): void {
    const parent = this.find(target.slice(0, -1));
    const node = parent?.kind === "directory" ? parent.children.get(target.at(-1) ?? "") : undefined;
    if (node === undefined) throw bad(`The hard link ${show(name)} leads to nothing in the image`);
    if (node.kind === "directory") throw bad(`The hard link ${show(name)} leads to a directory`);
    this.put(components, { ...node, layer }, name);
  }

  /** Hides what lower layers have at a path; what this layer made there stays, whatever came first. */
  hide(components: readonly string[], layer: number): void {
    const parent = this.find(components.slice(0, -1));
    const last = components.at(-1) ?? "";
    if (parent?.kind !== "directory") return;
    const kept = keepFrom(parent.children.get(last), layer);
    if (kept === null) parent.children.delete(last);
    else parent.children.set(last, kept);
  }

  /** Hides all that lower layers have in a directory. */
  hideAll(components: readonly string[], layer: number): void {
    const directory = this.find(components);
    if (directory?.kind === "directory") keepChildrenFrom(directory, layer);
  }

  /** What a path leads to inside of the tree, through links; the last one too. Null when nothing. */
  find(components: readonly string[]): Node | null {
    return this.#walk(components, null, "");
  }

  #directory(components: readonly string[], layer: number, name: string): DirectoryNode {
    const node = this.#walk(components, layer, name);
    if (node?.kind === "directory") return node;
    throw bad(`The entry ${show(name)} lies below what is no directory`);
  }

  /** Follows a path as a process would whose root this is; `make` is the layer of directories that it makes. */
  #walk(components: readonly string[], make: number | null, name: string): Node | null {
    const stack: DirectoryNode[] = [this.root];
    let pending = [...components];
    let hops = 0;
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      const here = stack.at(-1) ?? this.root;
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (stack.length > 1) stack.pop();
        continue;
      }
      let next = here.children.get(part);
      if (next === undefined) {
        if (make === null) return null;
        if (stack.length > maxDepth)
          throw bad(`The entry ${show(name)} lies over ${maxDepth} directories deep`);
        this.#budget.entry();
        next = directoryOf(make);
        here.children.set(part, next);
      }
      if (next.kind === "directory") stack.push(next);
      else if (next.kind === "file") return pending.length === 0 ? next : null;
      else {
        hops += 1;
        const target = next.target.split("/");
        if (hops > maxHops || target.length + pending.length > maxPending) {
          if (make === null) return null;
          throw bad(`The entry ${show(name)} lies behind links without end`);
        }
        if (next.target.startsWith("/")) stack.length = 1;
        pending = [...target, ...pending];
      }
    }
    return stack.at(-1) ?? this.root;
  }
}

/** What of a node a layer made itself; null when nothing. */
const keepFrom = (node: Node | undefined, layer: number): Node | null => {
  if (node === undefined) return null;
  if (node.kind !== "directory") return node.layer >= layer ? node : null;
  keepChildrenFrom(node, layer);
  if (node.layer >= layer) return node;
  return node.children.size > 0 ? { ...node, layer } : null;
};

const keepChildrenFrom = (directory: DirectoryNode, layer: number): void => {
  if (directory.cleared !== undefined && directory.cleared >= layer) return;
  directory.cleared = layer;
  for (const [name, child] of directory.children) {
    const kept = keepFrom(child, layer);
    if (kept === null) directory.children.delete(name);
    else directory.children.set(name, kept);
  }
};
