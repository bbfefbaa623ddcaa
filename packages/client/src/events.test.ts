import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { JobEvent } from "@assay/contracts";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { ApiError, ServerUnavailable, UnexpectedAnswer } from "./errors.ts";
import type { EventsOptions } from "./events.ts";
import { answerJson, answerProblem, startPeer } from "./testing/peer.ts";

const jobId = randomUUID();

const event = (seq: number, state: "running" | "completed" = "running"): JobEvent => ({
  seq,
  at: "2030-01-01T00:00:00.000Z",
  body: { type: "state", state, attempt: 1, reason: null },
});

const line = (value: JobEvent): string =>
  `id: ${value.seq}\nevent: state\ndata: ${JSON.stringify(value)}\n\n`;

const begin = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
};

const job = (state: "running" | "completed") => ({
  id: jobId,
  kind: "run",
  state,
  attempt: 1,
  waitingFor: null,
  failure: null,
  correlationId: "c",
  createdAt: "2030-01-01T00:00:00.000Z",
  startedAt: null,
  finishedAt: null,
  result: null,
});

/** Follows the job against scripted connections; returns what arrived, what was sent, and what it threw. */
async function follow(
  connections: readonly ((response: ServerResponse) => void)[],
  options: EventsOptions = {},
  state: "running" | "completed" = "running",
) {
  const resumedFrom: (string | undefined)[] = [];
  const pauses: number[] = [];
  await using peer = await startPeer((request, response) => {
    if (!request.url?.endsWith("/events")) return answerJson(response, 200, job(state));
    const id = request.headers["last-event-id"];
    const connection = connections[resumedFrom.length];
    resumedFrom.push(Array.isArray(id) ? id[0] : id);
    if (connection) connection(response);
    else answerProblem(response, 503, "shutting_down", { retryAfter: "3" });
  });
  await using client = createClient({ baseUrl: peer.url });
  const arrived: number[] = [];
  let thrown: unknown = null;
  try {
    const pause = async (milliseconds: number) => void pauses.push(milliseconds);
    for await (const { seq } of client.events(jobId, { pause, ...options })) arrived.push(seq);
  } catch (error) {
    thrown = error;
  }
  return { arrived, resumedFrom, pauses, thrown };
}

test("events arrive in order until the one that settles, whatever pieces they come in", async () => {
  const text = `: hello\n\n${line(event(1))}${line(event(2, "completed"))}`;
  const { arrived, thrown } = await follow([
    (response) => {
      begin(response);
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
    },
  ]);
  expect(thrown).toBeNull();
  expect(arrived).toEqual([1, 2]);
});

test("a broken connection is resumed after the last event seen, and nothing comes twice", async () => {
  const { arrived, resumedFrom, thrown } = await follow([
    (response) => {
      begin(response);
      response.write(line(event(1)) + line(event(2)) + "id: 3\ndata: {", () => response.destroy());
    },
    (response) => answerProblem(response, 503, "database_unavailable"),
    (response) => {
      begin(response);
      response.end(line(event(2)) + line(event(3)) + line(event(4, "completed")));
    },
  ]);
  expect(thrown).toBeNull();
  expect(arrived).toEqual([1, 2, 3, 4]);
  expect(resumedFrom).toEqual([undefined, "2", "2"]);
});

test("a settled job with nothing more to tell ends the story", async () => {
  const { arrived, thrown, resumedFrom } = await follow(
    [
      (response) => {
        begin(response);
        response.end(": nothing new\n\n");
      },
    ],
    { lastEventId: 9 },
    "completed",
  );
  expect(thrown).toBeNull();
  expect(arrived).toEqual([]);
  expect(resumedFrom).toEqual(["9"]);
});

test("it gives up after so many failures in a row, waits longer each time and as long as it is asked", async () => {
  const { thrown, pauses } = await follow([], { maxFailures: 6 });
  expect(thrown).toBeInstanceOf(ApiError);
  expect(pauses).toEqual([3000, 3000, 3000, 3000, 4000]);
});

test("silence is a broken connection", async () => {
  const { thrown } = await follow([begin], { silenceMs: 30, maxFailures: 1 });
  expect(thrown).toBeInstanceOf(ServerUnavailable);
});

test("a missing job throws at once", async () => {
  const { thrown, resumedFrom } = await follow([(response) => answerProblem(response, 404, "not_found")]);
  expect(thrown).toMatchObject({ code: "not_found" });
  expect(resumedFrom).toHaveLength(1);
});

test.each(["data: {\n\n", 'data: {"seq":0}\n\n'])("garbage in the stream throws: %j", async (text) => {
  const { thrown } = await follow([
    (response) => {
      begin(response);
      response.end(text);
    },
  ]);
  expect(thrown).toBeInstanceOf(UnexpectedAnswer);
});

test("who stops reading closes the connection, who withdraws gets the reason", async () => {
  const closed = Promise.withResolvers<void>();
  await using peer = await startPeer((_, response) => {
    response.once("close", () => closed.resolve());
    begin(response);
    response.write(line(event(1)));
  });
  await using client = createClient({ baseUrl: peer.url });
  for await (const { seq } of client.events(jobId)) {
    expect(seq).toBe(1);
    break;
  }
  await closed.promise;

  const withdrawal = new AbortController();
  const reason = new Error("enough");
  const reading = (async () => {
    for await (const _ of client.events(jobId, { signal: withdrawal.signal })) withdrawal.abort(reason);
  })();
  await expect(reading).rejects.toBe(reason);
});
