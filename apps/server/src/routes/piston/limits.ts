import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import type { Limits } from "@assay/contracts";
import type { ServerConfig } from "../../config.ts";

/** Most of what Piston's clients may ask for, and what they get otherwise: ms, and bytes. */
export interface PistonLimits {
  readonly compile_timeout: number;
  readonly run_timeout: number;
  readonly compile_cpu_time: number;
  readonly run_cpu_time: number;
  readonly compile_memory_limit: number;
  readonly run_memory_limit: number;
}

export const limitNames = [
  "compile_memory_limit",
  "run_memory_limit",
  "compile_timeout",
  "run_timeout",
  "compile_cpu_time",
  "run_cpu_time",
] as const satisfies readonly (keyof PistonLimits)[];

export type Asked = Partial<Record<keyof PistonLimits, number>>;

const leastTimeMs = 10;
const leastMemory = 8 * 1024 * 1024;

/** Piston's settings as they are here; of a compiler's time only its operator's and of all the server's. */
export function pistonLimits({ compatible, maximumLimits }: ServerConfig): PistonLimits {
  const { runTimeoutMs, compileTimeoutMs } = compatible.piston;
  return {
    compile_timeout: compileTimeoutMs,
    run_timeout: Math.min(runTimeoutMs, maximumLimits.wallMs),
    compile_cpu_time: Math.min(compileTimeoutMs, defaultCompileLimits.cpuMs),
    run_cpu_time: Math.min(runTimeoutMs, maximumLimits.cpuMs),
    compile_memory_limit: Math.max(defaultCompileLimits.memoryBytes, maximumLimits.memoryBytes),
    run_memory_limit: maximumLimits.memoryBytes,
  };
}

const time = (ms: number): number => Math.max(leastTimeMs, Math.round(ms));
const memory = (bytes: number | undefined, otherwise: number): number =>
  bytes === undefined ? otherwise : Math.max(leastMemory, Math.round(bytes));

export function runLimits(config: ServerConfig, asked: Asked): Partial<Limits> {
  const most = pistonLimits(config);
  return {
    wallMs: time(asked.run_timeout ?? most.run_timeout),
    cpuMs: time(asked.run_cpu_time ?? most.run_cpu_time),
    memoryBytes: memory(
      asked.run_memory_limit,
      Math.min(defaultRunLimits.memoryBytes, most.run_memory_limit),
    ),
  };
}

export function compileLimits(config: ServerConfig, asked: Asked): Limits {
  const most = pistonLimits(config);
  return {
    ...defaultCompileLimits,
    wallMs: time(asked.compile_timeout ?? most.compile_timeout),
    cpuMs: time(asked.compile_cpu_time ?? most.compile_cpu_time),
    memoryBytes: memory(asked.compile_memory_limit, defaultCompileLimits.memoryBytes),
  };
}
