import { JobKind, JobPayload, JobState } from "@assay/contracts";
import type { JobFailure, JobResult, Verdict } from "@assay/contracts";
import { execute, loadSql, query, queryMaybe } from "@assay/database";
import type { Queryable, Transaction } from "@assay/database";
import { z } from "zod";
import { storableText } from "../storable.ts";

/**
 * The life of a job, and the only code that changes it:
 *
 *     queued ──► leased ──► running ──► completed | failed | cancelled
 *       ▲           │          │
 *       └───────────┴──────────┘   given back by its runner; or leased again with the next attempt,
 *                                  because its lease heard no beat
 *
 * A short job may go from `leased` straight to its end. The last three are settled: a settled job
 * never changes, which the database enforces as well. Each change of state writes the job's row and
 * one event in the same statement; events are numbered per job from 1 without gaps.
 *
 * Within one transaction the queue comes first and the job's row second: everybody locks in that
 * order (see @assay/jobs).
 */
const nextStates: Record<JobState, readonly JobState[]> = {
  queued: ["leased", "failed", "cancelled"],
  leased: ["running", "queued", "leased", "completed", "failed", "cancelled"],
  running: ["queued", "leased", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

const statesBefore = (to: JobState): string =>
  JobState.options.filter((from) => nextStates[from].includes(to)).join(",");

interface Move {
  readonly jobId: string;
  /** Only if this attempt owns the job; null for whoever owns it. */
  readonly attempt: number | null;
  readonly reason: string | null;
}

/** What an attempt has told and not yet delivered; the first is number `offset` of the attempt, from 0. */
export interface Told {
  readonly offset: number;
  /** A list of JobEventBody as JSON. */
  readonly events: string;
}

/** A result as it is stored: its JSON, and beside it what submissions are found by. */
export interface StoredResult {
  readonly json: string;
  readonly verdict: Verdict | null;
  readonly score: number | null;
  /** Digest of the image that it names. */
  readonly image: string | null;
}

export const storedResult = (result: JobResult): StoredResult => ({
  json: JSON.stringify(result),
  verdict: result.kind === "judge" ? result.verdict : null,
  score: result.kind === "judge" ? result.score : null,
  image: result.kind === "verify" ? null : (result.provenance?.image.digest ?? null),
});

export type StateChange =
  | (Move & { readonly to: "leased"; readonly nextAttempt: number; readonly runnerId: string })
  | (Move & { readonly to: "running" })
  | (Move & { readonly to: "queued" | "cancelled"; readonly told?: Told })
  | (Move & { readonly to: "completed"; readonly result: StoredResult; readonly told: Told })
  | (Move & { readonly to: "failed"; readonly failure: JobFailure; readonly told?: Told });

export interface NewJob {
  readonly organizationId: string;
  readonly createdBy: string;
  readonly correlationId: string;
  readonly queue: string;
  readonly kind: JobKind;
  readonly language: string;
  /** A JobPayload as JSON. */
  readonly payload: string;
  /** The problem of a submission; null when there is no submission to make. */
  readonly problemId: string | null;
  /** The problem set that it is submitted in. */
  readonly problemSetId?: string | null;
}

const sql = loadSql(import.meta.url, "./state-machine.sql", [
  "createJobs",
  "changeState",
  "appendEvents",
  "findJobs",
  "findJob",
  "findStanding",
  "lockJob",
  "requestCancel",
]);

const Created = z.object({ jobId: z.uuid(), submissionId: z.uuid().nullable() });
const Changed = z.object({
  jobId: z.uuid(),
  queue: z.string(),
  attempt: z.int(),
  correlationId: z.string(),
  cancelRequested: z.boolean(),
  /** Only of a job that was leased. */
  payload: JobPayload.nullable(),
});
export type CreatedJob = z.infer<typeof Created>;
export type ChangedJob = z.infer<typeof Changed>;
const Standing = z.object({
  jobId: z.uuid(),
  kind: JobKind,
  state: JobState,
  attempt: z.int(),
  queue: z.string(),
  correlationId: z.string(),
  cancelRequested: z.boolean(),
  /** Who had it last. */
  runnerId: z.uuid().nullable(),
});
const NumberedStanding = Standing.extend({ n: z.int() });
export type JobStanding = z.infer<typeof Standing>;

/** New jobs in state `queued`, with the submissions of those that are of a problem; in the given order. */
export const createJobs = (
  tx: Transaction,
  jobs: readonly NewJob[],
  maxAttempts: number,
): Promise<CreatedJob[]> =>
  query(tx, Created, sql.createJobs, {
    organizationIds: jobs.map(({ organizationId }) => organizationId),
    kinds: jobs.map(({ kind }) => kind),
    queues: jobs.map(({ queue }) => queue),
    payloads: jobs.map(({ payload }) => payload),
    correlationIds: jobs.map(({ correlationId }) => correlationId),
    creators: jobs.map(({ createdBy }) => createdBy),
    problemIds: jobs.map(({ problemId }) => problemId),
    problemSetIds: jobs.map(({ problemSetId = null }) => problemSetId),
    languages: jobs.map(({ language }) => language),
    maxAttempts,
  });

/**
 * Moves jobs to their next state.
 *
 * @returns those that moved; one that is missing was not in a state that allows it, or the fence
 * refused. Of two changes of one job only one is made, so name each job once.
 */
export const changeState = (tx: Transaction, changes: readonly StateChange[]): Promise<ChangedJob[]> => {
  const nothing: Told = { offset: 0, events: "[]" };
  const told = changes.map((change) => ("told" in change ? (change.told ?? nothing) : nothing));
  return query(tx, Changed, sql.changeState, {
    jobIds: changes.map(({ jobId }) => jobId),
    fromStates: changes.map(({ to }) => statesBefore(to)),
    attempts: changes.map(({ attempt }) => attempt),
    toStates: changes.map(({ to }) => to),
    nextAttempts: changes.map((change) => (change.to === "leased" ? change.nextAttempt : null)),
    runnerIds: changes.map((change) => (change.to === "leased" ? change.runnerId : null)),
    reasons: changes.map(({ reason }) => (reason === null ? null : storableText(reason))),
    results: changes.map((change) => (change.to === "completed" ? change.result.json : null)),
    verdicts: changes.map((change) => (change.to === "completed" ? change.result.verdict : null)),
    scores: changes.map((change) => (change.to === "completed" ? change.result.score : null)),
    images: changes.map((change) => (change.to === "completed" ? change.result.image : null)),
    failures: changes.map((change) => (change.to === "failed" ? JSON.stringify(change.failure) : null)),
    offsets: told.map(({ offset }) => offset),
    events: told.map(({ events }) => events),
  });
};

/** Adds a running attempt's events. False when another attempt owns the job or events before are missing. */
export const appendEvents = async (
  tx: Transaction,
  jobId: string,
  attempt: number,
  { offset, events }: Told,
): Promise<boolean> => {
  const params = { jobId, attempt, offset, events };
  return (await queryMaybe(tx, z.object({ jobId: z.uuid() }), sql.appendEvents, params)) !== null;
};

/** Which job: of this organization only, and of one creator only when `onlyOf` names a token. */
export interface JobKey {
  readonly jobId: string;
  readonly organizationId: string;
  readonly onlyOf: string | null;
}

/** How a job stands now, or null when there is none of this key. */
export const findJob = (db: Queryable, key: JobKey): Promise<JobStanding | null> =>
  queryMaybe(db, Standing, sql.findJob, { ...key });

/** How each of these jobs stands now, in the order of the keys; null for a key that has none. */
export const findJobs = async (
  db: Queryable,
  keys: readonly Pick<JobKey, "jobId" | "organizationId">[],
): Promise<(JobStanding | null)[]> => {
  const rows = await query(db, NumberedStanding, sql.findJobs, {
    jobIds: keys.map(({ jobId }) => jobId),
    organizationIds: keys.map(({ organizationId }) => organizationId),
  });
  const byNumber = new Map(rows.map(({ n, ...standing }) => [n, standing]));
  return keys.map((_, index) => byNumber.get(index + 1) ?? null);
};

/** How a job stands, for the platform itself, which serves all organizations. */
export const findStanding = (db: Queryable, jobId: string): Promise<JobStanding | null> =>
  queryMaybe(db, Standing, sql.findStanding, { jobId });

/** As `findJob`, and nobody else changes it before the end of the transaction. */
export const lockJob = (tx: Transaction, key: JobKey): Promise<JobStanding | null> =>
  queryMaybe(tx, Standing, sql.lockJob, { ...key });

/**
 * Marks jobs to be cancelled: the runner of a leased one hears of it with its next beat or events, and
 * one that is waiting is cancelled when it would be leased.
 */
export const requestCancel = (tx: Transaction, jobIds: readonly string[]): Promise<number> =>
  execute(tx, sql.requestCancel, { jobIds });
