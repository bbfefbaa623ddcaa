import type { Finding, TimeLimit, VerifiedSubmission, VerifyResult } from "@assay/contracts";
import { JudgeError } from "../judge-error.ts";
import { withConstants } from "../package/constants.ts";
import { formatIssue } from "../package/findings.ts";
import { validationLimits } from "../package/limits.ts";
import { inspectPackage } from "../package/parse.ts";
import { prepareJudge } from "../prepared-judge.ts";
import { progressTo } from "./context.ts";
import type { Checking, VerifyContext } from "./context.ts";
import { checkInputs } from "./inputs.ts";
import { checkOutputs } from "./outputs.ts";
import { Report } from "./report.ts";
import { checkStructure } from "./structure.ts";
import { checkSubmissions } from "./submissions.ts";
import { checkSamples, checkTestFiles } from "./test-data.ts";

export type { VerifyContext } from "./context.ts";

/**
 * Checks a problem package by reading it and by running what it holds: whether it keeps to its format,
 * whether validators accept and reject what they must, whether each of its submissions gets what it
 * promises, and which time limit follows from them.
 *
 * What is wrong with the package is a finding, never an error. Throws the signal's reason when
 * cancelled, NotHere when this machine can't run what judging needs, and SandboxError when the platform
 * can't go on.
 */
export const verifyPackage = async (context: VerifyContext): Promise<VerifyResult> => {
  const report = new Report();
  const inspected = await inspectPackage(context.packageFiles, {
    shortName: context.shortName,
    measures: true,
  });
  checkStructure(inspected, report);
  const { problem } = inspected;
  if (problem === null) return resultOf(report, [], null);

  const checking: Checking = {
    context,
    problem,
    files: withConstants(context.packageFiles, problem.constants),
    report,
    limits: validationLimits(problem.limits),
    progress: progressTo(context.onEvent),
  };
  await checkSamples(checking);
  await checkTestFiles(checking);
  await checkInputs(checking);
  const canJudge = await checkPrograms(checking);
  if (!canJudge) {
    const submissions = problem.submissions.map(({ path, language }): VerifiedSubmission => ({
      path,
      language,
      verdict: null,
      score: null,
      cpuMs: null,
      promise: "",
      kept: false,
    }));
    report.warning("submissions", "submissions", "are not judged: what judges them is broken");
    return resultOf(report, submissions, null);
  }
  const { submissions, timeLimit } = await checkSubmissions(checking);
  return resultOf(report, submissions, timeLimit);
};

/** Whether what judges submissions works: output validators, graders, the static validator. */
const checkPrograms = async (checking: Checking): Promise<boolean> => {
  const { context, problem, files, report } = checking;
  try {
    await using judge = await prepareJudge({ ...context, package: problem, packageFiles: files });
    return await checkOutputs(checking, judge.outputValidators);
  } catch (error) {
    if (!(error instanceof JudgeError)) throw error;
    report.error("programs", error.path, error.message);
    return false;
  }
};

const resultOf = (
  report: Report,
  submissions: readonly VerifiedSubmission[],
  timeLimit: TimeLimit | null,
): VerifyResult => {
  const { findings } = report;
  const [first] = findings;
  const accepted = !report.hasErrors;
  const judged = submissions.filter(({ verdict }) => verdict !== null).length;
  const text =
    accepted || first === undefined
      ? `sound: ${judged} submissions judged, ${findings.length} warnings`
      : describe(first, findings);
  return {
    kind: "verify",
    accepted,
    findings: [...findings],
    submissions: [...submissions],
    timeLimit,
    evidence: { text, outcome: null, limits: null },
  };
};

const describe = (first: Finding, findings: readonly Finding[]): string => {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return errors === 1 ? formatIssue(first) : `${formatIssue(first)} (and ${errors - 1} more)`;
};
