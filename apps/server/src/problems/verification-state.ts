import { AssayError, Finding, TimeLimit, VerifiedSubmission } from "@assay/contracts";
import type { JobFailure, JobState, ProblemVerification } from "@assay/contracts";
import { formatIssue } from "@assay/judging";
import { z } from "zod";

export const VerificationState = z.enum(["unverified", "pending", "accepted", "refused"]);
export type VerificationState = z.infer<typeof VerificationState>;

/** What is kept of a VerifyResult. */
export const StoredVerification = z.object({
  findings: z.array(Finding),
  submissions: z.array(VerifiedSubmission),
  timeLimit: TimeLimit.nullable(),
});
export type StoredVerification = z.infer<typeof StoredVerification>;

/** The columns of a problem that say how its verification stands. */
export interface VerificationRow {
  readonly shortName: string;
  readonly limits: { readonly timeStated: boolean };
  readonly verification: VerificationState;
  readonly verificationJob: string | null;
  readonly verificationResult: StoredVerification | null;
  readonly verifiedAt: string | null;
  readonly measuredTimeMs: number | null;
  readonly jobState: JobState | null;
  readonly jobFailure: JobFailure | null;
}

/**
 * The state as it is now: one whose job the platform gave up, or somebody withdrew, is no longer under
 * way, though nobody wrote that into the problem.
 */
export const currentState = ({
  verification,
  jobState,
}: Pick<VerificationRow, "verification" | "jobState">): VerificationState => {
  if (verification !== "pending") return verification;
  return jobState === "queued" || jobState === "leased" || jobState === "running" ? "pending" : "unverified";
};

/** @param mayRead whether findings may be told: they may name secret tests */
export const verificationOf = (row: VerificationRow, mayRead: boolean): ProblemVerification => {
  const { findings, submissions, timeLimit } = row.verificationResult ?? {
    findings: [],
    submissions: [],
    timeLimit: null,
  };
  const state = currentState(row);
  return {
    state,
    jobId: row.verificationJob,
    reason: reasonOf(state, row, mayRead),
    findings: mayRead ? findings : [],
    submissions: mayRead ? submissions : [],
    timeLimit,
    finishedAt: row.verifiedAt,
  };
};

const reasonOf = (state: VerificationState, row: VerificationRow, mayRead: boolean): string | null => {
  if (state === "unverified") {
    if (row.jobFailure !== null)
      // It may name files of the package, as findings do.
      return mayRead ? `the verification failed: ${row.jobFailure.message}` : "the verification failed";
    return row.jobState === "cancelled" ? "the verification was cancelled" : null;
  }
  const [first] = row.verificationResult?.findings ?? [];
  if (state !== "refused" || first === undefined) return null;
  return mayRead ? formatIssue(first) : `the package did not pass its check of ${first.check}`;
};

/**
 * CPU time per test that submissions are to be judged with in place of the package's; null = as it
 * states.
 *
 * @throws AssayError `problem_refused`, `problem_not_measured`
 */
export const requireJudgeable = (
  row: VerificationRow,
  { mayRead, verifyUploads }: { readonly mayRead: boolean; readonly verifyUploads: boolean },
): number | null => {
  const state = currentState(row);
  const reason = reasonOf(state, row, mayRead);
  if (state === "refused") {
    throw new AssayError(
      "problem_refused",
      `The problem ${row.shortName} takes no submissions: ${reason ?? "its package did not pass"}.`,
    );
  }
  if (row.limits.timeStated) return null;
  if (row.measuredTimeMs !== null) return row.measuredTimeMs;
  // Where nobody measures, what stands in is all there is.
  if (!verifyUploads && state === "unverified") return null;
  throw new AssayError(
    "problem_not_measured",
    state === "pending"
      ? `The package of ${row.shortName} states no time limit, and it is still being measured.`
      : `The package of ${row.shortName} states no time limit, and none was measured${reason === null ? "" : ` (${reason})`}; upload it again.`,
  );
};
