import type { Outcome } from "@assay/contracts";

/** What the machine's other work did to one run, as far as the sandbox could see. */
export interface Disturbance {
  /** How long the program was ready to run and did not, ms; estimated where only the machine's waiting is known. */
  readonly waitedMs: number;
  /** How much of the CPU time that was counted may be somebody else's, ms. */
  readonly cpuMs: number;
  /** Share of the run in which something else kept it from a processor or took one, 0 to 1. */
  readonly share: number;
}

/**
 * A program that loses its processor finds cold caches when it comes back. 0.05 ms is about what it
 * takes to read a second-level cache of 1 MiB again at 20 GB/s.
 */
const switchMs = 0.05;

/** Longest that a busy machine lets a program wait for one turn, ms: many runnable tasks, each with its slice. */
const turnMs = 100;

/** From this share on a run is not undisturbed any more. */
export const cleanBelow = 0.05;

export const disturbanceOf = ({ interference, involuntarySwitches, wallMs, cpuMs }: Outcome): Disturbance => {
  const { cpuWaitMs, cpuWaitOf, stealMs } = interference;
  const offCpu = Math.max(0, wallMs - cpuMs);
  // The whole machine's waiting is this program's at most as often as somebody took its turn: one that sleeps loses none.
  const most = cpuWaitOf === "machine" ? involuntarySwitches * turnMs : Number.POSITIVE_INFINITY;
  const waitedMs = cpuWaitOf === null ? 0 : Math.min(cpuWaitMs, offCpu, most);
  const share = wallMs > 0 ? Math.min(1, (waitedMs + Math.min(stealMs, wallMs)) / wallMs) : 0;
  return { waitedMs, cpuMs: Math.min(stealMs, cpuMs) + involuntarySwitches * switchMs, share };
};

/**
 * How exactly CPU times are known on a quiet machine, ms: by 1 %, and by what a program may use until
 * the sandbox has stopped it (measured: 5 ms in 99 of 100 runs).
 */
export const noiseMs = (limitMs: number): number => 5 + limitMs / 100;

/**
 * How far behind its CPU limit a program is stopped, ms, so that one which ends shortly behind it is told
 * from one that does not end. It is judged by the limit all the same.
 */
export const graceMs = (limitMs: number): number => Math.ceil(noiseMs(limitMs));
