import { standardPolicy } from "@assay/contracts";
import type { JudgeResult, SourceFile, TimeLimit, VerifiedSubmission } from "@assay/contracts";
import { judgeSubmission } from "../judge.ts";
import { boundOf, calibratedLimit, marginWarnings, timeBounds } from "../package/calibrate.ts";
import type { TestTime, TimeBounds } from "../package/calibrate.ts";
import type { ExampleSubmission } from "../package/types.ts";
import type { Checking } from "./context.ts";
import { brokenPromises, promiseInWords } from "./kept.ts";
import type { Tools } from "../toolbox.ts";

const check = "submissions";

/** What a test may take while the time limit is looked for. */
const searchMs = 60_000;
/** No box takes more. */
const mostMs = 600_000;

interface Candidate {
  readonly submission: ExampleSubmission;
  readonly files: readonly SourceFile[];
  readonly tools: Tools;
}

interface Judged extends Candidate {
  readonly result: JudgeResult;
}

export interface CheckedSubmissions {
  readonly submissions: readonly VerifiedSubmission[];
  readonly timeLimit: TimeLimit | null;
}

/**
 * Judges the package's own submissions and compares what they get with what they promise. Where the
 * package states no time limit, those that must be in time are measured first.
 */
export const checkSubmissions = async (checking: Checking): Promise<CheckedSubmissions> => {
  const { problem, progress } = checking;
  const candidates: Candidate[] = [];
  const left: VerifiedSubmission[] = [];
  for (const submission of problem.submissions) {
    const candidate = await candidateOf(checking, submission);
    if (candidate === null) left.push(verified(submission, null, []));
    else candidates.push(candidate);
  }
  progress.add(candidates.length);
  const measured = problem.limits.timeStated
    ? { limitMs: problem.limits.timeMs, judged: [] }
    : await measureLimit(checking, candidates);
  const early = measured.judged.map((each) => each.submission);
  const rest = candidates.filter(({ submission }) => !early.includes(submission));
  if (measured.limitMs === null) {
    const reached = measured.judged.map((each) => compared(checking, each));
    const others = rest.map(({ submission }) => verified(submission, null, []));
    return { submissions: inOrder(checking, [...reached, ...others, ...left]), timeLimit: null };
  }
  let { limitMs } = measured;
  let { results, judged } = await judgeRest(checking, rest, limitMs);
  let bounds = boundsOf([...measured.judged, ...judged]);
  const needed = problem.limits.timeStated ? limitMs : limitFrom(checking, bounds, limitMs);
  if (needed > limitMs) {
    // Among the rest was one that is slow where it must be in time.
    limitMs = needed;
    ({ results, judged } = await judgeRest(checking, rest, limitMs));
    bounds = boundsOf([...measured.judged, ...judged]);
  }
  const timeLimit = checkLimit(checking, limitMs, bounds);
  const all = [...measured.judged, ...results].map((each) => compared(checking, each));
  return { submissions: inOrder(checking, [...all, ...left]), timeLimit };
};

/**
 * The time limit that those give which must always be in time. One that must be in time on some tests
 * and too slow on others is run later, with that limit: otherwise the others would run until the end of
 * the search.
 */
const measureLimit = async (
  checking: Checking,
  candidates: readonly Candidate[],
): Promise<{ readonly limitMs: number | null; readonly judged: readonly Judged[] }> => {
  const lower = candidates.filter((each) => gives(each, "lower"));
  const only = lower.filter((each) => !gives(each, "upper"));
  const judged: Judged[] = [];
  for (const each of only.length > 0 ? only : lower) judged.push(await judgeOne(checking, each, searchMs));
  return { limitMs: measuredLimit(checking, judged), judged };
};

/** Null after reporting why the submission can't be judged here. */
const candidateOf = async (
  { problem, files, context, report }: Checking,
  submission: ExampleSubmission,
): Promise<Candidate | null> => {
  const { path, entryPoint } = submission;
  // Answers are in no language: whichever there is does not look at them.
  const language = submission.language ?? (problem.type.submitAnswer ? "python" : null);
  if (language === null) {
    report.warning(check, path, "is not judged: it is in no language that this version knows");
    return null;
  }
  const tools = await context.toolbox.toolsFor(language);
  if (tools === null) {
    report.warning(check, path, `is not judged: this machine can't run ${language}`);
    return null;
  }
  const sources: SourceFile[] = [];
  for (const file of submission.files) {
    const bytes = await files.read(file.packagePath);
    sources.push({ path: file.path, content: Buffer.from(bytes).toString("utf8") });
  }
  // Languages without a name of their own for it start at the first file.
  const start = sources.filter((source) => source.path === entryPoint);
  const others = sources.filter((source) => source.path !== entryPoint);
  return { submission, files: [...start, ...others], tools };
};

const gives = ({ submission }: Candidate, bound: "lower" | "upper"): boolean =>
  submission.promises.some((promise) => boundOf(promise) === bound);

/** Those that were not measured before; what must be too slow runs until it is so by the margin. */
const judgeRest = async (
  checking: Checking,
  candidates: readonly Candidate[],
  limitMs: number,
): Promise<{ readonly results: readonly Judged[]; readonly judged: readonly Judged[] }> => {
  const { calibration } = checking.problem.limits;
  const longer = Math.min(mostMs, Math.ceil(limitMs * calibration.timeLimitToTle) + 1);
  const results: Judged[] = [];
  const measured: Judged[] = [];
  for (const each of candidates) {
    const isUpper = gives(each, "upper");
    const long = await judgeOne(checking, each, isUpper ? longer : limitMs);
    measured.push(long);
    // What ended between the limit and the margin is judged by the limit itself.
    const between = long.result.tests.some(({ cpuMs, verdict }) => verdict !== "TLE" && cpuMs > limitMs);
    results.push(isUpper && between ? await judgeOne(checking, each, limitMs) : long);
  }
  return { results, judged: measured };
};

const judgeOne = async (checking: Checking, candidate: Candidate, timeMs: number | null): Promise<Judged> => {
  const { context, problem, files, progress } = checking;
  const { language, image } = candidate.tools;
  const result = await judgeSubmission({
    package: problem,
    packageFiles: files,
    files: candidate.files,
    language,
    sandbox: context.sandbox,
    compiled: context.compiled,
    mode: "all",
    policy: standardPolicy,
    timeMs,
    toolbox: context.toolbox,
    speedFactor: context.speedFactor,
    parallel: context.parallel,
    revealAnswers: true,
    provenance: {
      image: { name: language.image, digest: image },
      language: { id: language.id, version: "as installed" },
      runner: context.runner,
    },
    signal: context.signal,
    onEvent: () => undefined,
  });
  progress.step(check, candidate.submission.path);
  return { ...candidate, result };
};

/** How long tests took; one that was stopped took longer than can be said. */
const timesOf = ({ result }: Judged): readonly TestTime[] =>
  result.tests
    .filter(({ verdict }) => verdict !== "SK")
    .map(({ name, verdict, cpuMs }) => ({ name, timeMs: verdict === "TLE" ? Infinity : cpuMs }));

const boundsOf = (judged: readonly Judged[]): TimeBounds =>
  timeBounds(judged.map((each) => ({ promises: each.submission.promises, times: timesOf(each) })));

const measuredLimit = ({ problem, report }: Checking, lower: readonly Judged[]): number | null => {
  const limit = calibratedLimit(problem.limits.calibration, { ...boundsOf(lower), fastestTooSlowMs: null });
  if ("message" in limit) {
    report.error("time-limit", "problem.yaml", limit.message);
    return null;
  }
  const limitMs = Math.round(limit.limitMs);
  if (limitMs <= mostMs) return limitMs;
  report.error(
    "time-limit",
    "problem.yaml",
    `the time limit would be ${limitMs / 1000} s; the most is 600 s`,
  );
  return null;
};

/** The time limit that all bounds together ask for; `otherwise` where they leave none. */
const limitFrom = ({ problem }: Checking, bounds: TimeBounds, otherwise: number): number => {
  const limit = calibratedLimit(problem.limits.calibration, bounds);
  return "limitMs" in limit ? Math.min(mostMs, Math.round(limit.limitMs)) : otherwise;
};

const finite = (ms: number | null): number | null => (ms === null || !Number.isFinite(ms) ? null : ms);

const checkLimit = ({ problem, report }: Checking, limitMs: number, bounds: TimeBounds): TimeLimit => {
  const { calibration, timeStated } = problem.limits;
  if (timeStated) {
    for (const message of marginWarnings(calibration, limitMs, bounds)) {
      report.warning("time-limit", "problem.yaml", message);
    }
  } else {
    const limit = calibratedLimit(calibration, bounds);
    if ("message" in limit) report.error("time-limit", "problem.yaml", limit.message);
    else if (calibration.rule === "legacy") {
      for (const message of marginWarnings(calibration, limitMs, bounds)) {
        report.warning("time-limit", "problem.yaml", message);
      }
    }
  }
  return {
    ms: limitMs,
    source: timeStated ? "stated" : "measured",
    slowestAcceptedMs: finite(bounds.slowestAcceptedMs),
    fastestTooSlowMs: finite(bounds.fastestTooSlowMs),
  };
};

const compared = ({ report }: Checking, { submission, result }: Judged): VerifiedSubmission => {
  const { path } = submission;
  const failed = result.tests.find(({ verdict }) => verdict === "JE" || verdict === "IE");
  if (failed !== undefined || result.verdict === "JE" || result.verdict === "IE") {
    const said = failed === undefined ? result.evidence.text : `test ${failed.name}: ${failed.evidence.text}`;
    report.oneOfMany("judge error", {
      severity: "error",
      check,
      where: path,
      message: `can't be judged: ${said}`,
    });
    return verified(submission, result, ["can't be judged"]);
  }
  const broken = brokenPromises(submission, result);
  for (const message of broken) report.error(check, path, message);
  return verified(submission, result, broken);
};

const verified = (
  submission: ExampleSubmission,
  result: JudgeResult | null,
  broken: readonly string[],
): VerifiedSubmission => ({
  path: submission.path,
  language: submission.language,
  verdict: result?.verdict ?? null,
  score: result?.score ?? null,
  cpuMs: result === null || result.tests.length === 0 ? null : result.cpuMs,
  promise: promiseInWords(submission),
  kept: result !== null && broken.length === 0,
});

/** In the order of the package. */
const inOrder = (
  { problem }: Checking,
  submissions: readonly VerifiedSubmission[],
): readonly VerifiedSubmission[] => {
  const places = new Map(problem.submissions.map(({ path }, index) => [path, index]));
  return submissions.toSorted((one, other) => (places.get(one.path) ?? 0) - (places.get(other.path) ?? 0));
};
