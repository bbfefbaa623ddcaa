import type { Attempt as AttemptId } from "@assay/contracts";
import type { Attempt, AttemptEnd } from "../attempts/attempt.ts";
import type { Clock } from "../clock.ts";
import { Bell } from "./bell.ts";
import { Prefetch } from "./prefetch.ts";

type OnExecuted = Parameters<Attempt["run"]>[0];

/** Far more than a fleet of one organization sends here for one image, little enough for the memory. */
const WAITING_PER_SLOT = 32;
/** Far more than a healthy server leaves undelivered, little enough for the memory. */
const UNDELIVERED_PER_SLOT = 16;

/**
 * The attempts that this runner holds.
 *
 * A place is taken while an attempt executes; there are as many as slots, and a few for jobs that are
 * fetched ahead. An attempt that waits for an image holds no place, and neither does one whose result
 * waits for the server, but only so many may wait: a runner whose server is away stops taking work
 * instead of memory.
 */
export class Roster {
  readonly #attempts = new Map<string, Attempt>();
  readonly #prefetch: Prefetch;
  readonly #clock: Clock;
  readonly #maxUndelivered: number;
  readonly #maxWaiting: number;
  readonly #changed = new Bell();

  constructor(slots: number, clock: Clock) {
    this.#prefetch = new Prefetch(slots);
    this.#clock = clock;
    this.#maxUndelivered = UNDELIVERED_PER_SLOT * slots;
    this.#maxWaiting = WAITING_PER_SLOT * slots;
  }

  /** How many more jobs to take now. */
  get free(): number {
    const executing = this.#count("executing");
    const waiting = this.#count("waiting");
    const undelivered = this.#attempts.size - executing - waiting;
    return Math.max(
      0,
      Math.min(
        this.#prefetch.wanted(executing),
        this.#maxUndelivered - undelivered,
        this.#maxWaiting - waiting,
      ),
    );
  }

  get size(): number {
    return this.#attempts.size;
  }

  get executing(): number {
    return this.#count("executing");
  }

  /** Keeps the attempt until it has ended; `onExecuted` as in Attempt. */
  async run(attempt: Attempt, onExecuted: OnExecuted): Promise<AttemptEnd> {
    const key = keyOf(attempt.job);
    const begun = this.#clock.now();
    this.#attempts.set(key, attempt);
    try {
      return await attempt.run(
        (how) => {
          onExecuted(how);
          if (!attempt.hasWaited) this.#prefetch.took(this.#clock.now() - begun);
          this.#changed.ring();
        },
        () => this.#changed.ring(),
      );
    } finally {
      this.#attempts.delete(key);
      this.#changed.ring();
    }
  }

  find(id: AttemptId): Attempt | undefined {
    return this.#attempts.get(keyOf(id));
  }

  ids(): AttemptId[] {
    return [...this.#attempts.values()].map(({ job }) => ({ jobId: job.jobId, attempt: job.attempt }));
  }

  stopAll(reason: Error): void {
    for (const attempt of this.#attempts.values()) attempt.stop(reason);
  }

  /** Resolves when the condition holds, or when the signal aborts. */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    const stop = (): void => stopped.resolve();
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted && !condition()) await Promise.race([this.#changed.rung, stopped.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #count(state: Attempt["state"]): number {
    let count = 0;
    for (const attempt of this.#attempts.values()) if (attempt.state === state) count += 1;
    return count;
  }
}

const keyOf = ({ jobId, attempt }: AttemptId): string => `${jobId} ${attempt}`;
