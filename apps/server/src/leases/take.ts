import type { LeasedJob } from "@assay/contracts";
import type { Transaction } from "@assay/database";
import type { Lease, LeaseRequest } from "@assay/jobs";
import { changeState } from "../jobs/state-machine.ts";
import type { Services } from "../services.ts";

/**
 * Leases up to `max` jobs to a runner. Queue and jobs change in one transaction.
 *
 * A job whose withdrawal was asked for while its last runner died is settled here instead.
 */
export async function takeJobs(
  { queue, hub }: Services,
  request: {
    readonly organizationId: string;
    readonly queues: readonly string[];
    readonly max: number;
    readonly runnerId: string;
    /** Null: from all of the queues. */
    readonly choose: LeaseRequest["choose"] | null;
  },
): Promise<LeasedJob[]> {
  const jobs: LeasedJob[] = [];
  const touched: string[] = [];
  const cancelled: string[] = [];
  await queue.lease({
    queues: request.queues,
    max: request.max,
    holder: request.runnerId,
    ...(request.choose ? { choose: request.choose } : {}),
    onLeased: async (tx, leases) => {
      jobs.length = 0;
      touched.length = 0;
      cancelled.length = 0;
      const leased = await changeState(
        tx,
        leases.map(({ jobId, attempt }) => ({
          jobId,
          to: "leased",
          attempt: null,
          nextAttempt: attempt,
          runnerId: request.runnerId,
          reason: attempt === 1 ? null : `the attempt before, number ${attempt - 1}, ended without a result`,
        })),
      );
      const withdrawn = new Set(leased.filter((job) => job.cancelRequested).map(({ jobId }) => jobId));
      // In the order of the queue: a runner that fetched ahead begins with the first.
      const byId = new Map(leased.map((job) => [job.jobId, job]));
      for (const { jobId, attempt, correlationId, payload } of leases.flatMap(
        (one) => byId.get(one.jobId) ?? [],
      )) {
        (withdrawn.has(jobId) ? cancelled : touched).push(jobId);
        if (!withdrawn.has(jobId) && payload !== null)
          jobs.push({ jobId, organizationId: request.organizationId, attempt, correlationId, payload });
      }
      const kept = new Set(jobs.map(({ jobId }) => jobId));
      await dropLeases(
        tx,
        queue,
        leases.filter(({ jobId }) => !kept.has(jobId)),
        withdrawn,
      );
    },
  });
  for (const jobId of touched) hub.jobChanged(jobId);
  for (const jobId of cancelled) hub.jobSettled(jobId);
  return jobs;
}

/** Ends queue entries that nobody shall run: of jobs that were withdrawn, or are settled already. */
async function dropLeases(
  tx: Transaction,
  queue: Services["queue"],
  leases: readonly Lease[],
  withdrawn: ReadonlySet<string>,
): Promise<void> {
  for (const lease of leases) await queue.settle(tx, [lease]);
  if (withdrawn.size === 0) return;
  const changes = [...withdrawn].map(
    (jobId) => ({ jobId, to: "cancelled", attempt: null, reason: "withdrawn" }) as const,
  );
  await changeState(tx, changes);
}
