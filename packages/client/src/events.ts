import { setTimeout as sleep } from "node:timers/promises";
import { JobEvent, isSettled, routes } from "@assay/contracts";
import { createParser } from "eventsource-parser";
import type { EventSourceMessage } from "eventsource-parser";
import type { Client } from "./client.ts";
import { ServerUnavailable, UnexpectedAnswer, isTemporary, retryAfterMs } from "./errors.ts";
import { pathOf } from "./request.ts";
import type { Transport } from "./transport.ts";

export interface EventsOptions {
  /** Number of the last event already seen; 0 begins at the first. */
  readonly lastEventId?: number;
  readonly signal?: AbortSignal | null;
  /** A connection that is silent for so long (not even a comment) is taken for broken, ms. */
  readonly silenceMs?: number;
  /** Failed connections in a row before the last failure is thrown. */
  readonly maxFailures?: number;
  /** Waits between connections; tests steer it. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | null) => Promise<void>;
}

const realPause = async (milliseconds: number, signal: AbortSignal | null): Promise<void> => {
  await sleep(milliseconds, undefined, signal === null ? {} : { signal });
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const MAX_EVENT_CHARACTERS = 64 * 1024 * 1024;

const isLast = (event: JobEvent): boolean => event.body.type === "state" && isSettled(event.body.state);

/**
 * Follows a job's story: one connection after the other, each resumed after the last event seen, until
 * the event that settles the job, or until the server has nothing after it to tell of a settled job.
 */
export async function* followEvents(
  transport: Transport,
  client: Client,
  jobId: string,
  options: EventsOptions,
): AsyncIterable<JobEvent> {
  const { signal = null, maxFailures = 10, silenceMs = 60_000, pause = realPause } = options;
  let lastSeen = options.lastEventId ?? 0;
  let failures = 0;
  for (;;) {
    const before = lastSeen;
    let failure: unknown = null;
    try {
      for await (const event of oneConnection(transport, jobId, lastSeen, silenceMs, signal)) {
        if (event.seq <= lastSeen) continue;
        lastSeen = event.seq;
        yield event;
        if (isLast(event)) return;
      }
      if (lastSeen === before) {
        const job = await client.call(routes.getJob, { params: { id: jobId }, signal });
        if (isSettled(job.state)) return;
      }
    } catch (error) {
      if (!isTemporary(error)) throw error;
      failure = error;
    }
    failures = lastSeen > before ? 0 : failures + 1;
    if (failures >= maxFailures) {
      throw (
        failure ?? new ServerUnavailable("the server ends the event stream again and again without an event")
      );
    }
    const backoff = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);
    await pause(Math.max(backoff, retryAfterMs(failure)), signal);
  }
}

/** The events of one connection; ends when the server ends it. */
async function* oneConnection(
  transport: Transport,
  jobId: string,
  after: number,
  silenceMs: number,
  signal: AbortSignal | null,
): AsyncIterable<JobEvent> {
  using deadline = transport.deadline(silenceMs, signal);
  const request = {
    method: "GET",
    path: pathOf(routes.jobEvents, { params: { id: jobId } }),
    headers: {
      accept: "text/event-stream",
      "cache-control": "no-store",
      ...(after > 0 ? { "last-event-id": String(after) } : {}),
    },
    body: null,
  } as const;
  const answer = await transport.send(routes.jobEvents, request, deadline);
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => arrived.push(message),
    maxBufferSize: MAX_EVENT_CHARACTERS,
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      deadline.extend(silenceMs);
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of arrived.splice(0)) yield parsedEvent(message);
    }
  } catch (error) {
    throw transport.translate(deadline, error);
  }
}

function parsedEvent(message: EventSourceMessage): JobEvent {
  let value: unknown;
  try {
    value = JSON.parse(message.data);
  } catch (error) {
    throw new UnexpectedAnswer(200, "an event is not JSON", { cause: error });
  }
  const event = JobEvent.safeParse(value);
  if (!event.success) {
    throw new UnexpectedAnswer(200, "an event is not in the shape that this version knows", {
      cause: event.error,
    });
  }
  return event.data;
}
