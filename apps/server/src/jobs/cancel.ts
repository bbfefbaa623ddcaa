import { AssayError, isSettled } from "@assay/contracts";
import type { JobState } from "@assay/contracts";
import type { Transaction } from "@assay/database";
import type { Services } from "../services.ts";
import { changeState, findJob, lockJob, requestCancel } from "./state-machine.ts";
import type { JobKey } from "./state-machine.ts";

/**
 * Withdraws a job: a queued one is cancelled at once; the runner of a leased one hears of it with
 * its next beat and settles it.
 *
 * @throws AssayError `not_found`; `conflict` when it is settled already
 */
export async function cancelJob(services: Services, key: JobKey): Promise<void> {
  const { database, queue, hub } = services;
  const seen = await findJob(database, key);
  if (seen === null) throw new AssayError("not_found", "There is no such job.");
  const done = await database.transaction(async (tx) => {
    // The queue's lock comes before the row's. Should a runner have leased the job in between, its
    // next beat is refused, which stops it as well.
    if (seen.state === "queued") await queue.cancel(tx, [seen]);
    const job = await lockJob(tx, key);
    if (job === null || isSettled(job.state))
      throw new AssayError("conflict", `The job is ${job?.state ?? "gone"} already.`);
    if (seen.state === "queued")
      await changeState(tx, [{ jobId: job.jobId, to: "cancelled", attempt: null, reason: "withdrawn" }]);
    else if (job.state === "queued") return false;
    else await requestCancel(tx, [job.jobId]);
    return true;
  });
  // It was given back between the look and the lock.
  if (!done) return cancelJob(services, key);
  if (seen.state === "queued") hub.jobSettled(key.jobId);
  else hub.jobChanged(key.jobId);
}

/**
 * Withdraws many jobs within the caller's transaction, as `cancelJob` does one. A job that changes
 * between the look and this is caught in either state: a runner's beat is refused, or it hears that the
 * job is withdrawn, or the job is cancelled when it would be leased again.
 *
 * @returns what tells those who wait, to be called after the commit
 */
export async function cancelJobs(
  { queue, hub }: Pick<Services, "queue" | "hub">,
  tx: Transaction,
  seen: readonly { readonly jobId: string; readonly queue: string; readonly state: JobState }[],
): Promise<() => void> {
  const waiting = seen.filter(({ state }) => state === "queued");
  const held = seen.filter(({ state }) => state !== "queued").map(({ jobId }) => jobId);
  await queue.cancel(tx, waiting);
  const cancelled = await changeState(
    tx,
    waiting.map(({ jobId }) => ({ jobId, to: "cancelled", attempt: null, reason: "withdrawn" })),
  );
  if (held.length > 0) await requestCancel(tx, held);
  return () => {
    for (const { jobId } of cancelled) hub.jobSettled(jobId);
    for (const jobId of held) hub.jobChanged(jobId);
  };
}
