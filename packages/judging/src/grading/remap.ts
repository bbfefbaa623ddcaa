import { faultOf } from "@assay/contracts";
import type { JudgePolicy, TestResult, Verdict } from "@assay/contracts";

/** Whose fault something is, and that nothing was run, is no matter of taste. */
const fixed: ReadonlySet<Verdict> = new Set(["AC", "SK", "JE", "IE"]);

/**
 * The verdict that a problem set tells instead of the one that was measured, once: what a remap gives
 * is not mapped again. IR is for a run-time error by exit code; one by signal stays RTE.
 */
export const remappedVerdict = (
  verdict: Verdict,
  endedByExitCode: boolean,
  remap: JudgePolicy["remap"],
): Verdict => {
  const told = remap[verdict];
  if (told === undefined || fixed.has(verdict) || (fixed.has(told) && told !== "AC")) return verdict;
  return told === "IR" && !endedByExitCode ? verdict : told;
};

/** A test as the problem set tells it. Evidence, cause and usage stay as they were measured. */
export const remapped = (result: TestResult, remap: JudgePolicy["remap"]): TestResult => {
  const { outcome } = result.evidence;
  const byExitCode = outcome?.status === "exited" && (outcome.exitCode ?? 0) !== 0;
  const verdict = remappedVerdict(result.verdict, byExitCode, remap);
  if (verdict === result.verdict) return result;
  const text = `${result.evidence.text} (${result.verdict}, counted as ${verdict})`;
  return { ...result, verdict, fault: faultOf(verdict), evidence: { ...result.evidence, text } };
};
