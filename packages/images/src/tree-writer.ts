import {
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { closeSync, writeSync } from "node:fs";
import type { Stats } from "node:fs";
import { ImageError } from "./errors.ts";

/**
 * Writes entries of archives below a root as if it were `/`: links to directories that lie in the tree
 * are followed inside of it, wherever they point to, and never out of it. What comes later replaces
 * what came before, except that a directory stays where a link to one, or a directory, is wanted.
 * Nobody else may write to the tree meanwhile.
 */
export class TreeWriter {
  readonly #root: string;
  /** Real path of directories that were looked up before. */
  readonly #known = new Map<string, string>();

  /** @param root an absolute path without links of the host in it */
  constructor(root: string) {
    this.#root = root;
  }

  directory(path: string): void {
    this.#directory(words(path));
  }

  /** A file without content, open to be written; the caller closes it. */
  file(path: string, isProgram: boolean): number {
    const place = this.#place(path);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return openSync(place, flags, isProgram ? 0o755 : 0o644);
  }

  wholeFile(path: string, isProgram: boolean, content: Buffer): void {
    const descriptor = this.file(path, isProgram);
    try {
      for (let at = 0; at < content.length;) at += writeSync(descriptor, content, at);
    } finally {
      closeSync(descriptor);
    }
  }

  symbolicLink(path: string, target: string): void {
    const parts = words(path);
    const name = parts.pop();
    if (name === undefined) throw new ImageError("build_failed", `"${path}" can't be a link`);
    const place = `${this.#directory(parts)}/${name}`;
    if (look(place)?.isDirectory() === true) return;
    rmSync(place, { force: true });
    symlinkSync(target, place);
    this.#known.clear();
  }

  hardLink(path: string, target: string): void {
    const parts = words(target);
    const name = parts.pop() ?? ".";
    const from = `${this.#directory(parts)}/${name}`;
    if (look(from)?.isFile() !== true)
      throw new ImageError("build_failed", `${path} is a link to ${target}, which is not a file before it`);
    const place = this.#place(path, from);
    if (place !== from) linkSync(from, place);
  }

  /** Where an entry goes that replaces what is there; `keep` stays if it is that. */
  #place(path: string, keep: string | null = null): string {
    const parts = words(path);
    const name = parts.pop();
    if (name === undefined) throw new ImageError("build_failed", `"${path}" can't be a file`);
    const place = `${this.#directory(parts)}/${name}`;
    if (place === keep) return place;
    const there = look(place);
    if (there?.isDirectory() === true)
      throw new ImageError("build_failed", `${path} is a file in one archive and a directory in another`);
    if (there?.isSymbolicLink() === true) this.#known.clear();
    if (there !== undefined) rmSync(place);
    return place;
  }

  /** The real path of a directory, made if it is not there. */
  #directory(parts: readonly string[]): string {
    const key = parts.join("/");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const pending = [...parts];
    const at: string[] = [];
    let links = 0;
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      if (part === "..") {
        at.pop();
        continue;
      }
      const place = `${this.#root}/${[...at, part].join("/")}`;
      const there = look(place);
      if (there?.isSymbolicLink() === true) {
        links += 1;
        if (links > 40) throw new ImageError("build_failed", `${key} leads from one link to the next`);
        const target = readlinkSync(place);
        if (target.startsWith("/")) at.length = 0;
        pending.unshift(...target.split("/").filter((word) => word !== "" && word !== "."));
        continue;
      }
      if (there === undefined) mkdirSync(place, 0o755);
      else if (!there.isDirectory())
        throw new ImageError("build_failed", `${key} leads through ${part}, which is a file`);
      at.push(part);
    }
    const real = [this.#root, ...at].join("/");
    this.#known.set(key, real);
    return real;
  }
}

const look = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** @throws ImageError `build_failed` for a name that would lead elsewhere */
const words = (path: string): string[] => {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || /[\0\uFFFD]/.test(path))
    throw new ImageError("build_failed", `an archive holds an entry named ${JSON.stringify(path)}`);
  return parts;
};
