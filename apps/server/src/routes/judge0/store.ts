import { JobFailure, JobState, RunPayload } from "@assay/contracts";
import type { JobResult } from "@assay/contracts";
import { execute, loadSql, query, queryOne } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../../access/policy.ts";
import { jobOwnerFilter } from "../../access/policy.ts";
import { storableJson } from "../../storable.ts";
import type { Judge0Submission } from "./request.ts";

const sql = loadSql(import.meta.url, "./store.sql", [
  "insertSubmission",
  "findSubmissions",
  "listSubmissions",
  "newestOutcomes",
  "countSubmissions",
  "deleteSubmission",
  "countDays",
  "countLanguages",
  "countLastDays",
]);

/** What was asked for and the job does not hold. */
const Asked = z.object({
  compilerOptions: z.string().nullable(),
  commandLineArguments: z.string().nullable(),
  cpuTimeLimit: z.number(),
  cpuExtraTime: z.number(),
  wallTimeLimit: z.number(),
  memoryLimit: z.number(),
  stackLimit: z.number(),
  maxProcesses: z.number(),
  perProcessTime: z.boolean(),
  perProcessMemory: z.boolean(),
  maxFileSize: z.number(),
  redirectStderr: z.boolean(),
  numberOfRuns: z.number(),
  hasStdin: z.boolean(),
  expectedOutputBase64: z.string().nullable(),
  /** See `multiFileScript`. */
  mark: z.string().nullable(),
});
type Asked = z.infer<typeof Asked>;

const Row = z.object({
  token: z.uuid(),
  jobId: z.uuid(),
  languageId: z.int(),
  request: Asked,
  callbackUrl: z.string().nullable(),
  createdAt: z.date(),
  state: JobState,
  failure: JobFailure.nullable(),
  /** Was checked when it was stored. */
  result: z.custom<JobResult | null>(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  /** Only where it was asked for. */
  payload: RunPayload.nullable(),
});
export type Stored = z.infer<typeof Row>;

const Count = z.object({ count: z.int() });

const askedOf = (submission: Judge0Submission, mark: string | null): Asked => ({
  compilerOptions: submission.compiler_options,
  commandLineArguments: submission.command_line_arguments,
  cpuTimeLimit: submission.cpu_time_limit,
  cpuExtraTime: submission.cpu_extra_time,
  wallTimeLimit: submission.wall_time_limit,
  memoryLimit: submission.memory_limit,
  stackLimit: submission.stack_limit,
  maxProcesses: submission.max_processes_and_or_threads,
  perProcessTime: submission.enable_per_process_and_thread_time_limit,
  perProcessMemory: submission.enable_per_process_and_thread_memory_limit,
  maxFileSize: submission.max_file_size,
  redirectStderr: submission.redirect_stderr_to_stdout,
  numberOfRuns: submission.number_of_runs,
  hasStdin: submission.stdin !== null,
  expectedOutputBase64: submission.expectedOutput?.toString("base64") ?? null,
  mark,
});

/** Remembers a submission beside its job; returns its token. */
export const insertSubmission = async (
  db: Database,
  caller: Caller,
  jobId: string,
  submission: Judge0Submission,
  mark: string | null,
): Promise<string> => {
  const row = await queryOne(db, z.object({ token: z.uuid() }), sql.insertSubmission, {
    organizationId: caller.organizationId,
    jobId,
    createdBy: caller.tokenId,
    languageId: submission.language.id,
    request: storableJson(askedOf(submission, mark)),
    callbackUrl: submission.callback_url,
  });
  return row.token;
};

const isToken = (text: string): boolean => z.uuid().safeParse(text).success;

/** Those of these tokens that this caller may see, by token. */
export const findSubmissions = async (
  db: Database,
  caller: Caller,
  tokens: readonly string[],
  withPayload: boolean,
): Promise<ReadonlyMap<string, Stored>> => {
  const known = tokens.filter(isToken);
  if (known.length === 0) return new Map();
  const rows = await query(db, Row, sql.findSubmissions, {
    tokens: known,
    organizationId: caller.organizationId,
    onlyOf: jobOwnerFilter(caller),
    withPayload,
  });
  return new Map(rows.map((row) => [row.token, row]));
};

export const listSubmissions = (
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly offset: number },
  withPayload: boolean,
): Promise<Stored[]> => query(db, Row, sql.listSubmissions, { organizationId, ...page, withPayload });

/** Request and result together, bytes, of a submission that statistics look at. */
const maxOutcomeBytes = 64 * 1024;

/** Those of a page whose request and result are not large. */
export const newestOutcomes = (
  db: Database,
  organizationId: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<Stored[]> =>
  query(db, Row, sql.newestOutcomes, { organizationId, ...page, maxBytes: maxOutcomeBytes });

export const countSubmissions = async (db: Database, organizationId: string): Promise<number> =>
  (await queryOne(db, Count, sql.countSubmissions, { organizationId })).count;

/** Removes a settled submission with its job. False when it is not settled, or not here. */
export const deleteSubmission = async (
  db: Database,
  organizationId: string,
  token: string,
): Promise<boolean> => (await execute(db, sql.deleteSubmission, { organizationId, token })) === 1;

/** How much was submitted, by day and language. */
export const submissionCounts = async (db: Database, organizationId: string) => ({
  ...(await queryOne(db, z.object({ total: z.int(), today: z.int() }), sql.countDays, { organizationId })),
  days: await query(db, Count.extend({ day: z.string() }), sql.countLastDays, { organizationId }),
  languages: await query(db, Count.extend({ id: z.int() }), sql.countLanguages, { organizationId }),
});
