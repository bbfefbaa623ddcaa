import { AssayError } from "@assay/contracts";
import type { AppendedEvents, JobEventBody } from "@assay/contracts";
import type { Caller } from "../access/policy.ts";
import { appendEvents, changeState, lockJob } from "../jobs/state-machine.ts";
import type { Services } from "../services.ts";
import { requireOwner } from "./fence.ts";

/** @throws AssayError `invalid_request`: changes of state are the server's to write */
export function requireNoStateEvents(events: readonly JobEventBody[]): void {
  if (events.some(({ type }) => type === "state"))
    throw new AssayError(
      "invalid_request",
      "The server alone tells of changes of state; send the other events.",
    );
}

/**
 * Adds what an attempt tells; its first words move the job to `running`. A repetition adds nothing.
 *
 * @returns whether somebody withdrew the job
 * @throws AssayError `not_found`, `fence_refused`, `conflict`, `invalid_request`
 */
export async function tellEvents(
  { database, hub }: Services,
  caller: Caller,
  { jobId, attempt }: { readonly jobId: string; readonly attempt: number },
  { offset, events }: { readonly offset: number; readonly events: readonly JobEventBody[] },
): Promise<AppendedEvents> {
  requireNoStateEvents(events);
  const told = { offset, events: JSON.stringify(events) };
  const cancelled = await database.transaction(async (tx) => {
    const job = await lockJob(tx, { jobId, organizationId: caller.organizationId, onlyOf: null });
    if (job === null) throw new AssayError("not_found", "There is no such job.");
    requireOwner(job, attempt);
    if (job.state === "leased") await changeState(tx, [{ jobId, to: "running", attempt, reason: null }]);
    if (!(await appendEvents(tx, jobId, attempt, told)))
      throw new AssayError("conflict", `Events before number ${offset} are missing; send them as well.`);
    return job.cancelRequested;
  });
  hub.jobChanged(jobId);
  return { cancelled };
}
