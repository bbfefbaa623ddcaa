import type { JudgeResult, TestResult, Verdict } from "@assay/contracts";
import { concerns } from "../package/calibrate.ts";
import { globPattern } from "../package/glob.ts";
import type { Glob } from "../package/glob.ts";
import type { ExampleSubmission, SubmissionPromise } from "../package/types.ts";

type Judged = Pick<JudgeResult, "verdict" | "score" | "maxScore" | "evidence" | "tests" | "groups">;

/** Sums of shares of points. */
const tolerance = 1e-6;

/** Why a result is not what the submission promises: sentences; empty when it keeps everything. */
export const brokenPromises = (
  submission: Pick<ExampleSubmission, "promises" | "expected" | "directory">,
  result: Judged,
): readonly string[] => {
  const { promises, expected } = submission;
  if (result.verdict === "CE" && !expected.includes("CE")) return [result.evidence.text];
  if (promises.length === 0) return [...brokenVerdict(expected, result), ...brokenPart(submission, result)];
  return promises.flatMap((promise) => brokenPromise(promise, expected, result));
};

const brokenVerdict = (expected: readonly Verdict[], result: Judged): readonly string[] => {
  const allowed = expected.includes("WA") ? [...expected, "PE"] : expected;
  if (expected.length === 0 || allowed.includes(result.verdict)) return [];
  return [`gets ${result.verdict} instead of ${expected.join(" or ")} (${result.evidence.text})`];
};

/** A submission in partially_accepted is accepted for less than all points. */
const brokenPart = (
  { directory }: Pick<ExampleSubmission, "directory">,
  { score, maxScore }: Judged,
): readonly string[] =>
  directory === "partially_accepted" && score !== null && maxScore !== null && score >= maxScore
    ? [`gets all ${maxScore} points, but is partially accepted`]
    : [];

const brokenPromise = (
  promise: SubmissionPromise,
  expected: readonly Verdict[],
  result: Judged,
): readonly string[] => {
  const { tests: pattern, permitted, required, message } = promise;
  const where = pattern === null ? "" : `in ${pattern}: `;
  const tests = result.tests.filter(({ name }) => concerns(promise, name));
  if (tests.length === 0 && pattern !== null) return [`${where}there is no such test or group`];
  const broken: string[] = [];
  const wrong = tests.find(({ verdict }) => verdict !== "SK" && !permitted.includes(verdict));
  if (wrong !== undefined) {
    broken.push(
      `${where}test ${wrong.name} gets ${wrong.verdict}, but only ${inWords(permitted)} is permitted (${wrong.evidence.text})`,
    );
  }
  if (required.length > 0 && !tests.some(({ verdict }) => required.includes(verdict))) {
    // Judging may have stopped before the test that would have got it.
    const open = tests.some(({ verdict }) => verdict === "SK") && expected.includes(result.verdict);
    if (!open) broken.push(`${where}no test gets ${inWords(required)}${insteadOf(tests)}`);
  }
  if (message !== null && !tests.some(({ judgeMessage }) => judgeMessage?.includes(message) === true)) {
    broken.push(`${where}no judge message contains ${JSON.stringify(message)}`);
  }
  return [...broken, ...brokenScore(promise, where, result)];
};

const insteadOf = (tests: readonly TestResult[]): string => {
  const got = [...new Set(tests.map(({ verdict }) => verdict))];
  return got.length === 0 ? "" : `; the tests get ${got.join(", ")}`;
};

const brokenScore = (promise: SubmissionPromise, where: string, result: Judged): readonly string[] => {
  const { score: range, tests: pattern } = promise;
  if (range === null) return [];
  const glob = pattern === null ? null : globPattern(pattern);
  const scored =
    glob === null
      ? [{ name: "the submission", score: result.score }]
      : result.groups.filter(({ name }) => glob.test(name) && isWhole(glob, name));
  if (scored.length === 0) return [`${where}there is no group whose score could be compared`];
  return scored.flatMap(({ name, score }) =>
    score !== null && score >= range[0] - tolerance && score <= range[1] + tolerance
      ? []
      : [`${where}${name} gets ${score ?? "no"} points instead of ${inRange(range)}`],
  );
};

/** Whether the pattern names this group, and not only one around it. */
const isWhole = (glob: Glob, name: string): boolean => {
  const parent = name.slice(0, Math.max(0, name.lastIndexOf("/")));
  return parent === "" || !glob.test(parent);
};

const inRange = ([low, high]: readonly [number, number]): string =>
  low === high ? `${low}` : `${low} to ${high}`;

/** The verdicts of the format; ours that count as one of them need not be named. */
const inWords = (verdicts: readonly Verdict[]): string => {
  const names = verdicts.filter((verdict) => ["AC", "WA", "TLE", "RTE"].includes(verdict));
  return (names.length === 0 ? verdicts : names).join(" or ");
};

/** What a submission promises, for people. */
export const promiseInWords = ({
  promises,
  expected,
}: Pick<ExampleSubmission, "promises" | "expected">): string => {
  if (promises.length === 0) return expected.length === 0 ? "nothing" : expected.join(" or ");
  return promises.map(onePromise).join("; ");
};

const onePromise = ({ tests, permitted, required, score, message }: SubmissionPromise): string => {
  const parts: string[] = [];
  const all = ["AC", "WA", "TLE", "RTE"].every((name) => permitted.some((verdict) => verdict === name));
  if (!all) parts.push(`each test ${inWords(permitted)}`);
  if (required.length > 0) parts.push(`at least one ${inWords(required)}`);
  if (score !== null) parts.push(`${inRange(score)} points`);
  if (message !== null) parts.push(`a judge message with ${JSON.stringify(message)}`);
  const said = parts.length === 0 ? "anything" : parts.join(", ");
  return tests === null ? said : `${tests}: ${said}`;
};
