import { isUnavailable } from "@assay/database";

export interface BatcherOptions<Item, Result> {
  /** Does all items or none: results in the order of the items, or an error and nothing has happened. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items of one batch at most. */
  readonly maxItems: number;
  /** What an item weighs, for example its bytes; one that is heavier than `maxWeight` goes alone. */
  readonly weigh: (item: Item) => number;
  readonly maxWeight: number;
}

/** For documents, weighed by the length of their JSON. */
export const batchLimits = { maxItems: 64, maxWeight: 1024 * 1024 };

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly promise: PromiseWithResolvers<Result>;
}

/**
 * Does together what is asked for at the same time: a commit waits for the disk, and one wait serves
 * many. What comes while a batch is under way goes with the next one; a single item does not wait.
 *
 * One bad item does not spoil the others: a batch that fails is done again item by item, and each
 * caller gets its own result or error. Only when the database is away all are told so at once.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #working = false;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    const promise = Promise.withResolvers<Result>();
    this.#waiting.push({ item, promise });
    if (!this.#working) {
      this.#working = true;
      // Behind the other requests that this turn of the event loop has read.
      setImmediate(() => void this.#work());
    }
    return promise.promise;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#runBatch(this.#take());
    this.#working = false;
  }

  #take(): Waiting<Item, Result>[] {
    const { maxItems, maxWeight, weigh } = this.#options;
    let weight = 0;
    const end = this.#waiting.findIndex(({ item }, index) => {
      weight += weigh(item);
      return index === maxItems || (index > 0 && weight > maxWeight);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ item }) => item));
      for (const [index, { promise }] of batch.entries()) {
        if (results.length === batch.length) promise.resolve(results[index] as Result);
        else promise.reject(new Error("a batch needs one result for each item"));
      }
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) for (const { promise } of batch) promise.reject(error);
      else for (const one of batch) await this.#runBatch([one]);
    }
  }
}
