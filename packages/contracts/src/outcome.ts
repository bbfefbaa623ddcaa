import { z } from "zod";
import { Limits } from "./limits.ts";

/**
 * How one process tree in a box ended, as sandboxd saw it.
 *
 * - `exited`: the program ended by itself with `exitCode`
 * - `signalled`: a signal ended it, sent by itself or by the kernel for its own fault
 * - `cpu_limit`, `wall_limit`, `output_limit`: sandboxd stopped it at that limit
 * - `idle_limit`: it used no CPU time for so long and was stopped
 * - `memory_limit`: it needed more memory than it may have; `memoryCause` says how that is known
 * - `process_limit`: it asked for one process or thread too many and was stopped
 * - `file_limit`: it wrote a file beyond the largest size, and SIGXFSZ ended it
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
  "idle_limit",
  "memory_limit",
  "output_limit",
  "process_limit",
  "file_limit",
  "refused_syscall",
  "start_failed",
  "cancelled",
  "platform",
]);
export type OutcomeStatus = z.infer<typeof OutcomeStatus>;

/**
 * One means of isolation that was really in force for a run.
 *
 * - `user-namespace`: whoever made the box has no privilege outside of it
 * - `watched`: memory, processes and CPU time are limited by rlimits and by looking, not by cgroups
 */
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
  "user-namespace",
  "watched",
]);
export type IsolationFeature = z.infer<typeof IsolationFeature>;

/** What made the box: sandboxd with the kernel of the machine, a second kernel, or no kernel at all. */
export const SandboxDriver = z.enum(["native", "gvisor", "wasm"]);
export type SandboxDriver = z.infer<typeof SandboxDriver>;

/** What the machine's other work did to the run. */
export const Interference = z.object({
  /** How long something that was ready to run waited for a processor, ms. */
  cpuWaitMs: z.number(),
  /** Whose waiting that is: the box's own, or that of the whole machine; null = not known. */
  cpuWaitOf: z.enum(["box", "machine"]).nullable(),
  /** What the hypervisor took from all processors of the machine together, ms. */
  stealMs: z.number(),
  /** Tasks of the machine that were ready to run at the end, without the box. */
  runnable: z.int(),
});
export type Interference = z.infer<typeof Interference>;

/** Where nothing could be measured. */
export const unknownInterference: Interference = { cpuWaitMs: 0, cpuWaitOf: null, stealMs: 0, runnable: 0 };

/**
 * Measured usage and evidence of one run. What results of older versions lack has a default.
 * Times in ms (fractions kept), sizes in bytes.
 */
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
  /** Of `memory_limit`: the OOM killer struck, or the program failed with its peak at the limit; else null. */
  memoryCause: z.enum(["oom", "peak"]).nullable().default(null),
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
  driver: SandboxDriver.default("native"),
  interference: Interference.default(unknownInterference),
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
