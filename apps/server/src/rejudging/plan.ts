import { AssayError, JudgePolicy, RejudgingState, ShownSelection } from "@assay/contracts";
import type { Rejudging, RejudgingAuditEntry, RejudgingDetail, SubmissionSelection } from "@assay/contracts";
import { execute, loadSql, query, queryMaybe } from "@assay/database";
import type { Database, Queryable, Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { pageOf, positionOf } from "../paging.ts";
import type { Page, Paging } from "../paging.ts";
import { storableText } from "../storable.ts";

/**
 * A plan to judge submissions again, and the only code that changes its state:
 *
 *     open ──► applied ──► rolled_back
 *       └────► discarded
 *
 * What the API calls `pending`, `judging` and `ready` is an open plan by how far its jobs are, which is
 * read from them each time and stands nowhere else. Every change locks the plan's row, so two decisions
 * about one plan follow each other, and writes the audit in the same statement.
 */
const nextStates = {
  open: ["applied", "discarded"],
  applied: ["rolled_back"],
  rolled_back: [],
  discarded: [],
} as const satisfies Record<string, readonly string[]>;

type StoredState = keyof typeof nextStates;

const actions = { applied: "apply", rolled_back: "roll_back", discarded: "discard" } as const;

const sql = loadSql(import.meta.url, "./plan.sql", [
  "insertPlan",
  "completePlan",
  "movePlan",
  "lockPlan",
  "readPlan",
  "listPlans",
  "progressOf",
  "auditOf",
]);

const timestamp = z.date().transform((date) => date.toISOString());
const PlanRow = z.object({
  id: z.uuid(),
  state: RejudgingState,
  reason: z.string(),
  selection: ShownSelection,
  against: z.uuid().nullable(),
  timeMs: z.int().nullable(),
  policy: JudgePolicy.nullable(),
  total: z.int(),
  tokenId: z.uuid(),
  tokenName: z.string(),
  createdAt: timestamp,
  changedAt: timestamp,
});
const Progress = z.object({ pending: z.int(), judging: z.int(), judged: z.int(), unjudged: z.int() });
export type Progress = z.infer<typeof Progress>;
const AuditRow = z.object({
  at: timestamp,
  action: z.enum(["create", "apply", "discard", "roll_back"]),
  tokenId: z.uuid(),
  tokenName: z.string(),
  reason: z.string(),
  submissions: z.int(),
});
const Id = z.object({ id: z.uuid() });
const Locked = z.object({ state: z.enum(["open", "applied", "rolled_back", "discarded"]) });

/** One plan of one organization. */
export interface PlanKey {
  readonly id: string;
  readonly organizationId: string;
}

export interface NewPlan {
  readonly reason: string;
  readonly selection: SubmissionSelection;
  readonly against: string | null;
  readonly timeMs: number | null;
  readonly policy: JudgePolicy | null;
}

/** An open plan without submissions, and its entry in the audit. @returns its id */
export async function insertPlan(
  tx: Transaction,
  { organizationId, tokenId }: Caller,
  plan: NewPlan,
): Promise<string> {
  const row = await queryMaybe(tx, Id, sql.insertPlan, {
    organizationId,
    tokenId,
    reason: storableText(plan.reason),
    selection: JSON.stringify(plan.selection),
    against: plan.against,
    timeMs: plan.timeMs,
    policy: plan.policy === null ? null : JSON.stringify(plan.policy),
  });
  if (row === null) throw new Error("the plan was not stored");
  return row.id;
}

/** Says how many submissions a new plan has. */
export const completePlan = (tx: Transaction, id: string, total: number): Promise<number> =>
  execute(tx, sql.completePlan, { id, total });

/**
 * Locks a plan that somebody wants to move, so that what is read of it next stays true.
 *
 * @throws AssayError `not_found`; `conflict` when it can't go there
 */
export async function lockPlan(
  tx: Transaction,
  key: PlanKey,
  to: Exclude<StoredState, "open">,
): Promise<void> {
  const plan = await queryMaybe(tx, Locked, sql.lockPlan, { ...key });
  if (plan === null) throw new AssayError("not_found", "There is no such rejudging here.");
  const possible: readonly string[] = nextStates[plan.state];
  if (possible.includes(to)) return;
  const now = plan.state === "open" ? "not applied" : plan.state.replace("_", " ");
  throw new AssayError("conflict", `The rejudging is ${now}; it can't be ${to.replace("_", " ")}.`);
}

/** Moves a locked plan, and tells the audit who did it, why, and for how many submissions. */
export async function movePlan(
  tx: Transaction,
  key: PlanKey,
  to: Exclude<StoredState, "open">,
  told: { readonly tokenId: string; readonly reason: string; readonly submissions: number },
): Promise<void> {
  const from = Object.entries(nextStates).flatMap(([state, next]) =>
    (next as readonly string[]).includes(to) ? [state] : [],
  );
  const moved = await queryMaybe(tx, Id, sql.movePlan, {
    ...key,
    ...told,
    reason: storableText(told.reason),
    from,
    to,
    action: actions[to],
  });
  if (moved === null) throw new Error(`rejudging ${key.id} was not locked before it was moved`);
}

export const progressOf = async (db: Queryable, id: string): Promise<Progress> => {
  const [progress] = await query(db, Progress, sql.progressOf, { id });
  return progress ?? { pending: 0, judging: 0, judged: 0, unjudged: 0 };
};

/** @throws AssayError `not_found` */
export async function readPlan(db: Queryable, key: PlanKey): Promise<Rejudging> {
  const row = await queryMaybe(db, PlanRow, sql.readPlan, { ...key });
  if (row === null) throw new AssayError("not_found", "There is no such rejudging here.");
  return presentPlan(row);
}

/** @throws AssayError `not_found` */
export async function readPlanDetail(db: Queryable, key: PlanKey): Promise<RejudgingDetail> {
  const plan = await readPlan(db, key);
  return { ...plan, progress: await progressOf(db, key.id) };
}

export const listPlans = async (
  db: Database,
  organizationId: string,
  paging: Paging,
): Promise<Page<Rejudging>> => {
  const rows = await query(db, PlanRow.extend({ position: z.string() }), sql.listPlans, {
    organizationId,
    ...positionOf(paging),
  });
  const page = pageOf(rows, paging, ({ id }) => id);
  return { rows: page.rows.map(presentPlan), nextCursor: page.nextCursor };
};

/** @throws AssayError `not_found` */
export async function auditOf(db: Queryable, key: PlanKey): Promise<RejudgingAuditEntry[]> {
  const rows = await query(db, AuditRow, sql.auditOf, { ...key });
  if (rows.length === 0) throw new AssayError("not_found", "There is no such rejudging here.");
  return rows.map(({ tokenId, tokenName, ...entry }) => ({ ...entry, by: { tokenId, name: tokenName } }));
}

const presentPlan = ({ tokenId, tokenName, ...row }: z.infer<typeof PlanRow>): Rejudging => ({
  id: row.id,
  state: row.state,
  reason: row.reason,
  selection: row.selection,
  against: row.against,
  timeMs: row.timeMs,
  policy: row.policy,
  total: row.total,
  createdBy: { tokenId, name: tokenName },
  createdAt: row.createdAt,
  changedAt: row.changedAt,
});
