/**
 * A map that forgets what was used longest ago when its entries weigh too much together.
 *
 * What alone weighs more than the whole map is not taken in.
 */
export class Lru<Key, Value> {
  readonly #maxWeight: number;
  readonly #entries = new Map<Key, { value: Value; weight: number }>();
  readonly #onEvict: (key: Key, value: Value) => void;
  #weight = 0;

  constructor(maxWeight: number, onEvict: (key: Key, value: Value) => void = () => {}) {
    this.#maxWeight = maxWeight;
    this.#onEvict = onEvict;
  }

  get weight(): number {
    return this.#weight;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** False when the value is too heavy to be kept. */
  set(key: Key, value: Value, weight: number): boolean {
    this.delete(key);
    if (weight > this.#maxWeight) return false;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxWeight) break;
      const entry = this.#entries.get(oldest);
      this.delete(oldest);
      if (entry !== undefined) this.#onEvict(oldest, entry.value);
    }
    return true;
  }

  /** Forgets one entry without calling `onEvict`. */
  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }
}
