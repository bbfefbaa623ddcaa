import { readFileSync } from "node:fs";
import type { Outcome } from "@assay/contracts";

/** What all CPUs of this machine did since it started, in ticks of the kernel. */
export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; null when it is none. */
export const parseCpuTimes = (stat: string): CpuTimes | null => {
  const fields = /^cpu +([\d ]+)/.exec(stat)?.[1]?.split(" ").slice(0, 8).map(Number) ?? [];
  if (fields.length < 4) return null;
  const total = fields.reduce((sum, ticks) => sum + ticks, 0);
  return { busy: total - (fields[3] ?? 0) - (fields[4] ?? 0), total };
};

/** The share of all CPU time between two moments that was in use, 0 to 1; null when it is not known. */
export const busyShare = (before: CpuTimes | null, after: CpuTimes | null): number | null => {
  if (before === null || after === null || after.total <= before.total) return null;
  return Math.min(1, Math.max(0, (after.busy - before.busy) / (after.total - before.total)));
};

/** Between two looks, ms: runs are longer where it matters, and a look costs more the more CPUs there are. */
const freshMs = 200;
let last: { readonly at: number; readonly times: CpuTimes | null } | null = null;

const look = (): CpuTimes | null => {
  try {
    return parseCpuTimes(readFileSync("/proc/stat", "latin1"));
  } catch {
    // Another kernel, or /proc is hidden: then nothing is said about the machine.
    return null;
  }
};

/** Begins to measure, from up to a fifth of a second ago. @returns how busy the machine has been since then */
export const measureLoad = (): (() => number | null) => {
  const now = performance.now();
  if (last === null || now - last.at > freshMs) last = { at: now, times: look() };
  const { times } = last;
  return () => busyShare(times, look());
};

/** Asks only where it says something: of a program that ran out of real time. */
export const loadOf = (outcome: Outcome, measured: () => number | null): number | null =>
  outcome.status === "wall_limit" ? measured() : null;
