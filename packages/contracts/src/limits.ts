import { z } from "zod";

const MiB = 1024 * 1024;
const TiB = 1024 * 1024 * MiB;

/**
 * What one process tree may use in a box. Every field is enforced by the kernel or by sandboxd's
 * timers; none is advisory. Times are milliseconds, sizes are bytes.
 */
export const Limits = z.strictObject({
  /** CPU time of the whole tree, user + system, ms. */
  cpuMs: z.int().min(10).max(600_000),
  /** Real time from the program's start, ms. */
  wallMs: z.int().min(10).max(3_600_000),
  /** Memory + swap of the whole tree including its tmpfs files, bytes. */
  memoryBytes: z
    .int()
    .min(8 * MiB)
    .max(64 * 1024 * MiB),
  /** Processes and threads alive at once. */
  processes: z.int().min(1).max(4096),
  /** What may be written to the work directory and to /tmp, each, bytes; files that were given come on top. */
  diskBytes: z
    .int()
    .min(64 * 1024)
    .max(16 * 1024 * MiB),
  /** Largest single file that may be written, bytes. */
  fileBytes: z
    .int()
    .min(0)
    .max(16 * 1024 * MiB),
  /** Main thread's stack, bytes. */
  stackBytes: z
    .int()
    .min(64 * 1024)
    .max(16 * 1024 * MiB),
  /** Open file descriptors per process. */
  openFiles: z.int().min(8).max(65_536),
  /** Captured bytes of stdout and of stderr, each; what comes after is counted and discarded. */
  outputBytes: z
    .int()
    .min(0)
    .max(64 * MiB),
  /** Real time in a row without any use of CPU time, ms; null = no limit. */
  idleMs: z.int().min(10).max(3_600_000).nullable().default(null),
  /** Address space of each process (RLIMIT_AS), bytes; null = no limit. */
  addressSpaceBytes: z
    .int()
    .min(MiB)
    .max(16 * TiB)
    .nullable()
    .default(null),
  /** Data segment of each process (RLIMIT_DATA), bytes; null = no limit. */
  dataBytes: z
    .int()
    .min(MiB)
    .max(16 * TiB)
    .nullable()
    .default(null),
});
export type Limits = z.infer<typeof Limits>;

/** What a run gets when it asks for nothing else. */
export const defaultRunLimits: Limits = {
  cpuMs: 10_000,
  wallMs: 30_000,
  memoryBytes: 512 * MiB,
  processes: 64,
  diskBytes: 64 * MiB,
  fileBytes: 64 * MiB,
  stackBytes: 64 * MiB,
  openFiles: 256,
  outputBytes: 1 * MiB,
  idleMs: null,
  addressSpaceBytes: null,
  dataBytes: null,
};

/** What a compiler gets unless a problem says otherwise (problem package format: 60 s, 2048 MiB). */
export const defaultCompileLimits: Limits = {
  cpuMs: 60_000,
  wallMs: 120_000,
  memoryBytes: 2048 * MiB,
  processes: 128,
  diskBytes: 256 * MiB,
  fileBytes: 256 * MiB,
  stackBytes: 256 * MiB,
  openFiles: 1024,
  outputBytes: 64 * 1024,
  idleMs: null,
  addressSpaceBytes: null,
  dataBytes: null,
};
