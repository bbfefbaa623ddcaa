import { JobEventBody, JobFailure, JobKind, JobState, Verdict, isSettled } from "@assay/contracts";
import type { Job, JobEvent, JobResult, Submission } from "@assay/contracts";
import { loadSql, query, queryMaybe, queryOne } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import type { Page, Paging } from "../paging.ts";
import { pageOf, positionOf } from "../paging.ts";
import { Batcher } from "./batcher.ts";
import { resultFor } from "./confidential.ts";
import type { Sight } from "./confidential.ts";
import type { SubmissionFilter } from "./submission-filter.ts";

const sql = loadSql(import.meta.url, "./read.sql", [
  "readJobs",
  "listJobs",
  "readSubmission",
  "listSubmissions",
  "jobOfSubmission",
  "readEvents",
  "storyEnd",
]);

const timestamp = z.date().transform((date) => date.toISOString());
const JobRow = z.object({
  id: z.uuid(),
  kind: JobKind,
  state: JobState,
  attempt: z.int(),
  queue: z.string(),
  failure: JobFailure.nullable(),
  verdict: Verdict.nullable(),
  score: z.number().nullable(),
  /** Was checked when it was stored, and is again when it is answered. */
  result: z.custom<JobResult | null>(),
  /** The last event of one that is under way, where it is about an image; and of one that was given back. */
  lastEvent: JobEventBody.nullable(),
  correlationId: z.string(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
});
const NumberedJobRow = JobRow.extend({ n: z.int() });
const SubmissionRow = JobRow.extend({
  submissionId: z.uuid(),
  submittedAt: timestamp,
  language: z.string(),
  problemId: z.uuid(),
  shortName: z.string(),
  problemSetId: z.uuid().nullable(),
  problemSetName: z.string().nullable(),
});
const position = { position: z.string() };
const EventRow = z.object({ seq: z.int(), at: timestamp, body: JobEventBody });

export type JobRow = z.infer<typeof JobRow>;
export type SubmissionRow = z.infer<typeof SubmissionRow>;

/** Whose jobs: of one organization, and of one creator only when `onlyOf` names a token. */
export interface Viewer {
  readonly organizationId: string;
  readonly onlyOf: string | null;
}

/** Reads one job, or null when this viewer has no such job; those who ask at the same time share a query. */
export type JobReads = Batcher<Viewer & { readonly id: string }, JobRow | null>;

export const openJobReads = (db: Database): JobReads =>
  new Batcher({
    run: async (keys) => {
      const rows = await query(db, NumberedJobRow, sql.readJobs, {
        ids: keys.map(({ id }) => id),
        organizationIds: keys.map(({ organizationId }) => organizationId),
        onlyOf: keys.map(({ onlyOf }) => onlyOf),
      });
      const byNumber = new Map(rows.map(({ n, ...row }) => [n, row]));
      return keys.map((key, index) => seenBy(byNumber.get(index + 1) ?? null, key));
    },
    weigh: () => 1,
    // Results can be large, and all of one query are in memory at once.
    maxItems: 16,
    maxWeight: 16,
  });

/** A row as this viewer may see it. */
const seenBy = <Row extends JobRow | null>(row: Row, viewer: Sight): Row =>
  row === null ? row : { ...row, result: resultFor(row.result, viewer) };

export const readSubmission = async (
  db: Database,
  id: string,
  viewer: Viewer,
): Promise<SubmissionRow | null> =>
  seenBy(await queryMaybe(db, SubmissionRow, sql.readSubmission, { id, ...viewer }), viewer);

export const listJobs = async (db: Database, viewer: Viewer, paging: Paging): Promise<Page<JobRow>> =>
  pageOf(
    (await query(db, JobRow.extend(position), sql.listJobs, { ...viewer, ...positionOf(paging) })).map(
      (row) => seenBy(row, viewer),
    ),
    paging,
    ({ id }) => id,
  );

export const listSubmissions = async (
  db: Database,
  viewer: Viewer,
  filter: SubmissionFilter,
  paging: Paging,
): Promise<Page<SubmissionRow>> =>
  pageOf(
    (
      await query(db, SubmissionRow.extend(position), sql.listSubmissions, {
        ...viewer,
        ...filter,
        ...positionOf(paging),
      })
    ).map((row) => seenBy(row, viewer)),
    paging,
    ({ submissionId }) => submissionId,
  );

/** The job of a submission, or null when this viewer has no such submission. */
export const jobOfSubmission = async (db: Database, id: string, viewer: Viewer): Promise<string | null> =>
  (await queryMaybe(db, z.object({ jobId: z.uuid() }), sql.jobOfSubmission, { id, ...viewer }))?.jobId ??
  null;

/** The next events after a number, at most `limit`. */
export const readEvents = (db: Database, jobId: string, after: number, limit: number): Promise<JobEvent[]> =>
  query(db, EventRow, sql.readEvents, { jobId, after, limit });

/** Whether a job's story is over, and its last event's number. */
export const storyEnd = async (db: Database, jobId: string): Promise<{ over: boolean; lastSeq: number }> => {
  const row = await queryOne(db, z.object({ state: JobState, lastSeq: z.int() }), sql.storyEnd, { jobId });
  return { over: isSettled(row.state), lastSeq: row.lastSeq };
};

/** A job as the API shows it. `waitingFor` is why it does not run yet. */
export const presentJob = (row: JobRow, waitingFor: string | null): Job => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  attempt: row.attempt,
  waitingFor,
  failure: row.failure,
  verdict: row.verdict,
  score: row.score,
  correlationId: row.correlationId,
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  result: row.result,
});

export const presentSubmission = (row: SubmissionRow, waitingFor: string | null): Submission => ({
  id: row.submissionId,
  problem: { id: row.problemId, shortName: row.shortName },
  problemSet:
    row.problemSetId === null || row.problemSetName === null
      ? null
      : { id: row.problemSetId, name: row.problemSetName },
  language: row.language,
  createdAt: row.submittedAt,
  job: { ...presentJob(row, waitingFor), result: row.result?.kind === "judge" ? row.result : null },
});
