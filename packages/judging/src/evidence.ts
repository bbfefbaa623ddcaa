import type { Limits, Outcome } from "@assay/contracts";
import { printable } from "./printable.ts";

const MiB = 1024 * 1024;

/** For example "1 s", "1.004 s", "0.02 s": milliseconds as seconds, at most three decimals. */
const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

/** For example "256 MiB", "255.9 MiB". */
const mebibytes = (bytes: number): string => `${Number((bytes / MiB).toFixed(1))} MiB`;

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** What run-time systems (Node.js) try as they start, and do without as well: no act of the program. */
const triedAtStart: ReadonlySet<string> = new Set(["io_uring_setup"]);

/**
 * One sentence on what ended a run and by how much, for people.
 *
 * @param stderr what the program wrote to stderr; its last line is quoted where the program failed
 * @param load how busy the machine was meanwhile, 0 to 1; null when not known
 */
export const describeOutcome = (
  outcome: Outcome,
  limits: Limits,
  stderr: Uint8Array | null,
  load: number | null = null,
): string => {
  const parts: string[] = [];
  const refused = outcome.refusedSyscalls.filter(
    ({ name }) => outcome.status === "refused_syscall" || !triedAtStart.has(name),
  );
  if (refused.length > 0) {
    const calls = refused.map(({ name, count }) => `${name} ×${count}`).join(", ");
    parts.push(`refused system call${refused.length === 1 ? "" : "s"}: ${calls}`);
  }
  if (outcome.processLimitHits > 0 && outcome.status !== "process_limit") {
    parts.push(`process limit of ${limits.processes} hit ${times(outcome.processLimitHits)}`);
  }
  parts.push(describeEnd(outcome, limits, load));
  const quoted = stderr === null ? null : lastLine(stderr);
  if (quoted !== null && failedByItself(outcome)) parts.push(`last line of stderr: "${quoted}"`);
  return parts.join("; ");
};

const failedByItself = (outcome: Outcome): boolean =>
  outcome.status === "signalled" ||
  outcome.status === "refused_syscall" ||
  outcome.status === "file_limit" ||
  (outcome.status === "memory_limit" && outcome.memoryCause === "peak") ||
  (outcome.status === "exited" && outcome.exitCode !== 0);

const describeEnd = (outcome: Outcome, limits: Limits, load: number | null): string => {
  const cpu = seconds(outcome.cpuMs);
  const wall = seconds(outcome.wallMs);
  switch (outcome.status) {
    case "cpu_limit":
      return `stopped at the CPU limit of ${seconds(limits.cpuMs)} (used ${cpu} CPU, ${wall} wall)`;
    case "wall_limit":
      return `${waited(outcome) ? "waited: " : ""}stopped at the wall limit of ${seconds(limits.wallMs)} with ${cpu} of ${seconds(limits.cpuMs)} CPU${describeLoad(load)}`;
    case "idle_limit":
      return `idle: stopped after it used no CPU time for ${seconds(limits.idleMs ?? 0)} (used ${cpu} CPU, ${wall} wall)`;
    case "memory_limit": {
      if (outcome.memoryCause === "peak") return describePeak(outcome, limits);
      const kills = outcome.oomKills === 1 ? "1 OOM kill" : `${outcome.oomKills} OOM kills`;
      return `the kernel's OOM killer struck at the memory limit of ${mebibytes(limits.memoryBytes)} (${kills}, peak ${mebibytes(outcome.memoryBytes)})`;
    }
    case "output_limit":
      return `stopped at the output limit of ${mebibytes(limits.outputBytes)} (wrote ${outcome.stdoutBytes} bytes to stdout, ${outcome.stderrBytes} to stderr)`;
    case "process_limit":
      return `stopped when it asked for more than ${limits.processes} processes and threads at once`;
    case "file_limit":
      return `killed by SIGXFSZ${fileReason(limits)}`;
    case "refused_syscall":
      return "stopped because it kept asking";
    case "start_failed":
      return `could not be started: ${outcome.message ?? "no reason given"}`;
    case "platform":
      return `the sandbox failed: ${outcome.message ?? "no reason given"}`;
    case "cancelled":
      return "cancelled";
    case "signalled":
    case "exited":
      break;
  }
  if (outcome.cpuMs > limits.cpuMs) {
    return `ended by itself beyond the CPU limit of ${seconds(limits.cpuMs)} (used ${cpu} CPU, ${wall} wall)`;
  }
  const written = outcome.stdoutBytes + outcome.stderrBytes;
  if (written > limits.outputBytes) {
    return `wrote ${written} bytes, more than the output limit of ${mebibytes(limits.outputBytes)}`;
  }
  if (outcome.status === "exited") return `exit code ${outcome.exitCode ?? 0}`;
  return `killed by ${outcome.signal ?? "an unknown signal"}${signalReason(outcome)}`;
};

/** Of a program whose output only passes its limit with the files that it wrote. */
export const describeWritten = (printed: number, fileBytes: number, limits: Limits): string =>
  `wrote ${printed} bytes to stdout and stderr and at least ${fileBytes} to files, more than the output limit of ${mebibytes(limits.outputBytes)}`;

/** A program whose allocations fail often ends by itself, and no OOM killer has to strike. */
const describePeak = (outcome: Outcome, limits: Limits): string =>
  `failed with ${describeFailure(outcome)} when its memory was at the limit of ${mebibytes(limits.memoryBytes)} (peak ${mebibytes(outcome.memoryBytes)}, no OOM kill)`;

const describeFailure = ({ exitCode, signal }: Outcome): string =>
  exitCode === null ? (signal ?? "an unknown signal") : `exit code ${exitCode}`;

/** Under a tenth of the time on a CPU is waiting, not computing. */
const waited = (outcome: Outcome): boolean => outcome.cpuMs < outcome.wallMs / 10;

/** From this share of all CPU time in use, who does not get a CPU may not be at fault. */
const busyFrom = 0.95;

const describeLoad = (load: number | null): string =>
  load === null || load < busyFrom
    ? ""
    : ` (the machine was busy: ${Math.floor(load * 100)} % of its CPU time in use)`;

const fileReason = (limits: Limits): string =>
  limits.fileBytes === 0
    ? " (this problem does not allow writing files)"
    : ` (a file may have at most ${mebibytes(limits.fileBytes)})`;

const signalReason = (outcome: Outcome): string => {
  if (outcome.signal === "SIGSYS") return " (a system call of another architecture)";
  return "";
};

const maxLine = 200;
/** The line can't begin further back than this and still be shown in full. */
const tailBytes = 4096;

/** The last line that is not empty, escaped and shortened; null when there is none. */
export const lastLine = (stderr: Uint8Array): string | null => {
  const tail = Buffer.from(stderr.subarray(Math.max(0, stderr.length - tailBytes))).toString("utf8");
  const line = linesOf(tail).at(-1);
  return line === undefined ? null : quotable(line);
};

/** The line of a compiler's output that says most: the first that speaks of an error, else the last. */
export const errorLine = (output: string): string | null => {
  const lines = linesOf(output);
  const line = lines.find((text) => /error/iu.test(text)) ?? lines.at(-1);
  return line === undefined ? null : quotable(line);
};

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r\n|\n|\r/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const quotable = (line: string): string => {
  const safe = printable(line);
  const characters = Array.from(safe);
  return characters.length > maxLine ? `${characters.slice(0, maxLine).join("")}…` : safe;
};
