import { AssayError, isSettled } from "@assay/contracts";
import type { JobStanding } from "../jobs/state-machine.ts";

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
