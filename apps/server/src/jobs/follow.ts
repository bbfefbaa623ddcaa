import type { JobEvent } from "@assay/contracts";
import type { Services } from "../services.ts";
import { readEvents, storyEnd } from "./read.ts";

const pageSize = 100;
/** A lost hint costs at most so long, ms. */
const rereadMs = 2_000;

/** A job's events from its first, as they come, until the one that settles it or the signal aborts. */
export async function* followJob(
  { database, hub }: Pick<Services, "database" | "hub">,
  jobId: string,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  using watch = hub.watchJob(jobId);
  let last = 0;
  while (!signal.aborted) {
    // Before the page: an event that comes between the two looks is then not taken for the end.
    const { over, lastSeq } = await storyEnd(database, jobId);
    const events = last < lastSeq ? await readEvents(database, jobId, last, pageSize) : [];
    for (const event of events) {
      last = event.seq;
      yield event;
    }
    if (last < lastSeq) continue;
    if (over) return;
    await watch.next(rereadMs, signal);
  }
}
