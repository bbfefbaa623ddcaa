import { AssayError } from "@assay/contracts";
import type { JobPayload } from "@assay/contracts";
import type { Caller } from "../access/policy.ts";
import { availabilityOf } from "../runners/availability.ts";
import type { Services } from "../services.ts";
import { Batcher, batchLimits } from "./batcher.ts";
import { queueName, queuePriority } from "./queue-name.ts";
import { createJobs } from "./state-machine.ts";
import type { CreatedJob, NewJob } from "./state-machine.ts";

/**
 * Takes jobs in: rows, first events, submissions and queue entries in one transaction for all that are
 * asked for at the same time.
 */
export const openAdmission = ({
  config,
  database,
  queue,
}: Pick<Services, "config" | "database" | "queue">): Batcher<NewJob, CreatedJob> =>
  new Batcher({
    run: (jobs) =>
      database.transaction(async (tx) => {
        const created = await createJobs(tx, jobs, config.maxAttempts);
        const entries = created.map(({ jobId }, index) => ({
          jobId,
          queue: jobs[index]?.queue ?? "",
          priority: queuePriority.live,
        }));
        await queue.enqueue(tx, entries);
        return created;
      }),
    weigh: ({ payload }) => payload.length,
    ...batchLimits,
  });

/**
 * Takes a job in.
 *
 * With no runner alive it waits in the queue; when all that are alive say no, it is refused with
 * their reason.
 *
 * @throws AssayError `language_unavailable`, `isolation_unavailable`
 */
export async function admitJob(
  { admission, fleet, hub }: Services,
  { organizationId, tokenId }: Caller,
  job: {
    readonly payload: JobPayload;
    /** Of a submission. */
    readonly problemId: string | null;
    readonly problemSetId?: string | null;
    readonly correlationId: string;
  },
): Promise<CreatedJob> {
  const { kind, language, requires } = job.payload;
  const availability = availabilityOf(language, await fleet.picture(organizationId), requires.isolation);
  if (availability.refused)
    throw new AssayError(
      availability.lacksIsolation ? "isolation_unavailable" : "language_unavailable",
      `${language}: ${availability.reason}`,
    );
  const name = queueName(organizationId, language, requires.isolation);
  const created = await admission.add({
    organizationId,
    createdBy: tokenId,
    correlationId: job.correlationId,
    queue: name,
    kind,
    language,
    payload: JSON.stringify(job.payload),
    problemId: job.problemId,
    problemSetId: job.problemSetId ?? null,
  });
  hub.queueFilled(name);
  return created;
}
