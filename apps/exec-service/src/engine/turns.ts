/** The queue has no room for another request. */
export class QueueFull extends Error {
  override readonly name = "QueueFull";
  override readonly message = "worker queue is full";
}

interface Waiting {
  readonly start: (turn: Disposable) => void;
}

/** At most so many requests at a time, in the order in which they came. */
export class Turns {
  readonly #maxWaiting: number;
  readonly #waiting = new Set<Waiting>();
  #free: number;

  constructor(options: { parallelism: number; maxWaiting: number }) {
    this.#free = options.parallelism;
    this.#maxWaiting = options.maxWaiting;
  }

  /** Resolves when it is one's turn, which ends by disposing. Rejects with QueueFull, or the signal's reason. */
  async take(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return this.#turn();
    }
    if (this.#waiting.size >= this.#maxWaiting) throw new QueueFull();
    const turn = Promise.withResolvers<Disposable>();
    const waiting = { start: turn.resolve };
    const leave = (): void => {
      if (this.#waiting.delete(waiting)) turn.reject(signal.reason);
    };
    this.#waiting.add(waiting);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await turn.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #turn(): Disposable {
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        const [next] = this.#waiting;
        if (next === undefined) {
          this.#free += 1;
        } else {
          this.#waiting.delete(next);
          next.start(this.#turn());
        }
      },
    };
  }
}
