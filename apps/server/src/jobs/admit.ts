import { AssayError } from "@assay/contracts";
import type { JobPayload } from "@assay/contracts";
import { languageById, languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import type { Caller } from "../access/policy.ts";
import { availabilityOf } from "../runners/availability.ts";
import type { Services } from "../services.ts";
import { queueName } from "./queue-name.ts";
import { createJob } from "./state-machine.ts";

/** @throws AssayError `unknown_language` */
export function requireLanguage(id: string): Language {
  const language = languageById(id);
  if (language !== null) return language;
  const known = [...languages.keys()].join(", ");
  throw new AssayError("unknown_language", `There is no language ${JSON.stringify(id)}; there are ${known}.`);
}

/**
 * Takes a job in: row, first event, submission and queue entry in one transaction.
 *
 * With no runner alive it waits in the queue; when all that are alive say no, it is refused with
 * their reason.
 *
 * @throws AssayError `language_unavailable`
 */
export async function admitJob(
  { config, database, queue, fleet, hub }: Services,
  { organizationId, tokenId }: Caller,
  job: { readonly payload: JobPayload; readonly problemId: string | null; readonly correlationId: string },
): Promise<{ jobId: string; submissionId: string | null }> {
  const { language } = job.payload;
  const availability = availabilityOf(language, await fleet.picture(organizationId));
  if (availability.refused)
    throw new AssayError("language_unavailable", `${language}: ${availability.reason}`);
  const name = queueName(organizationId, language);
  const created = await database.transaction(async (tx) => {
    const created = await createJob(tx, {
      ...job,
      organizationId,
      createdBy: tokenId,
      queue: name,
      maxAttempts: config.maxAttempts,
    });
    await queue.enqueue(tx, { jobId: created.jobId, queue: name, priority: 0 });
    return created;
  });
  hub.queueFilled(name);
  return created;
}
