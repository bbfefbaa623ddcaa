import { imageInWords } from "@assay/contracts";
import type { JobEventBody, RunnerStatus } from "@assay/contracts";
import { availabilityOf } from "../runners/availability.ts";
import { isolationOfQueue, languageOfQueue } from "./queue-name.ts";
import type { JobRow } from "./read.ts";

/** Why a job does not run yet, in words; null for one that runs or is settled. */
export function waitingFor(
  row: Pick<JobRow, "state" | "queue" | "image">,
  runners: readonly RunnerStatus[],
): string | null {
  if (row.state === "leased" || row.state === "running") return imageAwaited(row.image);
  if (row.state !== "queued") return null;
  const { available, reason } = availabilityOf(
    languageOfQueue(row.queue),
    runners,
    isolationOfQueue(row.queue),
  );
  return available ? "Every runner is busy, or about to take it." : reason;
}

const imageAwaited = (event: JobEventBody | null): string | null =>
  event?.type !== "image" || event.state === "ready" || event.state === "failed" ? null : imageInWords(event);
