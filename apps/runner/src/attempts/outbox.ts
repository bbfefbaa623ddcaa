import type { JobEventBody } from "@assay/contracts";
import type { Clock } from "../clock.ts";

/** What one call to the server carries at most. */
const MAX_BATCH = 200;

/** Events not yet taken by the server, and how many it has taken before them. */
export interface Unsent {
  readonly offset: number;
  readonly events: readonly JobEventBody[];
}

export interface OutboxOptions {
  readonly clock: Clock;
  /** How long the first event may wait for company, and the least time between two batches, ms. */
  readonly flushMs: number;
  /** Resolves when the server has taken the batch; tries again by itself. */
  readonly send: (batch: Unsent) => Promise<void>;
  /** `send` failed for good. Nothing more will be sent. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The events of one attempt on their way to the server: in order, in batches, one batch at a time.
 *
 * A batch whose answer was lost is sent again as it was, with the same offset, so that the server
 * can tell that it has it. What is not sent when the attempt ends goes with its settlement.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #closing = new AbortController();
  readonly #queue: JobEventBody[] = [];
  #taken = 0;
  /** When the last batch went out, on the clock; null before the first. */
  #lastSent: number | null = null;
  #flushing: Promise<void> | null = null;
  #failed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  push(event: JobEventBody): void {
    if (this.#failed || this.#closing.signal.aborted) return;
    this.#queue.push(event);
    this.#flushing ??= this.#flush();
  }

  /** Takes no more events, waits for the batch under way, and hands over the few that no batch took. */
  async close(): Promise<Unsent> {
    this.#closing.abort();
    await this.#flushing;
    while (this.#queue.length > MAX_BATCH && !this.#failed) await this.#sendBatch();
    return { offset: this.#taken, events: this.#failed ? [] : this.#queue };
  }

  async #flush(): Promise<void> {
    const { clock, flushMs } = this.#options;
    const closing = this.#closing.signal;
    while (this.#queue.length > 0 && !this.#failed) {
      // What a long job tells now and then goes at once; what it tells in a row goes together.
      const waitMs = this.#lastSent === null ? flushMs : this.#lastSent + flushMs - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, closing);
      if (closing.aborted) break;
      this.#lastSent = clock.now();
      await this.#sendBatch();
    }
    this.#flushing = null;
  }

  async #sendBatch(): Promise<void> {
    const events = this.#queue.slice(0, MAX_BATCH);
    try {
      await this.#options.send({ offset: this.#taken, events });
      this.#queue.splice(0, events.length);
      this.#taken += events.length;
    } catch (error) {
      this.#failed = true;
      this.#options.onFailure(error);
    }
  }
}
