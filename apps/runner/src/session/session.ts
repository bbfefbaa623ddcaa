import { retryAfterMs } from "@assay/client";
import type { Client } from "@assay/client";
import { routes } from "@assay/contracts";
import type { LeasedJob, RegisterRunner, RegisteredRunner } from "@assay/contracts";
import type { Logger } from "pino";
import { Attempt } from "../attempts/attempt.ts";
import type { Execute } from "../attempts/attempt.ts";
import { Abandoned, GivenBack } from "../attempts/endings.ts";
import { isRefusedToken } from "../attempts/retry.ts";
import { Backoff } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { keepBeating } from "./heartbeat.ts";
import { Roster } from "./roster.ts";

export interface SessionOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly execute: Execute;
  /** What the runner offers now. */
  readonly registration: () => RegisterRunner;
  /** Looks again at what this machine can do, after it failed at a job; resolves when it can work. */
  readonly recover: (signal: AbortSignal) => Promise<void>;
  /** Jobs that can execute at once. */
  readonly slots: number;
  readonly drainMs: number;
}

/** The server does not take this runner's token. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}

/** Why a poll was broken off: nobody failed. */
class OffersChanged extends Error {
  override readonly name = "OffersChanged";
}

const LEASE_WAIT_SECONDS = 20;
const CALL_TIMEOUT_MS = 15_000;
/** For the last settlements, after the work has ended or was given back. */
const FAREWELL_MS = 5_000;

/**
 * A runner's life with its server.
 *
 *     registering ─► leasing ─► draining ─► stopped
 *          ▲            │
 *          └────────────┘   the server was away, forgot this runner, or this machine failed at a job
 *
 * - registering: says what it offers, until the server takes it. Attempts go on meanwhile.
 * - leasing: one long poll at a time, for as many jobs as there are free places.
 * - draining: no more leases; attempts may finish for `drainMs`, then they are given back.
 * - stopped: no attempt is left.
 *
 * The heart beats from the first registration until the end. `drain` and `stopNow` may come at any time.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #roster: Roster;
  readonly #draining = new AbortController();
  readonly #stopped = new AbortController();
  readonly #registered = Promise.withResolvers<RegisteredRunner>();
  readonly #away: Backoff;
  readonly #unwell: Backoff;
  #registration: RegisteredRunner | null = null;
  #poll = new AbortController();
  #mustRegister = true;
  #mustRecover = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#roster = new Roster(options.slots, options.clock);
    this.#away = new Backoff({ firstMs: 100, longestMs: 5_000 });
    this.#unwell = new Backoff({ firstMs: 250, longestMs: 15_000 });
    this.#registered.promise.catch(() => {});
  }

  /** Resolves at the first registration; rejects when the session ends before it. */
  get registered(): Promise<RegisteredRunner> {
    return this.#registered.promise;
  }

  /** Takes no more jobs; `run` resolves when those it has are settled or given back. */
  drain(): void {
    this.#draining.abort(new Error("the runner is stopping"));
  }

  /** Kills every box and says nothing more; the server gives the jobs to others when the leases run out. */
  stopNow(): void {
    this.drain();
    this.#roster.stopAll(new Abandoned());
    this.#stopped.abort(new Abandoned());
  }

  /**
   * What the runner offers has changed: it is said before the next lease. The open poll ends, for it is
   * for what was offered before.
   */
  offersChanged(): void {
    this.#mustRegister = true;
    this.#poll.abort(new OffersChanged());
  }

  /**
   * Lives until drained.
   *
   * @throws TokenRefused
   */
  async run(): Promise<void> {
    const beating = this.#registered.promise.then(
      () => this.#beat(),
      () => {},
    );
    try {
      await this.#lease();
    } catch (error) {
      this.#registered.reject(error);
      this.stopNow();
      throw error;
    } finally {
      this.#registered.reject(new Error("the runner stopped before it was registered"));
      await this.#drainAttempts();
      this.#stopped.abort();
      await beating;
    }
  }

  async #lease(): Promise<void> {
    const draining = this.#draining.signal;
    while (!draining.aborted) {
      try {
        if (this.#mustRecover) await this.#recover();
        if (this.#mustRegister) await this.#register();
        await this.#roster.until(() => this.#roster.free > 0 || this.#mustRecover, draining);
        if (this.#mustRecover || this.#mustRegister || draining.aborted) continue;
        for (const job of await this.#leaseOnce()) void this.#start(job);
        this.#away.reset();
      } catch (error) {
        if (draining.aborted) return;
        if (this.#mustRecover || error instanceof OffersChanged) continue;
        if (isRefusedToken(error)) {
          throw new TokenRefused("the server does not take this runner's token", { cause: error });
        }
        this.#mustRegister = true;
        const waitMs = this.#away.next(retryAfterMs(error));
        this.#options.log.warn({ err: error, waitMs }, "the server is away");
        await this.#options.clock.sleep(waitMs, draining);
      }
    }
  }

  async #register(): Promise<void> {
    const { client, registration, log } = this.#options;
    this.#mustRegister = false;
    const signal = this.#draining.signal;
    const body = registration();
    this.#registration = await client.call(routes.registerRunner, {
      body,
      signal,
      timeoutMs: CALL_TIMEOUT_MS,
    });
    log.info({ runnerId: this.#registration.runnerId }, "registered");
    this.#registered.resolve(this.#registration);
  }

  async #leaseOnce(): Promise<LeasedJob[]> {
    const { runnerId } = this.#known();
    this.#poll = new AbortController();
    const signal = AbortSignal.any([this.#poll.signal, this.#draining.signal]);
    const body = { runnerId, max: Math.min(this.#roster.free, 256), waitSeconds: LEASE_WAIT_SECONDS };
    const timeoutMs = LEASE_WAIT_SECONDS * 1000 + CALL_TIMEOUT_MS;
    const { jobs } = await this.#options.client.call(routes.leaseJobs, { body, signal, timeoutMs });
    return jobs;
  }

  async #start(job: LeasedJob): Promise<void> {
    const { client, clock, log, execute } = this.#options;
    const attempt = new Attempt({ job, client, clock, log, execute });
    await this.#roster.run(attempt, (how) => {
      if (how === "completed") this.#unwell.reset();
      if (how === "released" && attempt.blamesMachine && !this.#draining.signal.aborted)
        this.#distrustMachine();
    });
  }

  /** The open poll must end too: it would be the first to be given the job that just goes back. */
  #distrustMachine(): void {
    this.#mustRecover = true;
    this.#poll.abort(new Error("this machine failed at a job"));
  }

  async #recover(): Promise<void> {
    const { clock, log, recover } = this.#options;
    const draining = this.#draining.signal;
    while (!draining.aborted && this.#mustRecover) {
      const waitMs = this.#unwell.next();
      log.warn({ waitMs }, "this machine failed at a job; no more jobs until it was looked at");
      await clock.sleep(waitMs, draining);
      if (draining.aborted) return;
      try {
        await recover(draining);
        this.#mustRecover = false;
        this.#mustRegister = true;
      } catch (error) {
        log.error({ err: error }, "this machine can't work yet");
      }
    }
  }

  #beat(): Promise<void> {
    const { client, clock, log } = this.#options;
    const onUnheard = (): void => {
      this.#mustRegister = true;
    };
    const registered = (): RegisteredRunner => this.#known();
    const roster = this.#roster;
    return keepBeating({ client, clock, log, roster, registered, onUnheard }, this.#stopped.signal);
  }

  #known(): RegisteredRunner {
    if (this.#registration === null) throw new Error("this runner is not registered yet");
    return this.#registration;
  }

  async #drainAttempts(): Promise<void> {
    const { log, drainMs } = this.#options;
    log.info({ attempts: this.#roster.size }, "draining");
    await this.#within(drainMs, () => this.#roster.executing === 0);
    this.#roster.stopAll(new GivenBack("the runner is stopping"));
    await this.#within(FAREWELL_MS, () => this.#roster.size === 0);
    this.#roster.stopAll(new Abandoned());
    await this.#roster.until(() => this.#roster.size === 0, new AbortController().signal);
  }

  /** Waits for the condition, for so long, and no longer than until `stopNow`. */
  async #within(milliseconds: number, condition: () => boolean): Promise<void> {
    if (condition()) return;
    const over = new AbortController();
    const end = (): void => over.abort();
    this.#stopped.signal.addEventListener("abort", end, { once: true });
    if (this.#stopped.signal.aborted) end();
    const timer = this.#options.clock.sleep(milliseconds, over.signal).then(end);
    await this.#roster.until(condition, over.signal);
    end();
    await timer;
    this.#stopped.signal.removeEventListener("abort", end);
  }
}
