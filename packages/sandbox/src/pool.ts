import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { IsolationFeature } from "@assay/contracts";
import { SlotConnection } from "./connection.ts";
import { SandboxError } from "./error.ts";
import type { ArtifactId, RunReport, RunSpec, Sandbox } from "./spec.ts";
import { encodeRun } from "./wire.ts";

const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1_000;

/** How long waiting runs wait while no slot at all is connected. A restart takes far less. */
const DEFAULT_PATIENCE_MS = 30_000;

export interface ConnectOptions {
  /** Where sandboxd has its slot-<n>.sock. */
  runDirectory: string;
  /** Ends the connecting, and later the sandbox. */
  signal?: AbortSignal;
  /** How long runs wait for a sandboxd that is gone before they reject with `unavailable`, ms. */
  patienceMs?: number;
}

/** Connects to every slot of a sandboxd. Rejects with `unavailable` when none answers. */
export async function connectSandbox(options: ConnectOptions): Promise<Sandbox> {
  const never = new AbortController().signal;
  const signal = options.signal ?? never;
  const paths = await findSlots(options.runDirectory);
  const attempts = await Promise.allSettled(paths.map((path) => SlotConnection.open(path, signal)));
  const opened = attempts.map((attempt) => (attempt.status === "fulfilled" ? attempt.value : null));
  const first = opened.find((connection) => connection !== null);
  if (first === undefined || signal.aborted) {
    for (const connection of opened) await connection?.[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const failed = attempts.find((attempt) => attempt.status === "rejected");
    throw failed?.reason ?? new SandboxError("unavailable", `no slot in ${options.runDirectory} answered`);
  }
  const pool = new SandboxPool(first.hello.isolation, options.patienceMs ?? DEFAULT_PATIENCE_MS);
  for (const [index, path] of paths.entries()) {
    const connection = opened[index] ?? null;
    if (connection !== null || slotNumber(path) < first.hello.slots) pool.keepConnected(path, connection);
  }
  signal.addEventListener("abort", () => void pool[Symbol.asyncDispose](), { once: true });
  return pool;
}

async function findSlots(runDirectory: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(runDirectory);
  } catch (cause) {
    throw new SandboxError("unavailable", `${runDirectory} can't be read; does sandboxd run?`, { cause });
  }
  const slots = names.filter((name) => /^slot-\d+\.sock$/.test(name)).map((name) => join(runDirectory, name));
  if (slots.length === 0) {
    throw new SandboxError("unavailable", `${runDirectory} holds no slot-<n>.sock; does sandboxd run?`);
  }
  return slots.sort((a, b) => slotNumber(a) - slotNumber(b));
}

function slotNumber(path: string): number {
  return Number(/(\d+)\.sock$/.exec(path)?.[1]);
}

interface Waiting {
  start: (connection: SlotConnection) => void;
  reject: (reason: unknown) => void;
}

/**
 * Each slot has one loop (`#keepSlot`) that connects, offers the connection, and waits until it ends.
 * A connection is either in `#idle` or used by one request. A set's order of insertion is the order
 * of service; what frees memory goes before what needs it.
 */
class SandboxPool implements Sandbox {
  #isolation: readonly IsolationFeature[];
  #patienceMs: number;
  #closing = new AbortController();
  #loops: Promise<void>[] = [];
  #connected = new Set<SlotConnection>();
  #idle: SlotConnection[] = [];
  #waitingRuns = new Set<Waiting>();
  #waitingForgets = new Set<Waiting>();
  #runs = 0;
  #patience: NodeJS.Timeout | null = null;
  #lost: SandboxError | null = null;

  constructor(isolation: readonly IsolationFeature[], patienceMs: number) {
    this.#isolation = isolation;
    this.#patienceMs = patienceMs;
  }

  get slots(): number {
    return this.#loops.length;
  }

  get isolation(): readonly IsolationFeature[] {
    return this.#isolation;
  }

  keepConnected(path: string, connection: SlotConnection | null): void {
    this.#loops.push(this.#keepSlot(path, connection));
  }

  async run(spec: RunSpec, options: { signal: AbortSignal | null }): Promise<RunReport> {
    const { signal } = options;
    signal?.throwIfAborted();
    this.#runs = (this.#runs + 1) >>> 0 || 1;
    const run = encodeRun(this.#runs, spec);
    return this.#withSlot(this.#waitingRuns, signal, (connection) => connection.run(run, signal));
  }

  async forget(id: ArtifactId | "all"): Promise<number> {
    return this.#withSlot(this.#waitingForgets, null, (connection) => connection.forget(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closing.signal.aborted) {
      const reason = new SandboxError("unavailable", "the sandbox was closed by this program");
      this.#giveUp(reason);
      this.#closing.abort(reason);
    }
    await Promise.all([...this.#connected].map((connection) => connection[Symbol.asyncDispose]()));
    await Promise.all(this.#loops);
  }

  async #withSlot<Result>(
    queue: Set<Waiting>,
    signal: AbortSignal | null,
    use: (connection: SlotConnection) => Promise<Result>,
  ): Promise<Result> {
    let connection = this.#takeIdle() ?? (await this.#waitForSlot(queue, signal));
    // A connection can end between the moment that it was granted and now; nothing has run then.
    while (!connection.usable) connection = await this.#waitForSlot(queue, signal);
    try {
      return await use(connection);
    } finally {
      this.#offer(connection);
    }
  }

  #takeIdle(): SlotConnection | undefined {
    let connection = this.#idle.pop();
    while (connection !== undefined && !connection.usable) connection = this.#idle.pop();
    return connection;
  }

  #waitForSlot(queue: Set<Waiting>, signal: AbortSignal | null): Promise<SlotConnection> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    const { promise, resolve, reject } = Promise.withResolvers<SlotConnection>();
    const abort = (): void => {
      queue.delete(waiting);
      reject(signal?.reason);
    };
    const waiting: Waiting = {
      start: (connection) => {
        signal?.removeEventListener("abort", abort);
        resolve(connection);
      },
      reject: (reason) => {
        signal?.removeEventListener("abort", abort);
        reject(reason);
      },
    };
    signal?.addEventListener("abort", abort, { once: true });
    queue.add(waiting);
    return promise;
  }

  #offer(connection: SlotConnection): void {
    if (!connection.usable) return;
    for (const queue of [this.#waitingForgets, this.#waitingRuns]) {
      for (const next of queue) {
        queue.delete(next);
        next.start(connection);
        return;
      }
    }
    this.#idle.push(connection);
  }

  async #keepSlot(path: string, opened: SlotConnection | null): Promise<void> {
    const { signal } = this.#closing;
    let connection = opened;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      if (connection !== null) {
        const since = performance.now();
        this.#attach(connection);
        await connection.closed;
        this.#detach(connection);
        if (performance.now() - since > LAST_RETRY_MS) retryMs = FIRST_RETRY_MS;
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      connection = signal.aborted ? null : await SlotConnection.open(path, signal).catch(() => null);
    }
    await connection?.[Symbol.asyncDispose]();
  }

  #attach(connection: SlotConnection): void {
    this.#isolation = connection.hello.isolation;
    this.#connected.add(connection);
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#lost = null;
    this.#offer(connection);
  }

  #detach(connection: SlotConnection): void {
    this.#connected.delete(connection);
    this.#idle = this.#idle.filter((other) => other !== connection);
    if (this.#connected.size > 0 || this.#closing.signal.aborted) return;
    this.#patience = setTimeout(() => {
      this.#giveUp(new SandboxError("unavailable", "sandboxd is gone and did not come back"));
    }, this.#patienceMs);
  }

  #giveUp(reason: SandboxError): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#lost = reason;
    for (const queue of [this.#waitingForgets, this.#waitingRuns]) {
      for (const waiting of queue) waiting.reject(reason);
      queue.clear();
    }
  }
}
