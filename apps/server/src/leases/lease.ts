import type { LeasedJob, LeaseRequest } from "@assay/contracts";
import type { Caller } from "../access/policy.ts";
import { queuesOf } from "../jobs/queue-name.ts";
import { readUntil } from "../jobs/waiting.ts";
import type { Services } from "../services.ts";
import { choosing } from "./prefer.ts";
import { settleAttempt } from "./settle.ts";
import { takeJobs } from "./take.ts";

/**
 * Leases jobs to a runner, and waits for them when there are none. Waiting counts as being alive.
 *
 * @param clientLeft whether the runner hung up: what it would never see is given back at once
 * @throws AssayError `not_found` for a runner of another organization
 */
export async function leaseJobs(
  services: Services,
  caller: Caller,
  request: LeaseRequest,
  { signal, clientLeft }: { readonly signal: AbortSignal; readonly clientLeft: () => boolean },
): Promise<LeasedJob[]> {
  const { fleet, hub } = services;
  const { organizationId } = caller;
  const look = async () => {
    const sight = await fleet.saw(organizationId, request.runnerId, true);
    const choose = choosing(services, organizationId, request, sight);
    return { queues: queuesOf(organizationId, sight.languages), choose };
  };

  let seen = await look();
  let first = true;
  using watch = hub.watchQueues(seen.queues);
  const jobs = await readUntil(
    watch,
    async () => {
      if (!first) seen = await look();
      first = false;
      if (seen.queues.length === 0 || signal.aborted) return [];
      return takeJobs(services, { ...seen, organizationId, max: request.max, runnerId: request.runnerId });
    },
    (taken) => taken.length > 0,
    { seconds: request.waitSeconds, signal },
  );
  if (!clientLeft()) return jobs;
  await fleet.hungUp(organizationId, request.runnerId);
  for (const job of jobs) {
    const reason = "the runner hung up before it heard of the job";
    const settlement = { how: "released", reason, lacking: false } as const;
    await settleAttempt(services, caller, job, { offset: 0, events: [], settlement });
  }
  return [];
}
