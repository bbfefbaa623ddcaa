import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { IsolationFeature } from "@assay/contracts";
import { SlotConnection } from "./connection.ts";
import { checkSpec, outOfRange } from "./check-spec.ts";
import type { FdUse } from "./check-spec.ts";
import { SandboxError } from "./error.ts";
import type { SlotRun } from "./live-run.ts";
import { Processors, allowedProcessors } from "./processors.ts";
import type { Pinning } from "./processors.ts";
import { namePipes, talkingGroups } from "./session.ts";
import { SlotSet } from "./slot-set.ts";
import type { SlotUse } from "./slot-set.ts";
import type { ArtifactId, LiveRun, RunReport, RunSpec, Sandbox } from "./spec.ts";
import { encodeRun, setCpu } from "./wire/encode.ts";
import type { EncodedRun, Placement } from "./wire/encode.ts";

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
  /** Default: auto. */
  pin?: Pinning;
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
  const pool = new SandboxPool(
    first.hello.isolation,
    new SlotSet(options.patienceMs ?? DEFAULT_PATIENCE_MS),
    new Processors(await allowedProcessors(), options.pin ?? "auto"),
  );
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

type Signal = AbortSignal | null;

/** Each slot has one loop (`#keepSlot`) that connects, offers the connection, and waits until it ends. */
class SandboxPool implements Sandbox {
  #isolation: readonly IsolationFeature[];
  #slots: SlotSet<SlotConnection>;
  #processors: Processors;
  #closing = new AbortController();
  #loops: Promise<void>[] = [];
  #runs = 0;

  constructor(
    isolation: readonly IsolationFeature[],
    slots: SlotSet<SlotConnection>,
    processors: Processors,
  ) {
    this.#isolation = isolation;
    this.#slots = slots;
    this.#processors = processors;
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

  async run(spec: RunSpec, { signal }: { signal: Signal }): Promise<RunReport> {
    const live = await this.#open(spec, "no-streams", signal);
    return live.report;
  }

  async open(spec: RunSpec, { signal }: { signal: Signal }): Promise<LiveRun> {
    return this.#open(spec, "streams", signal);
  }

  async session(specs: readonly RunSpec[], { signal }: { signal: Signal }): Promise<readonly LiveRun[]> {
    signal?.throwIfAborted();
    if (specs.length > this.slots) {
      throw outOfRange(`a session of ${specs.length} programs needs as many slots, here are ${this.slots}`);
    }
    const pipes = namePipes(specs);
    const groups = this.#processors.canShare ? talkingGroups(specs) : [];
    const talking = new Set(groups.flat());
    const runs = specs.map((spec, index) =>
      this.#encode(spec, "streams-and-pipes", { pipes, choosesCpu: talking.has(index) }),
    );
    const connections = await this.#take("run", runs.length, signal);
    using shares = new DisposableStack();
    const cpus = new Map<number, number>();
    for (const members of this.#isPinned ? [] : groups) {
      const { cpu } = shares.use(this.#processors.share());
      for (const index of members) cpus.set(index, cpu);
    }
    // Where slots have processors of their own, that of a group's first slot is no other run's.
    for (const [first = 0, ...others] of this.#isPinned ? groups : []) {
      for (const index of [first, ...others]) cpus.set(index, this.#cpuOf(connections[first]));
    }
    const lives = this.#start(runs, connections, cpus, signal);
    const ended = Promise.allSettled(lives.map(({ report }) => report));
    const kept = shares.move();
    void ended.then(() => kept.dispose());
    try {
      await Promise.all(lives.map(({ held }) => held));
    } catch (refusal) {
      for (const live of lives) live.cancel();
      await ended;
      throw refusal;
    }
    // One that is over before it began will never talk to the others: they would wait for it.
    const isWhole = lives.every(({ isRunning }) => isRunning);
    for (const live of lives) if (isWhole) live.go();
    for (const live of lives) if (!isWhole) live.cancel();
    return lives;
  }

  async forget(id: ArtifactId | "all"): Promise<number> {
    const [connection] = await this.#take("forget", 1, null);
    if (connection === undefined) throw new SandboxError("unavailable", "no slot was granted");
    try {
      return await connection.forget(id);
    } finally {
      this.#slots.offer(connection);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closing.signal.aborted) {
      const reason = new SandboxError("unavailable", "the sandbox was closed by this program");
      this.#slots.giveUp(reason);
      this.#closing.abort(reason);
    }
    await Promise.all(this.#slots.connected.map((connection) => connection[Symbol.asyncDispose]()));
    await Promise.all(this.#loops);
  }

  async #open(spec: RunSpec, use: FdUse, signal: Signal): Promise<SlotRun> {
    signal?.throwIfAborted();
    const run = this.#encode(spec, use, { pipes: null, choosesCpu: false });
    const connections = await this.#take("run", 1, signal);
    const [live] = this.#start([run], connections, new Map(), signal);
    if (live === undefined) throw new SandboxError("unavailable", "no slot was granted");
    return live;
  }

  /** Before a slot is taken, so that what can't be sent never waits for one. */
  #encode(spec: RunSpec, use: FdUse, more: { pipes: Placement["pipes"]; choosesCpu: boolean }): EncodedRun {
    checkSpec(spec, use);
    this.#runs = (this.#runs + 1) >>> 0 || 1;
    const choosesCpu = more.choosesCpu || this.#isPinned;
    const cpuMaskBytes = choosesCpu ? this.#processors.maskBytes : 0;
    return encodeRun(this.#runs, spec, { cpuMaskBytes, pipes: more.pipes });
  }

  async #take(use: SlotUse, count: number, signal: Signal): Promise<SlotConnection[]> {
    for (;;) {
      const connections = await this.#slots.take(use, count, signal);
      if (connections.every(({ usable }) => usable)) return connections;
      // One has ended between the moment that it was granted and now; nothing has run then.
      for (const connection of connections) this.#slots.offer(connection);
    }
  }

  /** Each run in its connection, which is offered again when the run is over. All are started, or none goes on. */
  #start(
    runs: readonly EncodedRun[],
    connections: readonly SlotConnection[],
    cpus: ReadonlyMap<number, number>,
    signal: Signal,
  ): SlotRun[] {
    const lives: SlotRun[] = [];
    try {
      for (const [index, run] of runs.entries()) {
        const connection = connections[index];
        if (connection === undefined) throw new SandboxError("unavailable", "no slot was granted");
        if (run.cpuMask.length > 0) setCpu(run.cpuMask, cpus.get(index) ?? this.#cpuOf(connection));
        lives.push(connection.start(run, signal));
      }
      return lives;
    } catch (error) {
      for (const live of lives) live.cancel();
      throw error;
    } finally {
      for (const [index, connection] of connections.entries()) {
        const offer = (): void => this.#slots.offer(connection);
        const live = lives[index];
        if (live === undefined) offer();
        else void live.report.then(offer, offer);
      }
    }
  }

  get #isPinned(): boolean {
    return this.#processors.isPinned(this.slots);
  }

  #cpuOf(connection: SlotConnection | undefined): number {
    return this.#processors.ofSlot(connection?.hello.slot ?? 0, this.slots);
  }

  async #keepSlot(path: string, opened: SlotConnection | null): Promise<void> {
    const { signal } = this.#closing;
    let connection = opened;
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      if (connection !== null) {
        const since = performance.now();
        this.#isolation = connection.hello.isolation;
        this.#slots.attach(connection);
        await connection.closed;
        this.#slots.detach(connection);
        if (performance.now() - since > LAST_RETRY_MS) retryMs = FIRST_RETRY_MS;
      }
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      connection = signal.aborted ? null : await SlotConnection.open(path, signal).catch(() => null);
    }
    await connection?.[Symbol.asyncDispose]();
  }
}
