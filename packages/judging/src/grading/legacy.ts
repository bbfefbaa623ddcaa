import type { LegacyRule, TestCase } from "../package/types.ts";
import { graderFlagsOf } from "./flags.ts";
import type { GraderFlags } from "./flags.ts";
import { decisiveFailure, exceeds, reasonOf, tidy, worstFirst } from "./grade.ts";
import type { Grade, Member, Ranking } from "./grade.ts";

/** Points of a case of a legacy group: what the validator wrote, the case's own, or the group's. */
export const legacyCaseScore = (
  rule: LegacyRule,
  test: TestCase | null,
  accepted: boolean,
  written: number | null,
): number => (accepted ? (written ?? test?.points ?? rule.acceptScore) : rule.rejectScore);

/**
 * The default grader.
 *
 * A judge error is never covered: neither `always_accept` nor `accept_if_any_accepted` turns a
 * broken validator into points. A group that is not accepted has its reject_score, because a
 * grader's score counts for accepted results only.
 *
 * @param ranking what the problem set says of several failures; null = as the flags say
 * @param members without those behind a break, and without samples that are ignored
 */
export const gradeLegacy = (
  rule: LegacyRule,
  members: readonly Member[],
  { scoring, ranking }: { readonly scoring: boolean; readonly ranking: Ranking },
): Grade => {
  const flags = graderFlagsOf(rule.graderFlags);
  const broken = members.find(({ verdict }) => verdict === "JE" || verdict === "IE");
  const covered = flags.verdict === "always_accept" || anyAccepted(flags, members);
  // Without points there is nothing that a later, worse failure could tell but another verdict.
  const order = ranking ?? (scoring && flags.verdict === "worst_error" ? worstFirst : null);
  const failure = covered ? broken : decisiveFailure(members, order);
  const skipped = members.some((member) => member.verdict === "SK");
  const verdict = failure?.verdict ?? (skipped ? "SK" : "AC");
  const cause = failure?.cause ?? null;
  const reason = reasonOf(failure);
  if (!scoring) return { verdict, score: null, cause, reason };
  if (verdict !== "AC") return { verdict, score: tidy(rule.rejectScore), cause, reason };
  return inRange(rule, aggregate(flags, members));
};

const anyAccepted = (flags: GraderFlags, members: readonly Member[]): boolean =>
  flags.acceptIfAnyAccepted && members.some(({ verdict }) => verdict === "AC");

const aggregate = ({ score: mode }: GraderFlags, members: readonly Member[]): number => {
  const scores = members.map(({ score }) => score);
  if (scores.length === 0) return 0;
  switch (mode) {
    case "sum":
      return sum(scores);
    case "avg":
      return sum(scores) / scores.length;
    case "min":
      return scores.reduce((least, score) => Math.min(least, score));
    case "max":
      return scores.reduce((largest, score) => Math.max(largest, score));
  }
};

const sum = (scores: readonly number[]): number => scores.reduce((total, score) => total + score, 0);

/** An accepted result whose score is outside of the group's range is the author's mistake. */
export const inRange = (rule: LegacyRule, score: number): Grade => {
  const [least, largest] = rule.range;
  if (Number.isFinite(score) && !exceeds(score, largest) && !exceeds(-score, -least)) {
    return { verdict: "AC", score: tidy(score), cause: null, reason: null };
  }
  return {
    verdict: "JE",
    score: rule.rejectScore,
    cause: null,
    reason:
      Math.abs(score) === Number.POSITIVE_INFINITY
        ? "the scores together are too large for a number"
        : `the score ${tidy(score)} is outside of the group's range ${least} to ${largest}`,
  };
};
