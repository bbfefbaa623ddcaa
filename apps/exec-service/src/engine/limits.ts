import type { Limits } from "@assay/contracts";
import type { Cmd } from "../model/request.ts";

const MiB = 1024 * 1024;
const NS_PER_MS = 1_000_000;

/** What the wire of sandboxd takes at least. */
const LEAST_MEMORY = MiB;
const LEAST_STACK = 64 * 1024;
const LEAST_DATA = MiB;

/** A clock limit is looked at every 100 ms in the interface that this follows: a program may end in that time. */
const CLOCK_SLACK_MS = 100;

/** Threads get a stack of this limit's size each, so with a limit of addresses it must be small. */
const COMMON_STACK = 8 * MiB;

/** Times are nanoseconds, sizes bytes. */
export interface LimitPolicy {
  /** For a command that says nothing. */
  readonly defaults: { readonly cpuNs: number; readonly memoryBytes: number; readonly processes: number };
  /** What is above is lowered to it. */
  readonly maxima: {
    readonly cpuNs: number;
    readonly clockNs: number;
    readonly memoryBytes: number;
    readonly processes: number;
  };
  /** Of /w and of /tmp, each. */
  readonly diskBytes: number;
  readonly openFiles: number;
}

/** What one written file may have at most. */
const FILE_BYTES = 256 * MiB;

/** What a command may use, after defaults and maxima. */
export interface Allowance {
  readonly cpuNs: number;
  readonly clockNs: number;
  readonly memoryBytes: number;
  readonly limits: Limits;
}

export function allowanceOf(cmd: Cmd, { defaults, maxima, diskBytes, openFiles }: LimitPolicy): Allowance {
  const cpuNs = Math.min(cmd.cpuLimit || defaults.cpuNs, maxima.cpuNs);
  const clockNs = Math.min(Math.max(cmd.clockLimit, cpuNs), maxima.clockNs);
  const memoryBytes = Math.min(cmd.memoryLimit || defaults.memoryBytes, maxima.memoryBytes);
  const held = Math.max(memoryBytes, LEAST_MEMORY);
  const rlimited = Math.max(memoryBytes, LEAST_DATA);
  const isAddressed = cmd.addressSpaceLimit || cmd.dataSegmentLimit;
  const stack = cmd.stackLimit || (isAddressed ? COMMON_STACK : held);
  return {
    cpuNs,
    clockNs,
    memoryBytes,
    limits: {
      cpuMs: Math.max(1, Math.ceil(cpuNs / NS_PER_MS)),
      wallMs: Math.max(1, Math.ceil(clockNs / NS_PER_MS)) + CLOCK_SLACK_MS,
      memoryBytes: held,
      processes: Math.min(cmd.procLimit || defaults.processes, maxima.processes),
      diskBytes,
      fileBytes: FILE_BYTES,
      stackBytes: Math.max(Math.min(stack, held), LEAST_STACK),
      openFiles,
      outputBytes: 0,
      idleMs: null,
      addressSpaceBytes: cmd.addressSpaceLimit ? rlimited : null,
      dataBytes: cmd.dataSegmentLimit ? rlimited : null,
    },
  };
}
