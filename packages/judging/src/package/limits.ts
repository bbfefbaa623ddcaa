import { Limits, defaultCompileLimits } from "@assay/contracts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { ProblemLimits } from "./types.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/**
 * What holds where a package says nothing, in the format's own units: seconds, MiB, KiB.
 *
 * `timeSeconds`: the format would derive the time limit from how long the package's accepted
 * submissions take on the judging machine. This version does not measure them; 2 s stands in, and
 * the package gets a warning.
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
} as const;

/**
 * A test may take three times its CPU limit plus one second of real time: enough for a machine that
 * is busy with other jobs, and an end for programs that only wait.
 */
const wallMsFor = (cpuMs: number): number => 3 * cpuMs + 1000;

/** A time limit with where it stands, or null when the package states none. */
export interface StatedTime {
  readonly seconds: number;
  readonly where: string;
  readonly line: number | null;
}

/** Reads the `limits` map that both generations of the format share. */
export const readLimits = (
  map: ConfigMap | null,
  time: StatedTime | null,
  fileWriting: boolean,
  findings: Findings,
): ProblemLimits => {
  const number = (key: string, fallback: number): number =>
    map?.number(key, { min: 0, exclusiveMin: true }) ?? fallback;
  const timeMs = Math.round((time?.seconds ?? formatDefaults.timeSeconds) * 1000);
  const compileCpuMs = Math.round(number("compilation_time", formatDefaults.compilationSeconds) * 1000);
  const limits: ProblemLimits = {
    timeMs,
    timeStated: time !== null,
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
      cpuMs: Math.round(number("validation_time", formatDefaults.validationSeconds) * 1000),
      wallMs: 2 * Math.round(number("validation_time", formatDefaults.validationSeconds) * 1000),
      memoryBytes: Math.floor(number("validation_memory", formatDefaults.validationMiB) * MiB),
      outputBytes: Math.floor(number("validation_output", formatDefaults.validationOutputMiB) * MiB),
    },
    validationPasses: 2,
    calibration: { rule: "legacy", acToTimeLimit: 5, timeLimitToTle: 2, resolutionMs: 1000 },
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
  refuse("memory", { memoryBytes: limits.memoryBytes }, `${limits.memoryBytes / MiB} MiB`);
  refuse("output", { outputBytes: limits.outputBytes }, `${limits.outputBytes / MiB} MiB`);
  refuse(
    "compilation_time",
    { cpuMs: compileCpuMs, wallMs: limits.compile.wallMs },
    `${compileCpuMs / 1000} s`,
  );
  refuse(
    "compilation_memory",
    { memoryBytes: limits.compile.memoryBytes },
    `${limits.compile.memoryBytes / MiB} MiB`,
  );
  return limits;
};

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
