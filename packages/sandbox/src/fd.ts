/** What happens to a program that writes more than its cap: the rest is dropped and counted, or it is stopped. */
export type OnOutputLimit = "discard" | "stop";

/**
 * One descriptor of a program. Sizes in bytes.
 *
 * - `null`: /dev/null
 * - `content`: a file with these bytes to read
 * - `capture`: what is written to it is in the report
 * - `input`, `output`, `terminal`: streams of a LiveRun; a terminal is both, and the controlling one
 *   of the program's session. `maxBytes: null` is no limit
 * - `pipe-read`, `pipe-write`: the ends of a pipe between two runs of a session, which number their
 *   pipes as they like; up to `recordBytes` of what goes through are in the writer's report
 * - `same`: another name of a lower descriptor
 */
export type BoxFd =
  | { kind: "null" }
  | { kind: "content"; content: Uint8Array }
  | { kind: "capture"; maxBytes: number; onLimit: OnOutputLimit }
  | { kind: "input" }
  | { kind: "output"; maxBytes: number | null; onLimit: OnOutputLimit }
  | { kind: "terminal"; rows: number; columns: number; maxBytes: number | null; onLimit: OnOutputLimit }
  | { kind: "pipe-read"; pipe: number }
  | { kind: "pipe-write"; pipe: number; recordBytes: number }
  | { kind: "same"; fd: number };

/** Standard input with these bytes, standard output and error captured up to `outputBytes` each. */
export function standardStreams(options: {
  stdin: Uint8Array;
  outputBytes: number;
  onOutputLimit: OnOutputLimit;
}): BoxFd[] {
  const { stdin, outputBytes, onOutputLimit } = options;
  return [
    stdin.byteLength === 0 ? { kind: "null" } : { kind: "content", content: stdin },
    { kind: "capture", maxBytes: outputBytes, onLimit: onOutputLimit },
    { kind: "capture", maxBytes: outputBytes, onLimit: onOutputLimit },
  ];
}

/**
 * `total`: bytes that the program wrote, kept or not; of an input: that it was given.
 * `content`: what was captured or recorded, empty for a stream. A `same` has what its original has.
 */
export interface FdReport {
  total: number;
  content: Uint8Array;
}

/** What a descriptor captured or recorded; empty when the run has no such descriptor. */
export function captured(report: { fds: readonly FdReport[] }, fd: number): Uint8Array {
  return report.fds[fd]?.content ?? nothing;
}

const nothing = new Uint8Array();

interface OutputCounts {
  stdoutBytes: number;
  stderrBytes: number;
  stdoutTruncated: boolean;
  stderrTruncated: boolean;
}

/** What an outcome says of descriptors 1 and 2. */
export function outputCounts(fds: readonly BoxFd[], reports: readonly FdReport[]): OutputCounts {
  return {
    stdoutBytes: reports[1]?.total ?? 0,
    stderrBytes: reports[2]?.total ?? 0,
    stdoutTruncated: isTruncated(fds, reports, 1),
    stderrTruncated: isTruncated(fds, reports, 2),
  };
}

function isTruncated(fds: readonly BoxFd[], reports: readonly FdReport[], fd: number): boolean {
  const report = reports[fd];
  const asked = originalOf(fds, fd);
  if (report === undefined) return false;
  if (asked?.kind === "capture") return report.total > report.content.byteLength;
  if (asked?.kind !== "output" && asked?.kind !== "terminal") return false;
  return asked.maxBytes !== null && report.total > asked.maxBytes;
}

/** The descriptor that is meant, through any number of `same`. */
function originalOf(fds: readonly BoxFd[], fd: number): BoxFd | undefined {
  let asked = fds[fd];
  // A `same` points to a lower one, so this ends.
  while (asked?.kind === "same") asked = fds[asked.fd];
  return asked;
}

/** Whether a client takes part in what goes through it while the program runs. */
export function isStream({ kind }: BoxFd): boolean {
  return kind === "input" || kind === "output" || kind === "terminal";
}

export function isPipe({ kind }: BoxFd): boolean {
  return kind === "pipe-read" || kind === "pipe-write";
}
