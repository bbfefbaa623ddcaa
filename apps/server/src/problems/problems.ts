import { Digest, JobFailure, JobState } from "@assay/contracts";
import type { Problem } from "@assay/contracts";
import { loadSql, query, queryMaybe } from "@assay/database";
import type { Database, Queryable } from "@assay/database";
import { z } from "zod";
import { mayDo } from "../access/policy.ts";
import type { Caller } from "../access/policy.ts";
import { pageOf, positionOf } from "../paging.ts";
import type { Page, Paging } from "../paging.ts";
import { StoredVerification, VerificationState, verificationOf } from "./verification-state.ts";

export const sql = loadSql(import.meta.url, "./problems.sql", [
  "findProblem",
  "findPackage",
  "listProblems",
  "insertProblem",
  "rememberBlobs",
  "startVerification",
  "storeVerification",
  "lockVerification",
]);

export const ProblemLimits = z.object({
  timeMs: z.int(),
  /** False = a stand-in until it was measured. */
  timeStated: z.boolean().default(true),
  wallMs: z.int(),
  memoryBytes: z.int(),
  outputBytes: z.int(),
  codeBytes: z.int(),
});
export const ProblemSummary = z.object({
  tests: z.object({ sample: z.int(), secret: z.int() }),
  languages: z.union([z.literal("all"), z.array(z.string())]),
  warnings: z.array(z.string()),
});
const ProblemRow = z.object({
  id: z.uuid(),
  shortName: z.string(),
  name: z.string(),
  formatVersion: z.string(),
  packageDigest: Digest,
  manifest: Digest,
  limits: ProblemLimits,
  summary: ProblemSummary,
  createdAt: z.date().transform((date) => date.toISOString()),
  verification: VerificationState,
  verificationJob: z.uuid().nullable(),
  verificationResult: StoredVerification.nullable(),
  verifiedAt: z
    .date()
    .transform((date) => date.toISOString())
    .nullable(),
  measuredTimeMs: z.int().nullable(),
  /** Of the verification. */
  jobState: JobState.nullable(),
  jobFailure: JobFailure.nullable(),
});
export type ProblemRow = z.infer<typeof ProblemRow>;

/** By id, or by short name (what was uploaded last under it). */
export const findProblem = async (
  db: Queryable,
  organizationId: string,
  idOrShortName: string,
): Promise<ProblemRow | null> => {
  if (idOrShortName.includes("\0")) return null;
  const id = z.uuid().safeParse(idOrShortName).data ?? null;
  return queryMaybe(db, ProblemRow, sql.findProblem, { organizationId, id, shortName: idOrShortName });
};

export const findPackage = (
  db: Database,
  organizationId: string,
  content: { readonly shortName: string; readonly packageDigest: string },
): Promise<ProblemRow | null> => queryMaybe(db, ProblemRow, sql.findPackage, { organizationId, ...content });

/** What was uploaded last under each short name. */
export const listProblems = async (
  db: Database,
  organizationId: string,
  paging: Paging,
): Promise<Page<ProblemRow>> =>
  pageOf(
    await query(db, ProblemRow.extend({ position: z.string() }), sql.listProblems, {
      organizationId,
      ...positionOf(paging),
    }),
    paging,
    ({ id }) => id,
  );

/** @param caller only who may upload problems sees what their verification found */
export const presentProblem = (row: ProblemRow, caller: Pick<Caller, "role">): Problem => {
  const { timeStated, ...limits } = row.limits;
  return {
    id: row.id,
    shortName: row.shortName,
    name: row.name,
    formatVersion: row.formatVersion,
    packageDigest: row.packageDigest,
    limits: { ...limits, timeMs: timeStated ? limits.timeMs : (row.measuredTimeMs ?? limits.timeMs) },
    tests: row.summary.tests,
    languages: row.summary.languages,
    warnings: row.summary.warnings,
    verification: verificationOf(row, mayDo(caller.role, "problems:write")),
    createdAt: row.createdAt,
  };
};
