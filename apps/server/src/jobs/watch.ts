import { AssayError, isSettled } from "@assay/contracts";
import type { JobState } from "@assay/contracts";
import { jobOwnerFilter } from "../access/policy.ts";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import type { JobRow, SubmissionRow, Viewer } from "./read.ts";
import { jobOfSubmission, presentJob, presentSubmission, readSubmission } from "./read.ts";
import { readUntil } from "./waiting.ts";
import { waitingFor } from "./waiting-for.ts";

/** How long to hold an answer back until the job is settled; ends early when the client leaves. */
export interface Holding {
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** True when the job was made in this turn of the event loop: nobody can have settled it yet. */
  readonly isNew?: boolean;
}

export const viewerOf = (caller: Caller): Viewer => ({
  organizationId: caller.organizationId,
  onlyOf: jobOwnerFilter(caller),
});

const hold = async <Row extends { readonly state: JobState }>(
  services: Services,
  jobId: string,
  read: () => Promise<Row | null>,
  holding: Holding,
): Promise<Row> => {
  using watch = services.hub.watchSettled(jobId);
  const row = await readUntil(watch, read, (found) => found === null || isSettled(found.state), holding);
  if (row === null) throw new AssayError("not_found", "There is no such job here.");
  return row;
};

const reasonFor = async ({ fleet }: Services, caller: Caller, row: JobRow): Promise<string | null> =>
  waitingFor(row, row.state === "queued" ? await fleet.picture(caller.organizationId) : []);

/** One job, once it is settled or the holding ends. @throws AssayError `not_found` */
export async function jobWhenSettled(services: Services, caller: Caller, jobId: string, holding: Holding) {
  const read = () => services.jobReads.add({ id: jobId, ...viewerOf(caller) });
  const row = await hold(services, jobId, read, holding);
  return { row, job: presentJob(row, await reasonFor(services, caller, row)) };
}

/** One submission, once its job is settled or the holding ends. @throws AssayError `not_found` */
export async function submissionWhenSettled(
  services: Services,
  caller: Caller,
  { id, jobId }: { readonly id: string; readonly jobId: string },
  holding: Holding,
) {
  const read = (): Promise<SubmissionRow | null> => readSubmission(services.database, id, viewerOf(caller));
  const row = await hold(services, jobId, read, holding);
  return presentSubmission(row, await reasonFor(services, caller, row));
}

/** Which job a submission has. @throws AssayError `not_found` */
export async function requireSubmission({ database }: Services, caller: Caller, id: string) {
  const jobId = await jobOfSubmission(database, id, viewerOf(caller));
  if (jobId === null) throw new AssayError("not_found", "There is no such submission here.");
  return { id, jobId };
}
