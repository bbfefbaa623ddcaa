import type { Limits, Outcome } from "@assay/contracts";
import type { BoxProcess } from "./launch.ts";
import { UsageReader } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** How often a box is looked at, ms. What happens between two looks can pass a limit before it is seen. */
const LOOK_MS = 20;
/** How often it is looked whether the program has started, ms. */
const START_LOOK_MS = 4;
/** How long gVisor may need to start, ms. */
const SETUP_MS = 60_000;

/** What gVisor's kernel may need for itself beyond the program's own limit. */
const KERNEL_SLACK_BYTES = 256 * 1024 * 1024;

export type StopReason = Extract<
  Outcome["status"],
  "cpu_limit" | "wall_limit" | "memory_limit" | "output_limit" | "process_limit" | "cancelled" | "platform"
>;

export interface Measured {
  /** Why the box was stopped; null when gVisor ended by itself. */
  readonly reason: StopReason | null;
  /** gVisor's exit code; null when it was stopped. */
  readonly code: number | null;
  readonly setupMs: number;
  readonly wallMs: number;
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  readonly memoryBytes: number;
  readonly processesPeak: number;
}

interface Signs {
  /** Whether gVisor is about to start the program. */
  isStarted(): boolean;
  /** What is in the work directory: it is memory of the machine. */
  fileBytes(): number;
}

const nothing: Usage = { cpuUserMs: 0, cpuSystemMs: 0, memoryBytes: 0, kernelBytes: 0, processes: 0 };

/** Looks at a box while it runs, and ends it at its limits. */
export class Watch {
  #limits: Limits;
  #box: BoxProcess;
  #signs: Signs;
  #reason: StopReason | null = null;
  #timers = new Set<NodeJS.Timeout>();
  #usage: UsageReader;
  #setupUsage: Usage | null = null;
  #last = nothing;
  #memoryPeak = 0;
  #processesPeak = 0;
  #startedAt: number | null = null;
  #endedAt: number | null = null;

  constructor(limits: Limits, pid: number, box: BoxProcess, signs: Signs) {
    this.#limits = limits;
    this.#box = box;
    this.#signs = signs;
    this.#usage = new UsageReader(pid);
  }

  /** Ends the box; the first reason counts. */
  stop(reason: StopReason): void {
    if (this.#endedAt !== null) return;
    this.#endedAt = performance.now();
    this.#reason = reason;
    this.#look();
    this.#box.end();
  }

  async untilEnd(beganAt: number, signal: AbortSignal | null): Promise<Measured> {
    const cancel = (): void => this.stop("cancelled");
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted === true) cancel();
    this.#in(START_LOOK_MS, () => this.#awaitStart());
    this.#in(SETUP_MS, () => {
      if (this.#startedAt === null) this.stop("platform");
    });
    try {
      const code = await this.#box.exitCode();
      if (this.#reason === null) {
        this.#endedAt = performance.now();
        this.#look();
      }
      return this.#measured(beganAt, this.#reason === null ? code : null);
    } finally {
      signal?.removeEventListener("abort", cancel);
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  #in(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#endedAt === null) act();
    }, ms);
    this.#timers.add(timer);
  }

  #awaitStart(): void {
    if (!this.#signs.isStarted()) return this.#in(START_LOOK_MS, () => this.#awaitStart());
    this.#setupUsage = this.#usage.read();
    this.#startedAt = performance.now();
    this.#in(this.#limits.wallMs, () => this.stop("wall_limit"));
    this.#in(LOOK_MS, () => this.#lookAgain());
  }

  #lookAgain(): void {
    this.#look();
    const reason = this.#limitPassed();
    if (reason === null) this.#in(LOOK_MS, () => this.#lookAgain());
    else this.stop(reason);
  }

  #look(): void {
    this.#last = this.#usage.read();
    const memory = this.#last.memoryBytes + this.#signs.fileBytes();
    this.#memoryPeak = Math.max(this.#memoryPeak, memory);
    this.#processesPeak = Math.max(this.#processesPeak, this.#last.processes);
  }

  #limitPassed(): StopReason | null {
    const { memoryBytes, cpuMs, processes } = this.#limits;
    if (this.#memoryPeak > memoryBytes) return "memory_limit";
    if (this.#last.kernelBytes > memoryBytes + KERNEL_SLACK_BYTES) return "memory_limit";
    if (this.#cpu.cpuUserMs + this.#cpu.cpuSystemMs >= cpuMs) return "cpu_limit";
    if (this.#processesPeak > processes) return "process_limit";
    return null;
  }

  /** Since the program started, without what making its kernel cost. */
  get #cpu(): Pick<Usage, "cpuUserMs" | "cpuSystemMs"> {
    const before = this.#setupUsage ?? this.#last;
    return {
      cpuUserMs: this.#last.cpuUserMs - before.cpuUserMs,
      cpuSystemMs: this.#last.cpuSystemMs - before.cpuSystemMs,
    };
  }

  #measured(beganAt: number, code: number | null): Measured {
    const endedAt = this.#endedAt ?? performance.now();
    const startedAt = this.#startedAt ?? endedAt;
    return {
      reason: this.#reason ?? this.#limitPassed(),
      code,
      setupMs: startedAt - beganAt,
      wallMs: endedAt - startedAt,
      ...this.#cpu,
      memoryBytes: this.#memoryPeak,
      processesPeak: this.#processesPeak,
    };
  }
}
