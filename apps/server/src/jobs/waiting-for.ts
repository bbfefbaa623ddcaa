import { imageInWords } from "@assay/contracts";
import type { JobEventBody, RunnerStatus } from "@assay/contracts";
import { availabilityOf } from "../runners/availability.ts";
import { servingOf, sightOf } from "../runners/serving.ts";
import { isolationOfQueue, languageOfQueue } from "./queue-name.ts";
import type { JobRow } from "./read.ts";

/** Why a job does not run yet, in words; null for one that runs or is settled. */
export function waitingFor(
  row: Pick<JobRow, "state" | "queue" | "lastEvent">,
  runners: readonly RunnerStatus[],
): string | null {
  if (row.state === "leased" || row.state === "running") return imageAwaited(row.lastEvent);
  if (row.state !== "queued") return null;
  const { available, reason } = availabilityOf(
    languageOfQueue(row.queue),
    runners,
    isolationOfQueue(row.queue),
  );
  if (!available) return reason;
  const { lastEvent } = row;
  if (lastEvent?.type === "state" && lastEvent.reason !== null)
    return `A runner gave it back (${lastEvent.reason}); it waits for another one, or for that one to be able again.`;
  return turnAwaited(row.queue, runners);
}

/** Whom a job waits for that could run now: who has its image goes first. */
function turnAwaited(queue: string, runners: readonly RunnerStatus[]): string {
  const ways = runners
    .filter(({ alive }) => alive)
    .map((runner) => servingOf(queue, sightOf(runner)))
    .filter((serving) => serving !== null);
  if (!ways.includes("fetch")) return "Every runner is busy, or about to take it.";
  return ways.includes("ready")
    ? "Every runner that has its image is busy, or about to take it; another one fetches the image if that lasts."
    : "No runner has its image; every one that can fetch it is busy, or about to take it.";
}

const imageAwaited = (event: JobEventBody | null): string | null =>
  event?.type !== "image" || event.state === "ready" || event.state === "failed" ? null : imageInWords(event);
