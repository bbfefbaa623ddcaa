import { unsafe } from "./entry.ts";

/** The paths seen so far. Every path may be there once, and nothing can be below a file. */
export class PathTree {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();

  /** Throws AssayError `package_unsafe` naming the entry. */
  add(path: string, directory: boolean): void {
    if (this.#files.has(path)) throw unsafe(path, "is there more than once");
    const components = path.split("/");
    for (let depth = 1; depth < components.length; depth++) {
      const parent = components.slice(0, depth).join("/");
      if (this.#files.has(parent)) throw unsafe(path, `lies below ${parent}, which is a file`);
      this.#directories.add(parent);
    }
    if (directory) {
      this.#directories.add(path);
      return;
    }
    if (this.#directories.has(path)) throw unsafe(path, "is both a file and a directory");
    this.#files.add(path);
  }
}
