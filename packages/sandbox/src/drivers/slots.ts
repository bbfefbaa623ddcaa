import { SandboxError } from "../error.ts";

/** So many runs at once; the others wait in the order in which they came. */
export class Slots {
  readonly count: number;
  #free: number;
  #waiting = new Set<{ start: () => void; reject: (reason: unknown) => void }>();
  #closed = false;

  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1)
      throw new SandboxError("out_of_range", `a sandbox has at least one slot, not ${count}`);
    this.count = count;
    this.#free = count;
  }

  /** Holds a slot while `use` works. An abort while waiting rejects with the signal's reason. */
  async with<Result>(signal: AbortSignal | null, use: () => Promise<Result>): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      return await use();
    } finally {
      this.#release();
    }
  }

  /** Rejects what waits and what comes. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting) waiting.reject(closedError());
    this.#waiting.clear();
  }

  #wait(signal: AbortSignal | null): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { start: resolve, reject };
    const abort = (): void => {
      this.#waiting.delete(waiting);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiting.add(waiting);
    return promise.finally(() => signal?.removeEventListener("abort", abort));
  }

  #release(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next.start();
      return;
    }
    this.#free += 1;
  }
}

const closedError = (): SandboxError =>
  new SandboxError("unavailable", "the sandbox was closed by this program");
