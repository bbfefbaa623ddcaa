import { z } from "zod";
import { Evidence } from "./outcome.ts";
import { Verdict } from "./verdict.ts";

/** One thing that was found in a problem package. */
export const Finding = z.object({
  severity: z.enum(["error", "warning"]),
  /** Which check found it, for example "structure", "validators", "submissions", "time-limit". */
  check: z.string(),
  /** Path in the package. */
  where: z.string(),
  /** From 1; null = the whole file. */
  line: z.int().nullable(),
  message: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** What became of one of the package's own submissions. */
export const VerifiedSubmission = z.object({
  path: z.string(),
  language: z.string().nullable(),
  /** Null = not judged; a finding says why. */
  verdict: Verdict.nullable(),
  score: z.number().nullable(),
  /** Largest CPU time over the tests, ms. */
  cpuMs: z.number().nullable(),
  /** What the package promises, in words. */
  promise: z.string(),
  kept: z.boolean(),
});
export type VerifiedSubmission = z.infer<typeof VerifiedSubmission>;

/** The time limit of a problem and where it comes from. */
export const TimeLimit = z.object({
  ms: z.int(),
  source: z.enum(["stated", "measured"]),
  /** Slowest run of the submissions that must be fast enough, ms; null = there are none. */
  slowestAcceptedMs: z.number().nullable(),
  /** Fastest "too slow" over the submissions that must be too slow, ms; null = there are none. */
  fastestTooSlowMs: z.number().nullable(),
});
export type TimeLimit = z.infer<typeof TimeLimit>;

/** What checking a package by running it gave. */
export const VerifyResult = z.object({
  kind: z.literal("verify"),
  accepted: z.boolean(),
  findings: z.array(Finding),
  submissions: z.array(VerifiedSubmission),
  /** Null when it can't be told (see `findings`). */
  timeLimit: TimeLimit.nullable(),
  evidence: Evidence,
});
export type VerifyResult = z.infer<typeof VerifyResult>;

/**
 * How far the verification of a problem has come. `unverified`: none was started, or the platform gave
 * it up; a new upload of the package starts another one.
 */
export const ProblemVerification = z.object({
  state: z.enum(["unverified", "pending", "accepted", "refused"]),
  /** The job that does it or did it; null when there is none. */
  jobId: z.uuid().nullable(),
  /** Why it is unverified, or what was found first; null where the state says it all. */
  reason: z.string().nullable(),
  /** Only for who may upload problems: they may name secret tests. */
  findings: z.array(Finding),
  submissions: z.array(VerifiedSubmission),
  timeLimit: TimeLimit.nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type ProblemVerification = z.infer<typeof ProblemVerification>;
