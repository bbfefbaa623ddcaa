import type { Limits, TestTiming, TimingRun } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import { cleanBelow, disturbanceOf, noiseMs } from "./disturbance.ts";

/**
 * Whether the clock alone may have decided a result, so that it should be measured again.
 *
 * Only an accepted test and one that was too slow can be in doubt:
 *
 * - too slow by CPU time, by no more than what was measured as interference and the noise of any
 *   measurement. One that was stopped might have needed any time: it is in doubt when the interference
 *   alone is more than the grace that it was given.
 * - too slow by real time, when for a quarter of that or more it was kept from a processor, and had not
 *   used up its CPU time
 * - accepted, as near to the limit, but disturbed: what it used may have been counted to another.
 *   Undisturbed it stands, since another run could show nothing but less.
 */
export const isInDoubt = ({ result }: JudgedTest, limits: Limits): boolean => {
  const { outcome } = result.evidence;
  if (outcome === null) return false;
  const disturbance = disturbanceOf(outcome);
  const noise = noiseMs(limits.cpuMs);
  // A machine that is so busy that everything could be true measures nothing.
  const margin = noise + Math.min(disturbance.cpuMs, limits.cpuMs / 4);
  if (result.verdict === "AC") {
    return disturbance.share >= cleanBelow && outcome.cpuMs > limits.cpuMs - margin;
  }
  if (result.verdict !== "TLE") return false;
  // Stopped for an interactive validator that waited in vain.
  if (outcome.status === "wall_limit" || outcome.status === "cancelled") {
    return outcome.cpuMs <= limits.cpuMs && disturbance.waitedMs >= limits.wallMs / 4;
  }
  if (outcome.status === "idle_limit") return false;
  if (outcome.status === "cpu_limit") return disturbance.cpuMs > noise;
  return outcome.cpuMs <= limits.cpuMs + margin;
};

/**
 * Whether another run may change what these runs say: not after one that is accepted and undisturbed,
 * and not after one that leaves no doubt.
 */
export const needsAnotherRun = (runs: readonly JudgedTest[], limits: Limits): boolean => {
  const last = runs.at(-1);
  if (last === undefined || !isInDoubt(last, limits)) return false;
  return !runs.some((run) => run.result.verdict === "AC" && isClean(run));
};

/**
 * The run that counts: the fastest of those that were not disturbed, and if there is none, the fastest of
 * all. Interference adds time and never takes any away, so the smallest is nearest to what the program
 * needs. A run that the platform failed is never passed over.
 */
export const decidingRun = (runs: readonly JudgedTest[], limits: Limits): JudgedTest => {
  const failed = runs.find(({ result }) => result.verdict === "IE");
  const [first] = runs;
  if (first === undefined) throw new RangeError("nothing was run");
  if (failed !== undefined) return failed;
  const clean = runs.filter(isClean);
  return (clean.length > 0 ? clean : runs).reduce((best, run) =>
    useOf(run, limits) < useOf(best, limits) ? run : best,
  );
};

/** Share of the limit that was used up of the clock that is nearer to its limit. */
const useOf = ({ result }: JudgedTest, limits: Limits): number => {
  const { outcome } = result.evidence;
  const cpuMs = outcome?.cpuMs ?? result.cpuMs;
  const use = Math.max(cpuMs / limits.cpuMs, (outcome?.wallMs ?? result.wallMs) / limits.wallMs);
  // What was too slow is behind everything that was not, whatever it had used when it was stopped.
  return result.verdict === "TLE" ? 1 + use : use;
};

const isClean = (run: JudgedTest): boolean => {
  const { outcome } = run.result.evidence;
  return outcome !== null && disturbanceOf(outcome).share < cleanBelow;
};

/** The result of several runs of one test, with all of them as evidence. */
export const decided = (runs: readonly JudgedTest[], limits: Limits): JudgedTest => {
  const deciding = decidingRun(runs, limits);
  if (runs.length === 1) return deciding;
  const timing: TestTiming = {
    runs: runs.map(asTimingRun),
    spreadMs: spread(runs.map((run) => run.result.evidence.outcome?.cpuMs ?? run.result.cpuMs)),
    decision: decisionOf(runs, deciding),
  };
  return { ...deciding, result: { ...deciding.result, timing } };
};

const decisionOf = (runs: readonly JudgedTest[], deciding: JudgedTest): string => {
  const number = runs.indexOf(deciding) + 1;
  const { verdict } = deciding.result;
  if (verdict === "IE") return `the platform failed run ${number} of ${runs.length}`;
  const undisturbed = runs.filter(isClean).length;
  const rule = isClean(deciding)
    ? `the fastest of ${undisturbed} undisturbed`
    : "the fastest, since none was undisturbed";
  return `too close to the limit to be trusted and run ${runs.length} times in all: run ${number} decides (${rule}), ${verdict}`;
};

const spread = (values: readonly number[]): number =>
  values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);

const asTimingRun = ({ result }: JudgedTest): TimingRun => {
  const { outcome } = result.evidence;
  return {
    cpuMs: outcome?.cpuMs ?? result.cpuMs,
    wallMs: outcome?.wallMs ?? result.wallMs,
    verdict: result.verdict,
    interference: outcome === null ? 0 : disturbanceOf(outcome).share,
  };
};
