import { Limits, defaultCompileLimits } from "@assay/contracts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { ProblemLimits, TimeCalibration } from "./types.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/**
 * What holds where a package says nothing, in the format's own units: seconds, MiB, KiB.
 *
 * `timeSeconds`: the time limit of a package that states none follows from how long its own
 * submissions take on the machine that judges. Until that was measured, 2 s stand in, and the package
 * gets a warning.
 */
export const formatDefaults = {
  timeSeconds: 2,
  memoryMiB: 2048,
  outputMiB: 8,
  codeKiB: 128,
  compilationSeconds: 60,
  compilationMiB: 2048,
  validationSeconds: 60,
  validationMiB: 2048,
  validationOutputMiB: 8,
  validationPasses: 2,
} as const;

/**
 * A test may take three times its CPU limit plus one second of real time: enough for a machine that
 * is busy with other jobs, and an end for programs that only wait.
 */
const wallMsFor = (cpuMs: number): number => 3 * cpuMs + 1000;

/** More passes than any problem has, and few enough to end. */
const maxPasses = 1000;

/** A time limit with where it stands, or null when the package states none. */
export interface StatedTime {
  readonly seconds: number;
  readonly where: string;
  readonly line: number | null;
}

export interface LimitsRequest {
  readonly map: ConfigMap | null;
  readonly time: StatedTime | null;
  readonly calibration: TimeCalibration;
  readonly fileWriting: boolean;
  /** Whether sizes and times, the time limit aside, must be whole numbers. */
  readonly integers: boolean;
}

/** Reads the `limits` map that both generations of the format share. */
export const readLimits = (request: LimitsRequest, findings: Findings): ProblemLimits => {
  const { map, time, calibration, fileWriting, integers } = request;
  const number = (key: string, fallback: number): number =>
    map?.number(key, { min: 0, exclusiveMin: true, integer: integers }) ?? fallback;
  const timeMs = Math.round((time?.seconds ?? formatDefaults.timeSeconds) * 1000);
  const compileCpuMs = Math.round(number("compilation_time", formatDefaults.compilationSeconds) * 1000);
  const validationCpuMs = Math.round(number("validation_time", formatDefaults.validationSeconds) * 1000);
  const limits: ProblemLimits = {
    timeMs,
    timeStated: time !== null,
    calibration,
    wallMs: wallMsFor(timeMs),
    memoryBytes: Math.floor(number("memory", formatDefaults.memoryMiB) * MiB),
    outputBytes: Math.floor(number("output", formatDefaults.outputMiB) * MiB),
    codeBytes: Math.floor(number("code", formatDefaults.codeKiB) * KiB),
    compile: {
      cpuMs: compileCpuMs,
      wallMs: 2 * compileCpuMs,
      memoryBytes: Math.floor(number("compilation_memory", formatDefaults.compilationMiB) * MiB),
    },
    validation: {
      cpuMs: validationCpuMs,
      wallMs: 2 * validationCpuMs,
      memoryBytes: Math.floor(number("validation_memory", formatDefaults.validationMiB) * MiB),
      outputBytes: Math.floor(number("validation_output", formatDefaults.validationOutputMiB) * MiB),
    },
    validationPasses:
      map?.number("validation_passes", { min: 2, integer: true }) ?? formatDefaults.validationPasses,
    fileWriting,
  };

  if (time !== null && !Number.isInteger(Number((time.seconds * 1000).toFixed(6)))) {
    findings.warn(time.where, time.line, `a time limit of ${time.seconds} s is finer than a millisecond`);
  }
  // A stated limit is kept exactly or the package is refused; it is never rounded to what we can do.
  const file = map?.file ?? "problem.yaml";
  const refuse = (key: string, value: Partial<Limits>, said: string): void => {
    if (!Limits.partial().safeParse(value).success) {
      findings.unsupported(file, map?.lineOf(key) ?? null, `limits.${key} of ${said}`);
    }
  };
  if (time !== null && !Limits.partial().safeParse({ cpuMs: timeMs, wallMs: limits.wallMs }).success) {
    findings.unsupported(time.where, time.line, `a time limit of ${time.seconds} s`);
  }
  const { compile, validation } = limits;
  const inMiB = (bytes: number): string => `${bytes / MiB} MiB`;
  refuse("memory", { memoryBytes: limits.memoryBytes }, inMiB(limits.memoryBytes));
  refuse("output", { outputBytes: limits.outputBytes }, inMiB(limits.outputBytes));
  for (const [kind, { cpuMs, wallMs, memoryBytes }] of [
    ["compilation", compile],
    ["validation", validation],
  ] as const) {
    refuse(`${kind}_time`, { cpuMs, wallMs }, `${cpuMs / 1000} s`);
    refuse(`${kind}_memory`, { memoryBytes }, inMiB(memoryBytes));
  }
  refuse("validation_output", { outputBytes: validation.outputBytes }, inMiB(validation.outputBytes));
  if (limits.validationPasses > maxPasses) {
    findings.unsupported(
      file,
      map?.lineOf("validation_passes") ?? null,
      `limits.validation_passes of ${limits.validationPasses}`,
    );
  }
  return limits;
};

/** The same limits with another time limit: one that was measured. */
export const withTimeLimit = (limits: ProblemLimits, timeMs: number): ProblemLimits => ({
  ...limits,
  timeMs,
  wallMs: wallMsFor(timeMs),
});

/** What a test of this problem may use in its box. */
export const testLimits = (limits: ProblemLimits): Limits => ({
  cpuMs: limits.timeMs,
  wallMs: limits.wallMs,
  memoryBytes: limits.memoryBytes,
  processes: 64,
  diskBytes: 256 * MiB,
  fileBytes: limits.fileWriting ? limits.outputBytes : 0,
  // The stack is part of the memory, not a limit of its own: deep recursion is no error.
  stackBytes: limits.memoryBytes,
  openFiles: 256,
  outputBytes: limits.outputBytes,
  idleMs: null,
  addressSpaceBytes: null,
  dataBytes: null,
});

/** What the compiler may use for a submission to this problem. */
export const compileLimits = (limits: ProblemLimits): Limits => ({
  ...defaultCompileLimits,
  ...limits.compile,
});

/** What a validator or grader may use in its box; what is placed there for it comes on top. */
export const validationLimits = ({ validation }: ProblemLimits): Limits => ({
  cpuMs: validation.cpuMs,
  wallMs: validation.wallMs,
  memoryBytes: validation.memoryBytes,
  processes: 64,
  // Everything that it writes counts as output, but it may well write it twice.
  diskBytes: Math.max(MiB, 2 * validation.outputBytes),
  fileBytes: validation.outputBytes,
  stackBytes: validation.memoryBytes,
  openFiles: 256,
  outputBytes: validation.outputBytes,
  idleMs: null,
  addressSpaceBytes: null,
  dataBytes: null,
});
