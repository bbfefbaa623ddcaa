import { z } from "zod";
import { JobState } from "./job.ts";
import { JudgePolicy, PolicyPreset } from "./policy.ts";
import { Verdict } from "./verdict.ts";

const Id = z.uuid();
const Timestamp = z.iso.datetime();
/** Why somebody does this; it is kept in the audit. */
const Reason = z.string().trim().min(1, "say why; the reason is kept in the audit").max(1000);
const Names = z.array(z.string().min(1).max(255)).min(1).max(500);

const criteria = {
  /** Ids or short names; a short name means all of its versions. */
  problems: Names.optional(),
  /** Id or name. */
  problemSet: z.string().min(1).max(255).optional(),
  languages: Names.optional(),
  verdicts: z.array(Verdict).min(1).optional(),
  /** Submitted at or after this. */
  since: Timestamp.optional(),
  /** Submitted before this. */
  until: Timestamp.optional(),
};

/** Which submissions: those that fit all criteria that are given. Withdrawn ones never do. */
export const SubmissionSelection = z
  .strictObject({ ...criteria, submissions: z.array(Id).min(1).max(10_000).optional() })
  .refine((selection) => Object.values(selection).some((value) => value !== undefined), {
    message: "give at least one criterion",
  });
export type SubmissionSelection = z.infer<typeof SubmissionSelection>;

/** A selection as a plan shows it, which is asked for again and again while it is judged. */
export const ShownSelection = z.object({
  ...criteria,
  /** How many submissions were named by their ids; the plan's items are those that it took. */
  submissionCount: z.int().optional(),
});
export type ShownSelection = z.infer<typeof ShownSelection>;

export const NewRejudging = z.strictObject({
  reason: Reason,
  selection: SubmissionSelection,
  /** Id of a version, or short name; null = the newest version of each submission's problem. */
  against: z.string().min(1).max(255).nullable().default(null),
  /** CPU time per test instead of the package's, ms. */
  timeMs: z.int().min(10).max(600_000).nullable().default(null),
  /** Instead of the policy that a submission sent now would get. */
  policy: z.union([PolicyPreset, JudgePolicy]).nullable().default(null),
});
export type NewRejudging = z.input<typeof NewRejudging>;

/**
 * `pending`: no job has begun; `judging`; `ready`: all jobs are settled, nothing is shown yet. Then
 * `applied` (and perhaps `rolled_back`), or `discarded`, which also withdraws what is not judged yet.
 */
export const RejudgingState = z.enum(["pending", "judging", "ready", "applied", "rolled_back", "discarded"]);
export type RejudgingState = z.infer<typeof RejudgingState>;

const Actor = z.object({ tokenId: Id, name: z.string() });

export const Rejudging = z.object({
  id: Id,
  state: RejudgingState,
  reason: z.string(),
  selection: ShownSelection,
  /** Id of the version that was named; null = the newest of each problem at the time. */
  against: Id.nullable(),
  timeMs: z.int().nullable(),
  policy: JudgePolicy.nullable(),
  /** Submissions in it. */
  total: z.int(),
  createdBy: Actor,
  createdAt: Timestamp,
  /** Of the last change by somebody. */
  changedAt: Timestamp,
});
export type Rejudging = z.infer<typeof Rejudging>;

export const RejudgingDetail = Rejudging.extend({
  /** New jobs by how they stand; `unjudged` failed or were withdrawn. */
  progress: z.object({ pending: z.int(), judging: z.int(), judged: z.int(), unjudged: z.int() }),
});
export type RejudgingDetail = z.infer<typeof RejudgingDetail>;

/**
 * What a new result means beside the old one. `up` and `down` go by score where both have one, else by
 * AC; `other` is another verdict that is neither. `unjudged`: there is no new result, or the submission
 * was withdrawn meanwhile.
 */
export const RejudgingChange = z.enum(["up", "down", "other", "same", "pending", "unjudged"]);
export type RejudgingChange = z.infer<typeof RejudgingChange>;

/** Old against new over all submissions of a plan. */
export const RejudgingPreview = z.object({
  id: Id,
  state: RejudgingState,
  total: z.int(),
  changes: z.record(RejudgingChange, z.int()),
  /** Submissions whose shown result is no longer the one that is compared with: the plan can't be applied. */
  stale: z.int(),
  /** Null = there was no verdict. Only of submissions with a new one. */
  matrix: z.array(z.object({ from: Verdict.nullable(), to: Verdict, count: z.int() })),
  /** Over the submissions that have a score before and after; null when there are none. */
  scores: z.object({ count: z.int(), before: z.number(), after: z.number() }).nullable(),
});
export type RejudgingPreview = z.infer<typeof RejudgingPreview>;

const Judging = z.object({
  jobId: Id,
  state: JobState,
  verdict: Verdict.nullable(),
  score: z.number().nullable(),
});

/** One submission of a plan: what is shown, and what would be. */
export const RejudgingItem = z.object({
  submissionId: Id,
  problem: z.object({ id: Id, shortName: z.string() }),
  language: z.string(),
  submittedBy: Actor,
  submittedAt: Timestamp,
  change: RejudgingChange,
  /** New score less old one; null when one of them has none. */
  scoreDifference: z.number().nullable(),
  stale: z.boolean(),
  old: Judging,
  new: Judging,
});
export type RejudgingItem = z.infer<typeof RejudgingItem>;

export const RejudgingDecision = z.strictObject({ reason: Reason });
export type RejudgingDecision = z.input<typeof RejudgingDecision>;

export const ApplyRejudging = z.strictObject({
  reason: Reason,
  /** True: submissions without a new result keep their old one; otherwise they stand in the way. */
  skipUnjudged: z.boolean().default(false),
});
export type ApplyRejudging = z.input<typeof ApplyRejudging>;

export const RejudgingAuditEntry = z.object({
  at: Timestamp,
  action: z.enum(["create", "apply", "discard", "roll_back"]),
  by: Actor,
  reason: z.string(),
  /** Submissions whose shown result changed with it. */
  submissions: z.int(),
});
export type RejudgingAuditEntry = z.infer<typeof RejudgingAuditEntry>;

/** One of the times that a submission was judged. */
export const SubmissionJudging = Judging.extend({
  /** Whether this is the one that is shown. */
  current: z.boolean(),
  /** The plan that made it; null for the first one. */
  rejudging: z.object({ id: Id, reason: z.string() }).nullable(),
  createdAt: Timestamp,
});
export type SubmissionJudging = z.infer<typeof SubmissionJudging>;
