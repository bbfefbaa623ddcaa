import { AssayError } from "@assay/contracts";
import { query, queryOne } from "@assay/database";
import type { Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { cancelJobs } from "../jobs/cancel.ts";
import type { Services } from "../services.ts";
import { sql } from "./create.ts";
import { lockPlan, movePlan, progressOf } from "./plan.ts";

const Count = z.object({ count: z.int() });
const Applied = z.object({ wanted: z.int(), changed: z.int() });
const Stale = z.object({ submissionId: z.uuid(), otherId: z.uuid().nullable() });
const OpenJob = z.object({
  jobId: z.uuid(),
  queue: z.string(),
  state: z.enum(["queued", "leased", "running"]),
});

/**
 * Shows the new results from now on, those of all submissions in one transaction.
 *
 * It is refused as a whole when a submission no longer shows what the plan compared with: another plan
 * was applied meanwhile, and what somebody saw in the preview would not be what happens.
 *
 * @throws AssayError `not_found`, `conflict`
 */
export async function applyRejudging(
  { database }: Services,
  { organizationId, tokenId }: Caller,
  id: string,
  { reason, skipUnjudged }: { readonly reason: string; readonly skipUnjudged: boolean },
): Promise<void> {
  const key = { id, organizationId };
  await database.transaction(async (tx) => {
    await lockPlan(tx, key, "applied");
    const { pending, judging } = await progressOf(tx, id);
    if (pending + judging > 0)
      throw new AssayError(
        "conflict",
        `${pending + judging} submissions are not judged yet; wait until the rejudging is ready.`,
      );
    const { count: blocked } = await queryOne(tx, Count, sql.countBlocked, { id });
    if (blocked > 0 && !skipUnjudged)
      throw new AssayError(
        "conflict",
        `${blocked} submissions have no new result or were withdrawn; apply with skipUnjudged to keep what they show.`,
      );
    const { wanted, changed } = await queryOne(tx, Applied, sql.applyItems, { id });
    if (changed < wanted) await refuseStale(tx, id, wanted - changed, "applied");
    await movePlan(tx, key, "applied", { tokenId, reason, submissions: changed });
  });
}

/**
 * Shows the old results of an applied plan again.
 *
 * @throws AssayError `not_found`; `conflict` also when a later plan was applied over it
 */
export async function rollBackRejudging(
  { database }: Services,
  { organizationId, tokenId }: Caller,
  id: string,
  { reason }: { readonly reason: string },
): Promise<void> {
  const key = { id, organizationId };
  await database.transaction(async (tx) => {
    await lockPlan(tx, key, "rolled_back");
    const { wanted, changed } = await queryOne(tx, Applied, sql.rollBackItems, { id });
    if (changed < wanted) await refuseStale(tx, id, wanted - changed, "rolled back");
    await movePlan(tx, key, "rolled_back", { tokenId, reason, submissions: changed });
  });
}

/**
 * Drops a plan, and withdraws those of its jobs that are not settled.
 *
 * @throws AssayError `not_found`, `conflict`
 */
export async function discardRejudging(
  services: Services,
  { organizationId, tokenId }: Caller,
  id: string,
  { reason }: { readonly reason: string },
): Promise<void> {
  const key = { id, organizationId };
  const tell = await services.database.transaction(async (tx) => {
    await lockPlan(tx, key, "discarded");
    const told = await cancelJobs(services, tx, await query(tx, OpenJob, sql.openJobs, { id }));
    await movePlan(tx, key, "discarded", { tokenId, reason, submissions: 0 });
    return told;
  });
  tell();
}

async function refuseStale(
  tx: Transaction,
  id: string,
  count: number,
  what: "applied" | "rolled back",
): Promise<never> {
  const stale = await query(tx, Stale, sql.staleItems, { id, onlyApplied: what === "rolled back" });
  const others = [...new Set(stale.flatMap(({ otherId }) => otherId ?? []))];
  const todo =
    what === "applied"
      ? "discard this one and make a new one"
      : `roll back ${others.join(", ") || "what was applied later"} first`;
  throw new AssayError(
    "conflict",
    `The rejudging can't be ${what}: ${count} submissions show the result of another rejudging that was applied or rolled back meanwhile; ${todo}.`,
    {
      issues: stale.map(({ submissionId, otherId }) => ({
        where: `submissions/${submissionId}`,
        line: null,
        message: otherId === null ? "shows an earlier result" : `shows the result of rejudging ${otherId}`,
      })),
    },
  );
}
