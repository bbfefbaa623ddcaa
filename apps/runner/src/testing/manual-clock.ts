import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";

interface Sleeper {
  readonly until: number;
  readonly milliseconds: number;
  readonly wake: () => void;
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  /** How long those who sleep now asked to sleep, ms. */
  get sleeping(): number[] {
    return [...this.#sleepers].map(({ milliseconds }) => milliseconds);
  }

  sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper: Sleeper = {
      until: this.#now + milliseconds,
      milliseconds,
      wake: () => {
        this.#sleepers.delete(sleeper);
        resolve();
      },
    };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", sleeper.wake, { once: true });
    return promise;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const sleeper of this.#sleepers) if (sleeper.until <= this.#now) sleeper.wake();
  }

  /** Wakes one sleeper after the other, in the order of time, until the promise has settled. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    const settled = new AbortController();
    const mark = (): void => settled.abort();
    promise.then(mark, mark);
    while (!settled.signal.aborted) {
      const next = Math.min(...[...this.#sleepers].map(({ until }) => until));
      if (Number.isFinite(next)) this.advance(Math.max(0, next - this.#now));
      await setImmediate();
    }
    return promise;
  }
}
