import { globPattern } from "./glob.ts";
import type { SubmissionPromise, TimeCalibration } from "./types.ts";

/** How long a test took, for the arithmetic of time limits. */
export interface TestTime {
  /** Name of the test. */
  readonly name: string;
  /** CPU time, ms; infinite where the test was stopped for another clock, or before its end. */
  readonly timeMs: number;
}

/** What submissions say of the time limit; times in ms. */
export interface TimeBounds {
  /** Slowest run of the sets of tests that must end in time; null = there is no such set. */
  readonly slowestAcceptedMs: number | null;
  /** Over the sets of which a test must be too slow: the smallest of their slowest runs; null = none. */
  readonly fastestTooSlowMs: number | null;
}

/** Which bound of the time limit the tests of this promise give; null = none. */
export const boundOf = (promise: SubmissionPromise): "lower" | "upper" | null => {
  const { timeLimit, permitted, required } = promise;
  if (timeLimit === "none") return null;
  if (timeLimit !== null) return timeLimit;
  if (required.length > 0 && required.every((verdict) => verdict === "TLE")) return "upper";
  return permitted.includes("TLE") ? null : "lower";
};

/** Whether a promise speaks of this test. */
export const concerns = (promise: SubmissionPromise, testName: string): boolean =>
  promise.tests === null || (globPattern(promise.tests)?.test(testName) ?? false);

/** The bounds that runs of submissions give, each with its promises and the times of its tests. */
export const timeBounds = (
  runs: readonly {
    readonly promises: readonly SubmissionPromise[];
    readonly times: readonly TestTime[];
  }[],
): TimeBounds => {
  let slowestAcceptedMs: number | null = null;
  let fastestTooSlowMs: number | null = null;
  for (const { promises, times } of runs) {
    for (const promise of promises) {
      const bound = boundOf(promise);
      const concerned = times.filter(({ name }) => concerns(promise, name));
      if (bound === null || concerned.length === 0) continue;
      const slowest = Math.max(...concerned.map(({ timeMs }) => timeMs));
      if (bound === "lower") slowestAcceptedMs = Math.max(slowestAcceptedMs ?? 0, slowest);
      else fastestTooSlowMs = Math.min(fastestTooSlowMs ?? Infinity, slowest);
    }
  }
  return { slowestAcceptedMs, fastestTooSlowMs };
};

/** Times are measured in millionths: what rounding leaves must not cost a whole step. */
const rounding = 1e-9;

/** The time limit in ms that follows from the bounds, or a sentence that says why there is none. */
export const calibratedLimit = (
  calibration: TimeCalibration,
  bounds: TimeBounds,
): { readonly limitMs: number } | { readonly message: string } => {
  const { rule, acToTimeLimit, resolutionMs } = calibration;
  const { slowestAcceptedMs: slowest } = bounds;
  if (slowest === null) {
    return { message: "no submission gives a lower bound of the time limit: one must always be in time" };
  }
  if (!Number.isFinite(slowest)) {
    return { message: "a submission that must be in time did not end, so that no time limit fits it" };
  }
  const steps = Math.max(1, Math.ceil((slowest * acToTimeLimit) / resolutionMs - rounding));
  const limitMs = Math.round(steps * resolutionMs * 1000) / 1000;
  if (rule === "2025-09" && !isSlowEnough(calibration, limitMs, bounds.fastestTooSlowMs)) {
    return { message: noLimitFits(calibration, bounds) };
  }
  return { limitMs };
};

const noLimitFits = (
  { acToTimeLimit, timeLimitToTle, resolutionMs }: TimeCalibration,
  { slowestAcceptedMs, fastestTooSlowMs }: TimeBounds,
): string =>
  `no multiple of ${seconds(resolutionMs)} is a time limit: it must be at least ` +
  `${seconds((slowestAcceptedMs ?? 0) * acToTimeLimit)} (${acToTimeLimit} times the slowest submission that must be in time) ` +
  `and at most ${seconds((fastestTooSlowMs ?? Infinity) / timeLimitToTle)} ` +
  `(the fastest one that must be too slow, divided by ${timeLimitToTle})`;

/** What is too slow must be so by a margin: 2025-09 lets it reach the margin, legacy wants it passed. */
const isSlowEnough = (
  { rule, timeLimitToTle }: TimeCalibration,
  limitMs: number,
  tooSlowMs: number | null,
): boolean => {
  if (tooSlowMs === null) return true;
  const least = limitMs * timeLimitToTle;
  return rule === "2025-09" ? tooSlowMs >= least * (1 - rounding) : tooSlowMs > least * (1 + rounding);
};

/** Sentences about a time limit that lies too near to what submissions took. */
export const marginWarnings = (
  calibration: TimeCalibration,
  limitMs: number,
  bounds: TimeBounds,
): readonly string[] => {
  const { acToTimeLimit, timeLimitToTle } = calibration;
  const { slowestAcceptedMs: slowest, fastestTooSlowMs: tooSlow } = bounds;
  const warnings: string[] = [];
  if (slowest !== null && slowest * acToTimeLimit > limitMs * (1 + rounding)) {
    warnings.push(
      `the time limit of ${seconds(limitMs)} is less than ${acToTimeLimit} times the ${seconds(slowest)} ` +
        `of the slowest submission that must be in time`,
    );
  }
  if (tooSlow !== null && !isSlowEnough(calibration, limitMs, tooSlow)) {
    warnings.push(
      `the time limit of ${seconds(limitMs)} times ${timeLimitToTle} is ${seconds(limitMs * timeLimitToTle)}, ` +
        `but a submission that must be too slow takes only ${seconds(tooSlow)}`,
    );
  }
  return warnings;
};

const seconds = (ms: number): string =>
  Number.isFinite(ms) ? `${Number((ms / 1000).toFixed(3))} s` : "any time";
