import { AssayError, isSettled } from "@assay/contracts";
import type { SettleRequest } from "@assay/contracts";
import type { Transaction } from "@assay/database";
import type { Lease } from "@assay/jobs";
import type { Caller } from "../access/policy.ts";
import { changeState, findJob, lockJob } from "../jobs/state-machine.ts";
import type { JobStanding, StateChange } from "../jobs/state-machine.ts";
import type { Services } from "../services.ts";
import { storableText } from "../storable.ts";
import { requireNoStateEvents } from "./events.ts";

type Settlement = SettleRequest["settlement"];

const stateAfter = {
  completed: "completed",
  failed: "failed",
  released: "queued",
  cancelled: "cancelled",
} as const;

/**
 * Ends one attempt: result, events, state and queue entry in one transaction.
 *
 * A repetition after a lost answer changes nothing and succeeds.
 *
 * @returns the job as it stood before
 * @throws AssayError `not_found`, `fence_refused`, `conflict`, `invalid_request`
 */
export async function settleAttempt(
  { database, queue, hub }: Services,
  caller: Caller,
  { jobId, attempt }: { readonly jobId: string; readonly attempt: number },
  request: SettleRequest,
): Promise<JobStanding> {
  requireNoStateEvents(request.events);
  const { settlement } = request;
  const key = { jobId, organizationId: caller.organizationId, onlyOf: null };
  const job = await findJob(database, key);
  if (job === null) throw new AssayError("not_found", "There is no such job.");
  if (isRepetition(job, attempt, settlement)) return job;
  requireOwner(job, attempt);
  requireFitting(job, settlement);

  const settled = await database.transaction(async (tx) => {
    if (!(await endLease(tx, queue, { jobId, attempt, queue: job.queue }, settlement))) {
      const now = await findJob(tx, key);
      if (now !== null && isRepetition(now, attempt, settlement)) return false;
      throw new AssayError("fence_refused", `The lease of attempt ${attempt} has run out.`);
    }
    await lockJob(tx, key);
    const changed = await changeState(tx, [changeFor(jobId, attempt, request)]);
    if (changed.length === 0)
      throw new AssayError(
        "conflict",
        `Events before number ${request.offset} are missing; send them as well.`,
      );
    return true;
  });
  if (settled) hub.jobChanged(jobId);
  if (settled && settlement.how === "released") hub.queueFilled(job.queue);
  return job;
}

const isRepetition = (job: JobStanding, attempt: number, { how }: Settlement): boolean =>
  job.attempt === attempt && job.state === stateAfter[how];

/** @throws AssayError `fence_refused` */
export function requireOwner(job: JobStanding, attempt: number): void {
  if (job.attempt === attempt && !isSettled(job.state) && job.state !== "queued") return;
  throw new AssayError(
    "fence_refused",
    job.attempt === attempt
      ? `The job is ${job.state}; attempt ${attempt} no longer owns it.`
      : `The job belongs to attempt ${job.attempt}, not to attempt ${attempt}.`,
  );
}

function requireFitting(job: JobStanding, settlement: Settlement): void {
  if (settlement.how === "completed" && settlement.result.kind !== job.kind)
    throw new AssayError(
      "invalid_request",
      `The job is of kind ${job.kind}; the result is of kind ${settlement.result.kind}.`,
    );
  if (settlement.how === "cancelled" && !job.cancelRequested)
    throw new AssayError("conflict", "Nobody asked to cancel this job; settle or release it.");
}

const endLease = (
  tx: Transaction,
  queue: Services["queue"],
  lease: Lease,
  settlement: Settlement,
): Promise<boolean> =>
  settlement.how === "released"
    ? queue.release(tx, lease, storableText(settlement.reason))
    : queue.settle(tx, lease, settlement.how === "failed" ? "failed" : "completed");

function changeFor(
  jobId: string,
  attempt: number,
  { settlement, offset, events }: SettleRequest,
): StateChange {
  const common = { jobId, attempt, told: { offset, events } };
  if (settlement.how === "completed")
    return { ...common, to: "completed", reason: null, result: settlement.result };
  if (settlement.how === "released") return { ...common, to: "queued", reason: settlement.reason };
  if (settlement.how === "cancelled") return { ...common, to: "cancelled", reason: "withdrawn" };
  const { code, message } = settlement;
  return { ...common, to: "failed", reason: message, failure: { code, message } };
}
