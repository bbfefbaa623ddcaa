import type { RunnerStatus } from "@assay/contracts";
import { availabilityOf } from "../runners/availability.ts";
import { isolationOfQueue, languageOfQueue } from "./queue-name.ts";
import type { JobRow } from "./read.ts";

/** Why a queued job does not run yet, in words; null for any other. */
export function waitingFor(
  row: Pick<JobRow, "state" | "queue">,
  runners: readonly RunnerStatus[],
): string | null {
  if (row.state !== "queued") return null;
  const { available, reason } = availabilityOf(
    languageOfQueue(row.queue),
    runners,
    isolationOfQueue(row.queue),
  );
  return available ? "Every runner is busy, or about to take it." : reason;
}
