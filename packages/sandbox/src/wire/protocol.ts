import { constants } from "node:os";
import type { IsolationFeature, OutcomeStatus } from "@assay/contracts";
import type { SandboxErrorCode } from "../error.ts";
import type { BoxFd } from "../fd.ts";
import type { CollectedState } from "../spec.ts";

// The numbers of native/PROTOCOL.md. Everything that knows the wire is in this folder.

export const PROTOCOL_VERSION = 3;

export const MAX_REQUEST_BYTES = 128 * 1024 * 1024;

/** What a stream may have under way, to the program and from it. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

export const LENGTH_BYTES = 4;
export const ID_BYTES = 16;
export const NANOSECONDS_PER_MS = 1_000_000;
export const MICROSECONDS_PER_MS = 1_000;

export const toSlot = {
  hello: 1,
  run: 2,
  cancel: 3,
  forget: 4,
  input: 5,
  resize: 6,
  signal: 7,
  taken: 8,
  go: 9,
} as const;

export const fromSlot = {
  hello: 129,
  outcome: 130,
  forgotten: 131,
  error: 132,
  output: 133,
  taken: 134,
  held: 135,
} as const;

export const fdKinds: Readonly<Record<BoxFd["kind"], number>> = {
  null: 0,
  content: 1,
  capture: 2,
  input: 3,
  output: 4,
  terminal: 5,
  "pipe-read": 6,
  "pipe-write": 7,
  same: 8,
};

/** The mode of a file that is a symbolic link. */
export const LINK_MODE = 0o120_000;

export const statuses: readonly OutcomeStatus[] = [
  "exited",
  "signalled",
  "cpu_limit",
  "wall_limit",
  "idle_limit",
  "memory_limit",
  "output_limit",
  "process_limit",
  "file_limit",
  "refused_syscall",
  "start_failed",
  "cancelled",
  "platform",
];

export const memoryCauses = [null, "oom", "peak"] as const;
export const cpuWaits = [null, "box", "machine"] as const;

export const collectedStates: readonly CollectedState[] = [
  "ok",
  "missing",
  "not_regular",
  "too_large",
  "link",
];

const isolationBits: readonly (readonly [number, IsolationFeature])[] = [
  [1, "namespaces"],
  [2, "network-namespace"],
  [4, "memory"],
  [8, "swap"],
  [16, "processes"],
  [32, "cpu"],
  [64, "seccomp"],
  [128, "no-capabilities"],
  [256, "cgroup-namespace"],
  [512, "uid-per-slot"],
  [1024, "cgroup-v2"],
  [2048, "user-namespace"],
  [4096, "watched"],
];

const isolations = new Map<number, readonly IsolationFeature[]>();

/** The features whose bits are set. A machine has few masks, and each of its outcomes names one. */
export function isolationOf(mask: number): IsolationFeature[] {
  let features = isolations.get(mask);
  if (features === undefined) {
    features = isolationBits.filter(([bit]) => (mask & bit) !== 0).map(([, feature]) => feature);
    isolations.set(mask, features);
  }
  return [...features];
}

export const errorCodes: Readonly<Record<number, SandboxErrorCode>> = {
  1: "protocol",
  2: "too_large",
  3: "unknown_image",
  4: "unknown_artifact",
  5: "bad_path",
  6: "out_of_range",
  7: "protocol",
  8: "protocol",
  9: "unavailable",
};

/** After these the slot closes the connection: what it says next can't be trusted to be in step. */
export const closingErrors: ReadonlySet<number> = new Set([1, 2, 8]);

/** Two names of one signal: the first is the common one. */
export const signalNames: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);
