import { AssayError, JobState, RejudgingChange, Verdict } from "@assay/contracts";
import type { RejudgingItem, RejudgingPreview, SubmissionJudging } from "@assay/contracts";
import { loadSql, query } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import { pageOf, positionOf } from "../paging.ts";
import type { Page, Paging } from "../paging.ts";
import { readPlan } from "./plan.ts";
import type { PlanKey } from "./plan.ts";

const sql = loadSql(import.meta.url, "./compare.sql", ["compared", "listItems", "judgingsOf"]);

const timestamp = z.date().transform((date) => date.toISOString());
const Compared = z.object({
  change: RejudgingChange,
  oldVerdict: Verdict.nullable(),
  newVerdict: Verdict.nullable(),
  count: z.int(),
  stale: z.int(),
  scored: z.int(),
  oldScore: z.number(),
  newScore: z.number(),
});
const ItemRow = z.object({
  submissionId: z.uuid(),
  problemId: z.uuid(),
  shortName: z.string(),
  language: z.string(),
  tokenId: z.uuid(),
  tokenName: z.string(),
  submittedAt: timestamp,
  change: RejudgingChange,
  stale: z.boolean(),
  scoreDifference: z.number().nullable(),
  oldJobId: z.uuid(),
  oldState: JobState,
  oldVerdict: Verdict.nullable(),
  oldScore: z.number().nullable(),
  newJobId: z.uuid(),
  newState: JobState,
  newVerdict: Verdict.nullable(),
  newScore: z.number().nullable(),
  position: z.string(),
});
const JudgingRow = z.object({
  jobId: z.uuid(),
  state: JobState,
  verdict: Verdict.nullable(),
  score: z.number().nullable(),
  current: z.boolean(),
  createdAt: timestamp,
  rejudgingId: z.uuid().nullable(),
  reason: z.string().nullable(),
});

/** Old results against new ones over a whole plan. @throws AssayError `not_found` */
export async function previewRejudging(db: Database, key: PlanKey): Promise<RejudgingPreview> {
  const { id, state, total } = await readPlan(db, key);
  const rows = await query(db, Compared, sql.compared, { id });
  const sum = (of: readonly z.infer<typeof Compared>[], field: "count" | "stale" | "scored") =>
    of.reduce((all, row) => all + row[field], 0);
  const countOf = (change: RejudgingChange) =>
    sum(
      rows.filter((row) => row.change === change),
      "count",
    );
  const judged = rows.filter(({ change }) => change !== "pending" && change !== "unjudged");
  const scored = sum(judged, "scored");
  return {
    id,
    state,
    total,
    changes: {
      up: countOf("up"),
      down: countOf("down"),
      other: countOf("other"),
      same: countOf("same"),
      pending: countOf("pending"),
      unjudged: countOf("unjudged"),
    },
    stale: sum(rows, "stale"),
    matrix: matrixOf(judged),
    scores:
      scored === 0
        ? null
        : {
            count: scored,
            before: judged.reduce((all, { oldScore }) => all + oldScore, 0),
            after: judged.reduce((all, { newScore }) => all + newScore, 0),
          },
  };
}

/** One cell for each pair of verdicts; several kinds of change can share a pair. */
function matrixOf(rows: readonly z.infer<typeof Compared>[]): RejudgingPreview["matrix"] {
  const cells = Map.groupBy(rows, ({ oldVerdict, newVerdict }) => `${oldVerdict} ${newVerdict}`);
  return [...cells.values()].flatMap((cell) => {
    const [first] = cell;
    if (first === undefined || first.newVerdict === null) return [];
    const count = cell.reduce((all, row) => all + row.count, 0);
    return [{ from: first.oldVerdict, to: first.newVerdict, count }];
  });
}

/** @throws AssayError `not_found` */
export async function listItems(
  db: Database,
  key: PlanKey,
  change: RejudgingChange | null,
  paging: Paging,
): Promise<Page<RejudgingItem>> {
  const { id } = await readPlan(db, key);
  const rows = await query(db, ItemRow, sql.listItems, { id, change, ...positionOf(paging) });
  const page = pageOf(rows, paging, ({ submissionId }) => submissionId);
  return { rows: page.rows.map(presentItem), nextCursor: page.nextCursor };
}

const presentItem = (row: z.infer<typeof ItemRow>): RejudgingItem => ({
  submissionId: row.submissionId,
  problem: { id: row.problemId, shortName: row.shortName },
  language: row.language,
  submittedBy: { tokenId: row.tokenId, name: row.tokenName },
  submittedAt: row.submittedAt,
  change: row.change,
  scoreDifference: row.scoreDifference,
  stale: row.stale,
  old: { jobId: row.oldJobId, state: row.oldState, verdict: row.oldVerdict, score: row.oldScore },
  new: { jobId: row.newJobId, state: row.newState, verdict: row.newVerdict, score: row.newScore },
});

/** Every time that a submission was judged, oldest first. @throws AssayError `not_found` */
export async function judgingsOf(
  db: Database,
  key: { readonly id: string; readonly organizationId: string },
): Promise<SubmissionJudging[]> {
  const rows = await query(db, JudgingRow, sql.judgingsOf, { ...key });
  if (rows.length === 0) throw new AssayError("not_found", "There is no such submission here.");
  return rows.map(({ rejudgingId, reason, ...row }) => ({
    ...row,
    rejudging: rejudgingId === null || reason === null ? null : { id: rejudgingId, reason },
  }));
}
