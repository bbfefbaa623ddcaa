import { z } from "zod";
import { Limits } from "./limits.ts";

/**
 * How one process tree in a box ended, as sandboxd saw it.
 *
 * - `exited`: the program ended by itself with `exitCode`
 * - `signalled`: a signal ended it, sent by itself or by the kernel for its own fault
 * - `cpu_limit`, `wall_limit`, `output_limit`: sandboxd stopped it at that limit
 * - `memory_limit`: the kernel's OOM killer struck in its cgroup
 * - `refused_syscall`: it insisted on system calls that the seccomp policy forbids and was stopped
 * - `start_failed`: the program could not be executed (missing, not executable); `message` says why
 * - `cancelled`: whoever asked for the run withdrew
 * - `platform`: the sandbox itself failed; never the program's fault
 */
export const OutcomeStatus = z.enum([
  "exited",
  "signalled",
  "cpu_limit",
  "wall_limit",
  "memory_limit",
  "output_limit",
  "refused_syscall",
  "start_failed",
  "cancelled",
  "platform",
]);
export type OutcomeStatus = z.infer<typeof OutcomeStatus>;

/** One means of isolation that was really in force for a run. */
export const IsolationFeature = z.enum([
  "namespaces",
  "network-namespace",
  "cgroup-namespace",
  "memory",
  "swap",
  "processes",
  "cpu",
  "seccomp",
  "no-capabilities",
  "uid-per-slot",
  "cgroup-v2",
]);
export type IsolationFeature = z.infer<typeof IsolationFeature>;

/** Measured usage and evidence of one run. Times in ms (fractions kept), sizes in bytes. */
export const Outcome = z.object({
  status: OutcomeStatus,
  /** 0..255, or null when the program did not exit by itself. */
  exitCode: z.int().nullable(),
  /** For example "SIGSEGV"; null when no signal ended it. */
  signal: z.string().nullable(),
  cpuMs: z.number(),
  cpuUserMs: z.number(),
  cpuSystemMs: z.number(),
  wallMs: z.number(),
  /** Peak of the cgroup: anonymous memory, tmpfs files, page cache and kernel memory of the tree. */
  memoryBytes: z.number(),
  processesPeak: z.int(),
  /** Processes that the kernel's OOM killer ended in the box's cgroup. */
  oomKills: z.int(),
  /** How often fork or clone was refused at the process limit. */
  processLimitHits: z.int(),
  voluntarySwitches: z.int(),
  involuntarySwitches: z.int(),
  /** Bytes that the program wrote, captured or not. */
  stdoutBytes: z.int(),
  stderrBytes: z.int(),
  stdoutTruncated: z.boolean(),
  stderrTruncated: z.boolean(),
  /** Bytes in the work directory and /tmp at the end. */
  fileBytes: z.int(),
  refusedSyscalls: z.array(z.object({ name: z.string(), count: z.int() })),
  isolation: z.array(IsolationFeature),
  /** Set for `start_failed` and `platform`. */
  message: z.string().nullable(),
  /** Time that sandboxd needed before the program's first instruction, ms. */
  setupMs: z.number(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Why a verdict is what it is: a sentence for people, the outcome and the limits for machines. */
export const Evidence = z.object({
  text: z.string(),
  /** Null when nothing ran (for example: the platform failed before). */
  outcome: Outcome.nullable(),
  limits: Limits.nullable(),
});
export type Evidence = z.infer<typeof Evidence>;
