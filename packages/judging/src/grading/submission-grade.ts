import type { TestResult, Verdict } from "@assay/contracts";
import type { GradeBook } from "./grade-book.ts";
import type { Plan, PlannedGroup } from "./plan.ts";

/** What a whole submission gets. */
export interface SubmissionGrade {
  readonly verdict: Verdict;
  readonly score: number | null;
  readonly maxScore: number | null;
  /** The test whose evidence is that of the submission; null when no single test is. */
  readonly cause: TestResult | null;
  /** What a group says besides. */
  readonly reason: string | null;
}

/**
 * After all groups are entered: the verdict of the root, and in a scoring problem of 2025-09 that of
 * `secret`, whose score is the submission's. A test that the platform failed leaves the whole result
 * open, whatever the tests before it say.
 */
export const submissionGrade = (plan: Plan, book: GradeBook): SubmissionGrade => {
  const graded = scoredGroup(plan);
  const grade = book.gradeOf(graded);
  const score = grade?.score ?? null;
  const maxScore = score === null ? null : book.largestOf(graded);
  const failed = book.results.find(({ verdict }) => verdict === "IE");
  if (failed !== undefined) return { verdict: "IE", score: null, maxScore, cause: failed, reason: null };
  if (grade?.verdict === "SK") {
    // It was not run because the samples were not passed: then they say why.
    const sample = plan.groups.find((group) => group.sample);
    const why = sample === undefined ? null : book.gradeOf(sample);
    const cause = why?.cause ?? null;
    const verdict = why === null || why.verdict === "AC" ? "SK" : why.verdict;
    return {
      verdict,
      score,
      maxScore,
      cause: cause === null ? null : book.resultOf(cause),
      reason: grade.reason,
    };
  }
  const cause = grade?.cause ?? null;
  return {
    verdict: grade?.verdict ?? "AC",
    score,
    maxScore,
    cause: cause === null ? null : book.resultOf(cause),
    reason: grade?.reason ?? null,
  };
};

const scoredGroup = ({ root, scoring }: Plan): PlannedGroup => {
  if (!scoring || root.rule.generation === "legacy") return root;
  return (
    (root.members.find((member) => member.kind === "group" && !member.sample) as PlannedGroup | undefined) ??
    root
  );
};
