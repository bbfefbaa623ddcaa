import type { Limits } from "@assay/contracts";

interface Bounds {
  readonly otherwise: number;
  readonly most: number;
}

/** Judge0's limits in its own units: seconds, KB, and numbers. */
export interface Judge0Limits {
  readonly cpu_time_limit: Bounds;
  readonly cpu_extra_time: Bounds;
  readonly wall_time_limit: Bounds;
  readonly memory_limit: Bounds;
  readonly stack_limit: Bounds;
  readonly max_processes_and_or_threads: Bounds;
  readonly max_file_size: Bounds;
  readonly number_of_runs: Bounds;
}

export const batchSize = 20;
export const extractKilobytes = 10_240;
export const callbackTries = 3;
export const callbackSeconds = 5;

const bounds = (otherwise: number, most: number): Bounds => ({ otherwise: Math.min(otherwise, most), most });

/** What Judge0 allows as it ships, or this server, whichever is less. */
export const judge0Limits = (server: Limits): Judge0Limits => ({
  cpu_time_limit: bounds(5, Math.min(15, server.cpuMs / 1000)),
  cpu_extra_time: bounds(1, 5),
  wall_time_limit: bounds(10, Math.min(20, server.wallMs / 1000)),
  memory_limit: bounds(128_000, Math.min(512_000, Math.floor(server.memoryBytes / 1024))),
  stack_limit: bounds(64_000, Math.min(128_000, Math.floor(server.stackBytes / 1024))),
  max_processes_and_or_threads: bounds(60, Math.min(120, server.processes)),
  max_file_size: bounds(
    1024,
    Math.min(4096, Math.floor(Math.min(server.outputBytes, server.fileBytes) / 1024)),
  ),
  number_of_runs: bounds(1, 20),
});
