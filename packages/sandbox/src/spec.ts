import type { IsolationFeature, Limits, Outcome } from "@assay/contracts";
import type { BoxFd, FdReport } from "./fd.ts";

export type { BoxFd, FdReport, OnOutputLimit } from "./fd.ts";

declare const artifactBrand: unique symbol;

/** A kept work directory of one sandboxd: 32 lower-case hex digits. It lives no longer than that sandboxd. */
export type ArtifactId = string & { readonly [artifactBrand]: true };

/** A file for the work directory. `path` is relative and plain; `mode` is 0 to 0o777. */
export interface BoxFile {
  path: string;
  mode: number;
  content: Uint8Array;
}

/** A symbolic link for the work directory, to anything: it is followed inside of the box only. */
export interface BoxLink {
  path: string;
  target: string;
}

/** One program to run in a fresh box. Its buffers must stay unchanged until the run has settled. */
export interface RunSpec {
  /** Digest of the image: 64 lower-case hex digits. */
  image: string;
  /** `argv[0]` is an absolute path in the image, or a bare name searched in the box's PATH. */
  argv: readonly [string, ...string[]];
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
  limits: Limits;
  /** The program's descriptors from 0, at most 16; up to 2 what is missing is /dev/null. */
  fds: readonly BoxFd[];
  /** The work directory starts as a copy of this artifact; null means empty. */
  base: ArtifactId | null;
  /** Written over `base`; directories are made as needed. */
  files: readonly (BoxFile | BoxLink)[];
  /** Keep the work directory as an artifact when the program exits with 0. */
  keep: { maxBytes: number } | null;
  /**
   * Files of the work directory to return: `maxBytes` of all together, `maxBytesEach` of each
   * (null = only all together count). With `truncate` the beginning of a file beyond a cap is returned.
   */
  collect: {
    paths: readonly string[];
    maxBytes: number;
    maxBytesEach: number | null;
    truncate: boolean;
  } | null;
  /** Processors that the program may use; null = the pool's choice. */
  cpus: readonly number[] | null;
  /** Thousandths of one processor's time that the program may use; null = as much as there is. */
  cpuRate: number | null;
  /** A program at `limits.processes`: true = is stopped with process_limit, false = fork fails and is counted. */
  stopAtProcessLimit: boolean;
}

/**
 * - `not_regular`: a directory, pipe or device
 * - `link`: a symbolic link, which is never followed
 * - `too_large`: beyond a cap of `collect`
 */
export type CollectedState = "ok" | "missing" | "not_regular" | "too_large" | "link";

/** `content` is empty unless `state` is `ok`, or `too_large` and a beginning was asked for. */
export interface CollectedFile {
  path: string;
  state: CollectedState;
  content: Uint8Array;
}

/** `skipped` counts what is neither file nor directory and therefore was not kept. */
export interface Artifact {
  id: ArtifactId;
  bytes: number;
  entries: number;
  skipped: number;
}

/** How a run ended and what it left. The buffers are views of one message: copy what must outlive it. */
export interface RunReport {
  outcome: Outcome;
  /**
   * When the program ended, ms of the machine's monotonic clock: which of a session ended first. Null
   * for kinds of sandboxes that run no sessions.
   */
  endedAtMs: number | null;
  /**
   * The same clock, when the first of its recorded pipes told its reader of the end; null = none did.
   * What the reader does about that is later, so of two programs that end for each other's end this
   * says for sure which was first. `endedAtMs` is as exact as the machine is free.
   */
  passedEndAtMs: number | null;
  /** In the order of the spec's `fds`. */
  fds: readonly FdReport[];
  artifact: Artifact | null;
  /** How much too large the work directory of a program that exited with 0 was to be kept; otherwise null. */
  keepRefused: string | null;
  /** In the order of `collect.paths`. */
  collected: readonly CollectedFile[];
}

/** In characters, and in pixels. */
export interface TerminalSize {
  rows: number;
  columns: number;
  x: number;
  y: number;
}

/**
 * A program that was started, with its streams. Disposing cancels it and waits for its end.
 *
 * Each stream has a window of 256 KiB: neither side ever has to keep more than that for the other.
 */
export interface LiveRun extends AsyncDisposable {
  /**
   * Settles when the program has ended, whoever reads its output; what it wrote before is still
   * given by `output` afterwards. Rejects with a SandboxError only.
   */
  readonly report: Promise<RunReport>;
  /**
   * Resolves when the window has taken all of the bytes, so whoever waits writes as fast as the
   * program reads. Writes of one descriptor keep their order. Bytes that can't reach the program any
   * more, because it ended or closed its end, are dropped. Rejects with `out_of_range` when the
   * descriptor takes no input or `end` was called, or with the loss of sandboxd.
   */
  write(fd: number, bytes: Uint8Array): Promise<void>;
  /**
   * The end of an input, after all that was written before. A terminal gets the character for it, and
   * takes more afterwards.
   */
  end(fd: number): void;
  /**
   * The output of a descriptor, once, in order, to its end. A chunk counts as used up when the next
   * is asked for; a program that writes faster waits, as on any full pipe, and so does one whose
   * output nobody reads or discards. Whoever stops early discards the rest. Throws a SandboxError
   * when sandboxd is lost.
   */
  output(fd: number): AsyncIterable<Uint8Array>;
  /** Drops what came and what comes, so that the program never waits for this descriptor. */
  discard(fd: number): void;
  /** The program's terminal has another size, and the program gets SIGWINCH. */
  resize(fd: number, size: TerminalSize): void;
  /** Sends a signal to the program's process group. */
  signal(name: NodeJS.Signals): void;
  /** Ends the program. */
  cancel(): void;
}

interface RunOptions {
  /** Aborting rejects with the signal's reason what still waits for a slot, and cancels what runs. */
  signal: AbortSignal | null;
}

/**
 * A pool of slots that each run one box at a time.
 *
 * All three ways to run wait for their slots in the order of the calls. A run that was cancelled has
 * a report with status `cancelled`, unless its program ended first. Everything that is not the
 * program's doing rejects with a SandboxError.
 */
export interface Sandbox {
  readonly slots: number;
  /** What sandboxd said it enforces when it last was connected. */
  readonly isolation: readonly IsolationFeature[];
  /** Runs one program to its end. Refuses descriptors that are streams or pipes. */
  run(spec: RunSpec, options: RunOptions): Promise<RunReport>;
  /**
   * Starts one program and resolves when a slot has been asked for it; what is refused rejects the
   * run's report. Refuses descriptors that are pipes.
   */
  open(spec: RunSpec, options: RunOptions): Promise<LiveRun>;
  /**
   * Starts programs together, in as many slots at once, that may be connected by pipes: each number
   * stands in exactly one `pipe-write` and one `pipe-read` of another spec. Resolves when each has
   * been prepared and all were started; when one is refused, the others are cancelled and the call
   * rejects with the refusal. The end of one ends no other. With `cpus` null, programs that talk
   * over a pipe share one processor, which makes their turns short and alike.
   */
  session(specs: readonly RunSpec[], options: RunOptions): Promise<readonly LiveRun[]>;
  /** Removes an artifact, or all of this sandboxd; answers how many were removed. */
  forget(id: ArtifactId | "all"): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}
