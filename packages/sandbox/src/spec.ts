import type { IsolationFeature, Limits, Outcome } from "@assay/contracts";

declare const artifactBrand: unique symbol;

/** A kept work directory of one sandboxd: 32 lower-case hex digits. It lives no longer than that sandboxd. */
export type ArtifactId = string & { readonly [artifactBrand]: true };

/** A file for the work directory. `path` is relative and plain; `mode` is 0 to 0o777. */
export interface BoxFile {
  path: string;
  mode: number;
  content: Uint8Array;
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
  /** Empty means /dev/null. */
  stdin: Uint8Array;
  /** The work directory starts as a copy of this artifact; null means empty. */
  base: ArtifactId | null;
  /** Written over `base`; directories are made as needed. */
  files: readonly BoxFile[];
  /** Keep the work directory as an artifact when the program exits with 0. */
  keep: { maxBytes: number } | null;
  /** Files of the work directory to return, `maxBytes` for all of them together. */
  collect: { paths: readonly string[]; maxBytes: number } | null;
  /** What happens to a program that writes more than `limits.outputBytes`. */
  onOutputLimit: "discard" | "stop";
}

/** - `not_regular`: a directory, link, pipe or device; never followed
 *  - `too_large`: beyond what was left of `collect.maxBytes` */
export type CollectedState = "ok" | "missing" | "not_regular" | "too_large";

/** `content` is empty unless `state` is `ok`. */
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
  stdout: Uint8Array;
  stderr: Uint8Array;
  artifact: Artifact | null;
  /** How much too large the work directory of a program that exited with 0 was to be kept; otherwise null. */
  keepRefused: string | null;
  /** In the order of `collect.paths`. */
  collected: readonly CollectedFile[];
}

/**
 * A pool of slots that each run one box at a time.
 *
 * `run` waits for a free slot in the order of the calls. Aborting `signal` while waiting rejects
 * with its reason; while running it resolves with status `cancelled`, unless the program ended
 * first. Everything that is not the program's doing rejects with a SandboxError.
 */
export interface Sandbox {
  readonly slots: number;
  /** What sandboxd said it enforces when it last was connected. */
  readonly isolation: readonly IsolationFeature[];
  run(spec: RunSpec, options: { signal: AbortSignal | null }): Promise<RunReport>;
  /** Removes an artifact, or all of this sandboxd; answers how many were removed. */
  forget(id: ArtifactId | "all"): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}
