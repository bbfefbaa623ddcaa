import { constants } from "node:os";
import { unknownInterference } from "@assay/contracts";
import type { Outcome } from "@assay/contracts";

/** What is known of no run at all: the fields that a driver has no measure for stay so. */
export const blankOutcome: Omit<Outcome, "driver" | "isolation" | "status"> = {
  exitCode: null,
  signal: null,
  cpuMs: 0,
  cpuUserMs: 0,
  cpuSystemMs: 0,
  wallMs: 0,
  memoryBytes: 0,
  memoryCause: null,
  processesPeak: 0,
  oomKills: 0,
  processLimitHits: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
  stdoutBytes: 0,
  stderrBytes: 0,
  stdoutTruncated: false,
  stderrTruncated: false,
  fileBytes: 0,
  refusedSyscalls: [],
  interference: unknownInterference,
  message: null,
  setupMs: 0,
};

/** How a program that nobody stopped ended. */
export type Ending = Pick<Outcome, "status" | "exitCode" | "signal">;

/** Of a shell's kind of exit code: 128 and a signal's number means that signal. */
export function endingOfShellCode(code: number): Ending {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
  if (code <= 128 || signal === null) return { status: "exited", exitCode: code, signal: null };
  return { status: signal === "SIGXFSZ" ? "file_limit" : "signalled", exitCode: null, signal };
}

/** What stopped a program is said like what a kill does. */
export const stopped = (status: Outcome["status"]): Ending => ({ status, exitCode: null, signal: "SIGKILL" });
