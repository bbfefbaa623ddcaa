import { keyOf } from "./value.ts";
import type { Value } from "./value.ts";

/** Beyond this the values alone would take the memory of the machine. */
const maxValues = 8_000_000;

export class TooMany extends Error {
  override readonly name = "TooMany";
}

/** How many values all variables of one run hold. */
export class Store {
  #values = 0;

  grow(by: number): void {
    this.#values += by;
    if (this.#values > maxValues) throw new TooMany(`more than ${maxValues} values in variables`);
  }
}

type Index = number | string;

/** One name: a plain variable, and an array with indices. */
export class Variable {
  readonly name: string;
  readonly #store: Store;
  #values = new Map<Index, Value>();
  /** How often each value occurs; made when it is first asked for. */
  #counts: Map<string, number> | null = null;

  constructor(name: string, store: Store) {
    this.name = name;
    this.#store = store;
  }

  get size(): number {
    return this.#values.size;
  }

  get(index: Index): Value | undefined {
    return this.#values.get(index);
  }

  set(index: Index, value: Value): void {
    if (this.#counts !== null) {
      const old = this.#values.get(index);
      if (old !== undefined) this.#count(this.#counts, old, -1);
      this.#count(this.#counts, value, 1);
    }
    const before = this.#values.size;
    this.#values.set(index, value);
    if (this.#values.size !== before) this.#store.grow(1);
  }

  clear(): void {
    this.#store.grow(-this.#values.size);
    this.#values = new Map();
    this.#counts = null;
  }

  entries(): IterableIterator<[Index, Value]> {
    return this.#values.entries();
  }

  includes(value: Value): boolean {
    if (this.#counts === null) {
      this.#counts = new Map();
      for (const each of this.#values.values()) this.#count(this.#counts, each, 1);
    }
    return (this.#counts.get(keyOf(value)) ?? 0) > 0;
  }

  #count(counts: Map<string, number>, value: Value, by: number): void {
    const key = keyOf(value);
    counts.set(key, (counts.get(key) ?? 0) + by);
  }
}
