import { AssayError } from "@assay/contracts";
import type { JobEvent } from "@assay/contracts";
import type { MessageLanguage } from "@assay/languages";
import type { Services } from "../services.ts";
import { eventFor } from "./confidential.ts";
import type { Sight } from "./confidential.ts";
import { explainedEvent } from "./explained.ts";
import { readEvents, storyEnd } from "./read.ts";

const pageSize = 100;
/** Proxies close connections that are silent; a comment now and then keeps them open. */
const heartbeatMs = 10_000;

/**
 * A job's events after number `after` as server-sent events, until the one that settles it.
 *
 * Pages come from the table as the reader takes them, so a slow reader costs one page of memory.
 */
export async function* tellStory(
  { database, hub }: Services,
  jobId: string,
  {
    after,
    sight,
    language,
    signal,
  }: {
    readonly after: number;
    readonly sight: Sight;
    readonly language: MessageLanguage;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<string> {
  using watch = hub.watchJob(jobId);
  let last = after;
  // Sends the headers at once, so that a client sees the connection stand before the first event.
  yield ": story\n\n";
  while (!signal.aborted) {
    // Before the page: an event that comes between the two looks is then not taken for the end.
    const { over, lastSeq } = await storyEnd(database, jobId);
    const events = last < lastSeq ? await readEvents(database, jobId, last, pageSize) : [];
    if (events.length > 0)
      yield events.map((event) => format(explainedEvent(eventFor(event, sight), language))).join("");
    last = events.at(-1)?.seq ?? last;
    if (last < lastSeq) continue;
    if (over) return;
    await watch.next(heartbeatMs, signal);
    yield ": beat\n\n";
  }
}

const format = (event: JobEvent): string =>
  `id: ${event.seq}\nevent: ${event.body.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** @throws AssayError `invalid_request` for a header that is no event number */
export function lastEventId(header: string | string[] | undefined): number | null {
  if (header === undefined || header === "") return null;
  if (typeof header === "string" && /^\d{1,9}$/.test(header)) return Number(header);
  throw new AssayError("invalid_request", "Last-Event-ID must be the number of an event.");
}
