import { bad, show } from "../bad.ts";
import { tooLarge } from "../limits.ts";
import type { Budget } from "../limits.ts";
import { entryComponents, linkTarget } from "../tar/path.ts";
import type { TarEntry, TarVisitor } from "../tar/reader.ts";
import type { TreeModel } from "./model.ts";
import type { Spool } from "./spool.ts";
import { whiteoutOf } from "./whiteout.ts";

/** Applies the entries of one layer to the model. */
export class LayerVisitor implements TarVisitor {
  readonly #model: TreeModel;
  readonly #spool: Spool;
  readonly #budget: Budget;
  readonly #layer: number;
  /** A plain archive has no whiteouts: such names are names there. */
  readonly #whiteouts: boolean;
  #file: { readonly components: readonly string[]; readonly name: string } | null = null;

  constructor(
    parts: { readonly model: TreeModel; readonly spool: Spool; readonly budget: Budget },
    layer: number,
    whiteouts: "with whiteouts" | "without whiteouts",
  ) {
    this.#model = parts.model;
    this.#spool = parts.spool;
    this.#budget = parts.budget;
    this.#layer = layer;
    this.#whiteouts = whiteouts === "with whiteouts";
  }

  entry(entry: TarEntry): void {
    const { name, kind } = entry;
    const components = entryComponents(name);
    this.#budget.names(name.length + entry.link.length);
    if (this.#whiteouts && this.#whiteout(components, entry)) return;
    switch (kind) {
      case "directory":
        this.#model.putDirectory(components, this.#layer, name);
        break;
      case "symbolic link": {
        const target = linkTarget(name, entry.link);
        this.#model.put(components, { kind: "link", target, layer: this.#layer }, name);
        break;
      }
      case "hard link":
        this.#model.putHardLink(components, entryComponents(entry.link), this.#layer, name);
        break;
      case "device or pipe":
        // A box can't have it. Whatever it replaces is gone all the same.
        this.#budget.entry();
        this.#model.hide(components, this.#layer + 1);
        break;
      case "file":
        if (entry.size > this.#budget.limits.fileBytes)
          throw tooLarge(
            `The file ${show(name)} has ${entry.size} bytes, more than ${this.#budget.limits.fileBytes}`,
          );
        this.#spool.begin(entry.mode);
        this.#file = { components, name };
    }
  }

  content(bytes: Buffer): void {
    this.#spool.write(bytes);
  }

  contentEnd(): void {
    // A whiteout is a file of no bytes, which ends like any other.
    if (this.#file === null) return;
    const { components, name } = this.#file;
    this.#file = null;
    this.#model.put(components, { kind: "file", content: this.#spool.end(), layer: this.#layer }, name);
  }

  /** Whether the entry was a whiteout. */
  #whiteout(components: readonly string[], { name, kind, size }: TarEntry): boolean {
    const whiteout = whiteoutOf(components, name);
    if (whiteout === null) return false;
    if (kind !== "file" || size !== 0) throw bad(`The whiteout ${show(name)} is no empty file`);
    this.#budget.entry();
    const directory = components.slice(0, -1);
    if (whiteout === "everything here") this.#model.hideAll(directory, this.#layer);
    else this.#model.hide([...directory, whiteout.hides], this.#layer);
    return true;
  }
}
