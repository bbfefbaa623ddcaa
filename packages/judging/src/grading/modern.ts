import type { Verdict } from "@assay/contracts";
import type { ModernRule, TestCase } from "../package/types.ts";
import { decisiveFailure, exceeds, reasonOf, tidy } from "./grade.ts";
import type { Grade, Member, Ranking } from "./grade.ts";

/** What an output or static validator wrote beside its exit code. */
export interface Written {
  readonly score: number | null;
  readonly multiplier: number | null;
}

export interface CaseGrade {
  /** Not that of the validator when it contradicts itself or the package: then JE. */
  readonly verdict: Verdict;
  /** Null where the case gives no points. */
  readonly score: number | null;
  /** Why it is a judge error; null otherwise. */
  readonly problem: string | null;
}

/**
 * The largest score of a case; null = without bound.
 *
 * In a `sum` group the cases share what the static validator's case leaves of the group's max_score.
 * Cases with points of their own (assay.yaml) have those, and the others share what they leave.
 */
export const caseMaximum = (
  rule: ModernRule,
  test: TestCase | null,
  tests: readonly TestCase[],
): number | null => {
  const own = typeof rule.staticValidationScore === "number" ? rule.staticValidationScore : 0;
  if (test === null) return own;
  if (test.points !== null) return test.points;
  if (rule.maxScore === null || rule.aggregation !== "sum") return rule.maxScore;
  const taken = tests.reduce((sum, { points }) => sum + (points ?? 0), own);
  const sharing = tests.filter(({ points }) => points === null).length;
  return Math.max(0, rule.maxScore - taken) / sharing;
};

/** What a case is worth, and whether its validator keeps to the rules of the format. */
export const gradeCase = (
  verdict: Verdict,
  written: Written,
  place: {
    /** `none`: a sample, or a problem without scoring. */
    readonly aggregation: ModernRule["aggregation"] | "none";
    readonly sample: boolean;
    readonly maximum: number | null;
  },
): CaseGrade => {
  const { aggregation, sample, maximum } = place;
  const judgeError = (problem: string): CaseGrade => ({ verdict: "JE", score: scored ? 0 : null, problem });
  const scored = aggregation === "sum" || aggregation === "min";
  const said = saidBy(written);
  // Only where the validator itself decided: a program that ran too long may have left the file of a pass before.
  if (verdict !== "AC" && verdict !== "WA" && verdict !== "PE") {
    return { verdict, score: scored ? 0 : null, problem: null };
  }
  if (written.score !== null && written.multiplier !== null) {
    return judgeError("the validator wrote both score.txt and score_multiplier.txt");
  }
  if (verdict !== "AC") {
    if (said !== null) return judgeError(`the validator rejected the output and wrote ${said}`);
    return { verdict, score: scored ? 0 : null, problem: null };
  }
  if (written.score !== null && !(written.score >= 0 && Number.isFinite(written.score))) {
    return judgeError(`score.txt holds ${written.score}, which is no score of 0 or more`);
  }
  if (written.multiplier !== null && !(written.multiplier >= 0 && written.multiplier <= 1)) {
    return judgeError(`score_multiplier.txt holds ${written.multiplier}, which is not from 0 to 1`);
  }
  if (!scored) {
    // Samples are judged by the same validator but give no points, whatever it writes.
    if (said !== null && !sample)
      return judgeError(`the validator wrote ${said} where a test gives no points`);
    return { verdict, score: null, problem: null };
  }
  if (maximum === null) {
    if (written.score !== null) return { verdict, score: tidy(written.score), problem: null };
    return judgeError(
      said === null
        ? "the group's max_score is unbounded, and the validator wrote no score.txt"
        : `the group's max_score is unbounded, so that ${said} means nothing`,
    );
  }
  if (written.score !== null && exceeds(written.score, maximum)) {
    return judgeError(
      `score.txt holds ${written.score}, more than the ${tidy(maximum)} that the test can give`,
    );
  }
  // Not tidied: what many cases give together must still be the whole.
  return { verdict, score: written.score ?? maximum * (written.multiplier ?? 1), problem: null };
};

const saidBy = ({ score, multiplier }: Written): string | null => {
  if (score !== null) return "score.txt";
  return multiplier === null ? null : "score_multiplier.txt";
};

/**
 * What a group of a 2025-09 package makes of its members: its cases, or the groups in it.
 *
 * It is accepted when all of them are. A judge error in a scoring group is not covered by another
 * failure, because its score can't be trusted, unless that failure has left nothing to be lost.
 */
export const gradeModern = (
  rule: ModernRule,
  members: readonly Member[],
  { scores, ranking }: { readonly scores: boolean; readonly ranking: Ranking },
): Grade => {
  const broken = scores ? brokenMember(rule, members) : null;
  const failure = broken ?? decisiveFailure(members, ranking);
  const skipped = members.some(({ verdict }) => verdict === "SK");
  const verdict = failure?.verdict ?? (skipped ? "SK" : "AC");
  const cause = failure?.cause ?? null;
  const reason = reasonOf(failure);
  if (!scores) return { verdict, score: null, cause, reason };
  const { maxScore } = rule;
  if (rule.aggregation === "pass-fail") {
    if (maxScore === null) return wrong("the group is pass-fail and its max_score is unbounded");
    return { verdict, score: verdict === "AC" ? maxScore : 0, cause, reason };
  }
  const score = aggregate(rule.aggregation, members);
  if (!Number.isFinite(score)) return wrong("the scores together are too large for a number");
  if (maxScore !== null && exceeds(score, maxScore)) {
    return wrong(`the score ${tidy(score)} exceeds the group's max_score of ${maxScore}`);
  }
  return { verdict, score: tidy(score), cause, reason };
};

/**
 * The judge error that decides; null when there is none. In a pass-fail or min group it is none behind a
 * failure without points: the score is 0 by then, and `first_failure` has not even run what comes behind.
 */
const brokenMember = ({ aggregation }: ModernRule, members: readonly Member[]): Member | null => {
  for (const member of members) {
    const { verdict, score } = member;
    if (verdict === "JE" || verdict === "IE") return member;
    if (aggregation !== "sum" && verdict !== "AC" && verdict !== "SK" && score === 0) return null;
  }
  return null;
};

const wrong = (reason: string): Grade => ({ verdict: "JE", score: 0, cause: null, reason });

const aggregate = (mode: "sum" | "min", members: readonly Member[]): number => {
  if (members.length === 0) return 0;
  const scores = members.map(({ score }) => score);
  return mode === "sum"
    ? scores.reduce((sum, score) => sum + score, 0)
    : scores.reduce((least, score) => Math.min(least, score));
};
