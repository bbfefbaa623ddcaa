import type { Caller } from "../../access/policy.ts";
import { admitJob } from "../../jobs/admit.ts";
import type { Services } from "../../services.ts";
import type { Callbacks } from "./callbacks/callbacks.ts";
import { AssayError } from "@assay/contracts";
import type { Judge0Language } from "./languages.ts";
import { payloadOf } from "./payload.ts";
import { InvalidSubmission, readSubmission } from "./request.ts";
import { insertSubmission } from "./store.ts";

export interface Submitting {
  readonly services: Services;
  readonly callbacks: Callbacks;
  readonly caller: Caller;
  readonly languages: readonly Judge0Language[];
  readonly base64: boolean;
  readonly correlationId: string;
}

/**
 * Takes one submission in.
 *
 * @throws InvalidSubmission
 */
export async function submit(
  { services, callbacks, caller, languages, base64, correlationId }: Submitting,
  given: unknown,
): Promise<{ token: string; jobId: string }> {
  const submission = readSubmission(services.config, languages, given, base64);
  const { payload, mark } = await payloadOf(services.config, submission);
  try {
    const { jobId } = await admitJob(services, caller, { payload, problemId: null, correlationId });
    const token = await insertSubmission(services.database, caller, jobId, submission, mark);
    if (submission.callback_url !== null) callbacks.expect(jobId);
    return { token, jobId };
  } catch (error) {
    // It was listed a moment ago, and the last runner that has it is gone.
    if (error instanceof AssayError && error.code === "language_unavailable")
      throw new InvalidSubmission({ language_id: [error.message] });
    throw error;
  }
}
