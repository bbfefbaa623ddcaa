import { AssayError } from "@assay/contracts";
import type { JobInput } from "@assay/contracts";
import type { Caller } from "../access/policy.ts";
import { readInputs } from "../jobs/inputs.ts";
import { findJob } from "../jobs/state-machine.ts";
import { readUntil } from "../jobs/waiting.ts";
import type { Services } from "../services.ts";
import { requireOwner } from "./fence.ts";

/**
 * What was said to an attempt's interactive run after a number, as soon as there is some.
 *
 * @throws AssayError `not_found`, `fence_refused`
 */
export async function attemptInput(
  { database, hub }: Services,
  caller: Caller,
  asked: { readonly jobId: string; readonly attempt: number; readonly after: number },
  holding: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<JobInput[]> {
  const key = { jobId: asked.jobId, organizationId: caller.organizationId, onlyOf: null };
  using watch = hub.watchInput(asked.jobId);
  return await readUntil(
    watch,
    async () => {
      const job = await findJob(database, key);
      if (job === null) throw new AssayError("not_found", "There is no such job.");
      requireOwner(job, asked.attempt);
      return readInputs(database, asked.jobId, asked.after);
    },
    (inputs) => inputs.length > 0,
    holding,
  );
}
