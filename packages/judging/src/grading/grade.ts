import type { Verdict } from "@assay/contracts";

/** What a case or a group contributes to the group around it. */
export interface Member {
  readonly verdict: Verdict;
  /** 0 where it gives no points. */
  readonly score: number;
  /** The case that the verdict comes from; null when accepted, or when a grader said it. */
  readonly cause: number | null;
  /** Where no case is the cause: what the group in question says. */
  readonly reason: string | null;
}

/** What a group makes of its members. */
export interface Grade {
  readonly verdict: Verdict;
  /** Null in a problem without scoring. */
  readonly score: number | null;
  readonly cause: number | null;
  /** Null where the verdict says it all. */
  readonly reason: string | null;
}

/** Null: of several failures the first counts. Otherwise that which stands first here; what is not named comes last. */
export type Ranking = readonly Verdict[] | null;

/**
 * The order of `worst_error`. The format names JE, IF, RTE, MLE, TLE, OLE and WA; IF is our IE. IR is
 * a kind of RTE and PE one of WA, and each stands behind its kind.
 */
export const worstFirst: Ranking = ["JE", "IE", "RTE", "IR", "MLE", "TLE", "OLE", "WA", "PE"];

/** The failure that counts, or null when all were accepted. Members that were skipped say nothing. */
export const decisiveFailure = (members: readonly Member[], ranking: Ranking): Member | null => {
  const rank = ({ verdict }: Member): number => {
    const at = ranking === null ? 0 : ranking.indexOf(verdict);
    return at === -1 ? Number.POSITIVE_INFINITY : at;
  };
  let decisive: Member | null = null;
  for (const member of members) {
    if (member.verdict === "AC" || member.verdict === "SK") continue;
    if (decisive === null || rank(member) < rank(decisive)) decisive = member;
  }
  return decisive;
};

/** Why a group failed that failed by a member which no case is to blame for. */
export const reasonOf = (failure: Member | null | undefined): string | null =>
  failure?.cause === null ? failure.reason : null;

/** Without the last digits of a sum of fractions: three thirds of 100 are 100. */
export const tidy = (score: number): number =>
  Number.isFinite(score) ? Number(score.toPrecision(12)) : score;

/** Whether a score is beyond a largest one by more than what arithmetic costs. */
export const exceeds = (score: number, maximum: number): boolean =>
  score > maximum + 1e-9 * Math.max(1, Math.abs(maximum));
