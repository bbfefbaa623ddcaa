import type { Limits, Outcome } from "@assay/contracts";
import { defaultRunLimits, unknownInterference } from "@assay/contracts";

const MiB = 1024 * 1024;

/** Limits that read well in sentences: 1 s, 4 s, 256 MiB, 8 MiB. */
export const sampleLimits: Limits = {
  ...defaultRunLimits,
  cpuMs: 1000,
  wallMs: 4000,
  memoryBytes: 256 * MiB,
  outputBytes: 8 * MiB,
};

/** A program that ended well, changed as a test needs it. */
export const outcomeOf = (change: Partial<Outcome>): Outcome => ({
  status: "exited",
  exitCode: change.status === undefined || change.status === "exited" ? 0 : null,
  signal: null,
  cpuMs: 3,
  cpuUserMs: 2,
  cpuSystemMs: 1,
  wallMs: 4,
  memoryBytes: 2 * MiB,
  memoryCause: null,
  processesPeak: 1,
  oomKills: 0,
  processLimitHits: 0,
  voluntarySwitches: 1,
  involuntarySwitches: 0,
  stdoutBytes: 0,
  stderrBytes: 0,
  stdoutTruncated: false,
  stderrTruncated: false,
  fileBytes: 0,
  refusedSyscalls: [],
  isolation: [],
  driver: "native",
  interference: unknownInterference,
  message: null,
  setupMs: 1,
  ...change,
});
