import type { BoxFd, OnOutputLimit } from "../fd.ts";
import type { FdReport, RunSpec } from "../spec.ts";

/** What a descriptor is asked to do with a program's output. */
export interface CaptureRule {
  readonly maxBytes: number;
  readonly onLimit: OnOutputLimit;
}

/** Counts everything that a program writes, and keeps it up to the cap. */
export class Capture {
  #rule: CaptureRule;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #total = 0;
  #onStop: () => void;

  /** @param onStop called once, when a program that is to be stopped at the cap passes it */
  constructor(rule: CaptureRule, onStop: () => void) {
    this.#rule = rule;
    this.#onStop = onStop;
  }

  take(chunk: Uint8Array): void {
    const { maxBytes, onLimit } = this.#rule;
    const wasWithin = this.#total <= maxBytes;
    this.#total += chunk.byteLength;
    const room = maxBytes - this.#keptBytes;
    if (room > 0) {
      const part = chunk.subarray(0, room);
      this.#kept.push(part);
      this.#keptBytes += part.byteLength;
    }
    if (wasWithin && this.#total > maxBytes && onLimit === "stop") this.#onStop();
  }

  /** Drops everything, when it turns out that it was not the program who wrote. */
  clear(): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.#total = 0;
  }

  report(): FdReport {
    return { total: this.#total, content: Buffer.concat(this.#kept) };
  }
}

/** Where a plain run's output goes: descriptor 2 may be the same as 1. */
export interface PlainStreams {
  /** Null is /dev/null. */
  readonly stdin: Uint8Array | null;
  readonly stdout: CaptureRule | null;
  readonly stderr: CaptureRule | "same" | null;
}

/** The three usual descriptors, or the number of the first that is something else. */
export function plainStreams(fds: readonly BoxFd[]): PlainStreams | { readonly unsupported: number } {
  const [first, second, third, more] = fds;
  if (more !== undefined) return { unsupported: 3 };
  const stdin = first === undefined || first.kind === "null" ? null : first;
  if (stdin !== null && stdin.kind !== "content") return { unsupported: 0 };
  const stdout = second === undefined || second.kind === "null" ? null : second;
  if (stdout !== null && stdout.kind !== "capture") return { unsupported: 1 };
  const input = stdin?.content ?? null;
  if (third === undefined || third.kind === "null") return { stdin: input, stdout, stderr: null };
  if (third.kind === "capture") return { stdin: input, stdout, stderr: third };
  if (third.kind === "same" && third.fd === 1) return { stdin: input, stdout, stderr: "same" };
  return { unsupported: 2 };
}

/** The captures of a run's standard output and error. */
export class Streams {
  readonly stdout: Capture | null;
  readonly stderr: Capture | null;
  #plain: PlainStreams;

  constructor(plain: PlainStreams, onStop: () => void) {
    this.#plain = plain;
    this.stdout = plain.stdout === null ? null : new Capture(plain.stdout, onStop);
    if (plain.stderr === "same") this.stderr = this.stdout;
    else this.stderr = plain.stderr === null ? null : new Capture(plain.stderr, onStop);
  }

  clear(): void {
    this.stdout?.clear();
    this.stderr?.clear();
  }

  /** In the order of the spec's `fds`. */
  reports(spec: Pick<RunSpec, "fds">): FdReport[] {
    const nothing = { total: 0, content: new Uint8Array() };
    const input = { total: this.#plain.stdin?.byteLength ?? 0, content: new Uint8Array() };
    const all = [input, this.stdout?.report() ?? nothing, this.stderr?.report() ?? nothing];
    return spec.fds.map((_, fd) => all[fd] ?? nothing);
  }
}
