import { ApiError } from "@assay/client";
import type { Client } from "@assay/client";
import { routes } from "@assay/contracts";
import type { JobEventBody, JobInput, JobResult, LeasedJob, SettleRequest } from "@assay/contracts";
import type { Logger } from "pino";
import { Backoff } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { Abandoned, FenceRefused, GivenBack, JobCancelled, JobRefused } from "./endings.ts";
import { Outbox } from "./outbox.ts";
import type { Unsent } from "./outbox.ts";
import { untilAnswered } from "./retry.ts";

export type Settlement = SettleRequest["settlement"];

/** What an executor gets of its attempt. */
export interface Work {
  readonly job: LeasedJob;
  /** Aborts when the attempt must stop; the box must die with it. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly emit: (event: JobEventBody) => void;
  /** Waits for what needs no box here; other jobs take the attempt's place meanwhile. */
  readonly pause: <T>(wait: () => Promise<T>) => Promise<T>;
  /**
   * What was said to an interactive run after this number: held open until there is some, or empty after
   * a while and when `until` aborts. Rejects when the attempt can't go on.
   */
  readonly readInput: (after: number, until: AbortSignal) => Promise<readonly JobInput[]>;
}

/** Does the job's work. States are told by the server, everything else by `emit`. Throws GivenBack when this machine can't, JobRefused when none can; any other error is a bug of ours. */
export type Execute = (work: Work) => Promise<JobResult>;

export interface AttemptOptions {
  readonly job: LeasedJob;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly execute: Execute;
  readonly random?: () => number;
}

export type AttemptState = "executing" | "waiting" | "delivering" | "ended";
/** How an attempt ended: what the server took, or why nothing more was said to it. */
export type AttemptEnd = Settlement["how"] | "refused" | "abandoned" | "undeliverable";

/**
 * Little beside the 100 ms in which a verdict is to be seen, and enough that short jobs tell everything
 * with their settlement and cost the server no call more.
 */
const FLUSH_MS = 20;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;
const CALL_TIMEOUT_MS = 30_000;
const INPUT_WAIT_SECONDS = 20;
const MAX_REASON = 4096;

/**
 * One leased job, from its lease to its settlement.
 *
 *     executing ──► delivering ──► ended
 *       ▲  │  └──────────┴───────► ended    (fence refused, or the runner stops at once)
 *       │  ▼
 *     waiting                               (for what needs no box, such as an image)
 *
 * `stop` is the one way to end it from outside, and its first reason wins. It aborts the work, which
 * kills the box. What the work returns after that is discarded, whatever it is. A refused fence and
 * an abandonment also abort the calls to the server; after the other reasons the settlement is still
 * delivered, tried again until the server takes it or refuses the fence.
 */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #work = new AbortController();
  readonly #calls = new AbortController();
  readonly #outbox: Outbox;
  readonly #log: Logger;
  #state: AttemptState = "executing";
  #blamesMachine = false;
  #hasWaited = false;
  #onStateChange: () => void = () => {};

  constructor(options: AttemptOptions) {
    this.#options = options;
    const { job, log, clock } = options;
    this.#log = log.child({ jobId: job.jobId, attempt: job.attempt, correlationId: job.correlationId });
    this.#outbox = new Outbox({
      clock,
      flushMs: FLUSH_MS,
      send: (batch) => this.#sendEvents(batch),
      onFailure: (error) => this.stop(error instanceof Error ? error : new Error(String(error))),
    });
  }

  get state(): AttemptState {
    return this.#state;
  }

  /** Whether the work is not done yet: it can be stopped. */
  get isWorking(): boolean {
    return this.#state === "executing" || this.#state === "waiting";
  }

  /** Whether how long it took says something of how long jobs take. */
  get hasWaited(): boolean {
    return this.#hasWaited;
  }

  /** Of one that was given back: whether this machine failed at it. */
  get blamesMachine(): boolean {
    return this.#blamesMachine;
  }

  get job(): LeasedJob {
    return this.#options.job;
  }

  /** Ends the attempt for this reason; without effect when it was stopped before. */
  stop(reason: Error): void {
    if (!this.#work.signal.aborted) this.#work.abort(reason);
    if (reason instanceof FenceRefused || reason instanceof Abandoned) this.#calls.abort(reason);
  }

  /**
   * Works and delivers; never rejects. `onExecuted` is called when the work needs its place no more and
   * before the server hears how it ended; null when it must not hear. `onStateChange` is called when it
   * begins and ends to wait.
   */
  async run(
    onExecuted: (how: Settlement["how"] | null) => void,
    onStateChange: () => void = () => {},
  ): Promise<AttemptEnd> {
    this.#onStateChange = onStateChange;
    const settlement = await this.#settlement();
    this.#state = "delivering";
    onExecuted(settlement?.how ?? null);
    const end = settlement === null ? await this.#endSilently() : await this.#deliver(settlement);
    this.#state = "ended";
    this.#log.info({ end }, "attempt ended");
    return end;
  }

  /** How the work ended; null when the server must not hear of it. */
  async #settlement(): Promise<Settlement | null> {
    const { job, execute } = this.#options;
    const { signal } = this.#work;
    let thrown: unknown;
    try {
      signal.throwIfAborted();
      const emit = (event: JobEventBody): void => this.#outbox.push(event);
      const readInput = (after: number, until: AbortSignal) => this.#readInput(after, until);
      const pause = <T>(wait: () => Promise<T>) => this.#pause(wait);
      const result = await execute({ job, signal, log: this.#log, emit, readInput, pause });
      if (!signal.aborted) return { how: "completed", result };
    } catch (error) {
      thrown = error;
    }
    return this.#settlementFor(signal.aborted ? signal.reason : thrown);
  }

  async #pause<T>(wait: () => Promise<T>): Promise<T> {
    this.#hasWaited = true;
    this.#move("waiting");
    try {
      return await wait();
    } finally {
      this.#move("executing");
    }
  }

  #move(state: "executing" | "waiting"): void {
    this.#state = state;
    this.#onStateChange();
  }

  #settlementFor(reason: unknown): Settlement | null {
    if (reason instanceof FenceRefused || reason instanceof Abandoned) {
      this.stop(reason);
      return null;
    }
    if (reason instanceof JobCancelled) return { how: "cancelled" };
    if (reason instanceof GivenBack) {
      this.#blamesMachine = reason.blamesMachine;
      this.#log.warn({ err: reason }, "the job is given back");
      const { message, lacking } = reason;
      return { how: "released", reason: message.slice(0, MAX_REASON), lacking };
    }
    if (reason instanceof JobRefused) {
      this.#log.warn({ err: reason }, "the job is refused");
      return { how: "failed", code: "refused", message: reason.message.slice(0, MAX_REASON) };
    }
    this.#log.error({ err: reason }, "the executor failed");
    return {
      how: "failed",
      code: "internal",
      message: "the runner failed on this job; its log has the details under the correlation id",
    };
  }

  async #deliver(settlement: Settlement): Promise<AttemptEnd> {
    try {
      const unsent = await this.#outbox.close();
      await this.#settle(settlement, unsent).catch(async (error: unknown) => {
        if (error instanceof FenceRefused || this.#calls.signal.aborted || isJobGone(error)) throw error;
        this.#log.error({ err: error }, "the server refuses the settlement");
        const code = "undeliverable";
        const message = `the server refused the result: ${error instanceof Error ? error.message : String(error)}`;
        const failed = { how: "failed", code, message: message.slice(0, MAX_REASON) } as const;
        await this.#settle(failed, { offset: unsent.offset, events: [] });
      });
      return settlement.how;
    } catch (error) {
      if (error instanceof FenceRefused || isJobGone(error)) this.stop(new FenceRefused());
      if (this.#calls.signal.aborted) return await this.#endSilently();
      this.#log.error({ err: error }, "the attempt can't be settled; its lease will run out");
      return "undeliverable";
    }
  }

  async #endSilently(): Promise<AttemptEnd> {
    await this.#outbox.close();
    const refused = this.#calls.signal.reason instanceof FenceRefused;
    if (refused) this.#log.warn("the fence was refused; the result is discarded");
    return refused ? "refused" : "abandoned";
  }

  #settle(settlement: Settlement, { offset, events }: Unsent): Promise<void> {
    const body = { offset, events: [...events], settlement };
    return this.#untilTaken("settle", async (common) => {
      await this.#options.client.call(routes.settle, { ...common, body });
    });
  }

  #sendEvents({ offset, events }: Unsent): Promise<void> {
    const body = { offset, events: [...events] };
    return this.#untilTaken("events", async (common) => {
      const { cancelled } = await this.#options.client.call(routes.appendEvents, { ...common, body });
      // A result that is there already is delivered.
      if (cancelled && this.isWorking) this.stop(new JobCancelled());
    });
  }

  async #readInput(after: number, until: AbortSignal): Promise<readonly JobInput[]> {
    const ending = AbortSignal.any([until, this.#work.signal, this.#calls.signal]);
    let inputs: readonly JobInput[] = [];
    try {
      await this.#untilTaken(
        "input",
        async (common) => {
          const query = { after, wait: INPUT_WAIT_SECONDS };
          ({ inputs } = await this.#options.client.call(routes.readAttemptInput, { ...common, query }));
        },
        ending,
      );
    } catch (error) {
      if (error instanceof FenceRefused) this.stop(error);
      if (until.aborted && !this.#work.signal.aborted) return [];
      throw error;
    }
    return inputs;
  }

  #untilTaken(
    what: string,
    call: (common: CallOfAttempt) => Promise<void>,
    signal: AbortSignal = this.#calls.signal,
  ): Promise<void> {
    const { job, clock, random = Math.random } = this.#options;
    const params = { id: job.jobId, attempt: job.attempt };
    return untilAnswered(() => call({ params, signal, timeoutMs: CALL_TIMEOUT_MS }), {
      clock,
      signal,
      backoff: new Backoff({ firstMs: FIRST_RETRY_MS, longestMs: LONGEST_RETRY_MS, random }),
      onFailure: (error, waitMs) =>
        this.#log.warn({ err: error, what, waitMs }, "the server did not take it yet"),
    });
  }
}

/** Its organization was removed, or a database of earlier days was restored: nobody waits for a result. */
const isJobGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

interface CallOfAttempt {
  readonly params: { id: string; attempt: number };
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}
