import { JobEvent, LeaseResponse } from "@assay/contracts";
import { temporaryDatabase, untilTrue } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { judgeResult, problem, runResult, runner } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { leaseSeconds: 3600 });
  runnerId = await runner(server);
  await problem(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const Id = z.object({ id: z.uuid() });
const newRun = async (from = server): Promise<string> => {
  const body = { language: "python", source: "print(42)" };
  return Id.parse((await from.send("POST", "/api/v1/runs", { token: server.owner, body })).json).id;
};
const call = (path: string, body: unknown, to = server) =>
  to.send("POST", `/api/v1/runner/${path}`, { token: server.runner, body });
const lease = async () =>
  LeaseResponse.parse((await call("lease", { runnerId, max: 10, waitSeconds: 30 })).json).jobs;
const tell = (jobId: string, offset: number, texts: readonly string[], to = server) =>
  call(
    `jobs/${jobId}/attempts/1/events`,
    { offset, events: texts.map((text) => ({ type: "output", stream: "stdout", text })) },
    to,
  );
const settle = (jobId: string, result: unknown, to = server) =>
  call(
    `jobs/${jobId}/attempts/1/settle`,
    { offset: 0, events: [], settlement: { how: "completed", result } },
    to,
  );

/** A connection to a job's story, read event by event. */
async function* story(jobId: string, headers: Record<string, string> = {}, query = "", from = server) {
  const url = `${from.running.url}/api/v1/jobs/${jobId}/events${query}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${server.owner}`, ...headers } });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks.filter((block) => !block.startsWith(":"))) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      const event = JobEvent.parse(JSON.parse(fields["data"] ?? ""));
      expect(fields).toMatchObject({ id: String(event.seq), event: event.body.type });
      yield event;
    }
  }
}
const nameOf = ({ body }: JobEvent): string =>
  body.type === "state" ? body.state : body.type === "output" ? body.text : body.type;

describe("?wait", () => {
  it("holds a submission until it is judged", async () => {
    const body = { problem: "sum", language: "python", source: "print(3)" };
    const submitted = server.send("POST", "/api/v1/submissions?wait=30", { token: server.owner, body });
    const [job] = await lease();
    expect(job?.payload).toMatchObject({ kind: "judge", mode: "first_failure" });
    await settle(job?.jobId ?? "", judgeResult());
    expect(await submitted).toMatchObject({
      status: 201,
      json: {
        problem: { shortName: "sum" },
        job: { id: job?.jobId, state: "completed", result: { verdict: "AC" }, waitingFor: null },
      },
    });
  });

  it("holds a run, and reading it, until it is done", async () => {
    const jobId = await newRun();
    const readers = ["runs", "jobs"].map((kind) =>
      server.send("GET", `/api/v1/${kind}/${jobId}?wait=30`, { token: server.owner }),
    );
    await lease();
    await settle(jobId, runResult("hi"));
    for (const { json } of await Promise.all(readers))
      expect(json).toMatchObject({ state: "completed", result: { stdout: { text: "hi" } } });
  });

  it("answers what there is when the time is over", async () => {
    const jobId = await newRun();
    const { status, json } = await server.send("GET", `/api/v1/runs/${jobId}?wait=0.05`, {
      token: server.owner,
    });
    expect({ status, json }).toMatchObject({ status: 200, json: { state: "queued", language: "python" } });
    await server.send("POST", `/api/v1/jobs/${jobId}/cancel`, { token: server.owner });
  });
});

describe("events", () => {
  it("come live, and end with the one that settles the job", async () => {
    const jobId = await newRun();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of story(jobId)) seen.push(nameOf(event));
    })();
    await untilTrue(() => seen.length === 1, "the queued event arrives");
    await lease();
    await tell(jobId, 0, ["a", "b\nc"]);
    await untilTrue(() => seen.length === 5, "the output arrives before the end");
    await settle(jobId, runResult());
    await reading;
    expect(seen).toEqual(["queued", "leased", "running", "a", "b\nc", "completed"]);
  });

  it("resume after Last-Event-ID, or ?lastEventId", async () => {
    const jobId = await newRun();
    await lease();
    const texts = Array.from({ length: 250 }, (_, index) => `line ${index}`);
    await tell(jobId, 0, texts);
    await settle(jobId, runResult());
    const all = await Array.fromAsync(story(jobId), nameOf);
    expect(all).toEqual(["queued", "leased", "running", ...texts, "completed"]);
    expect(await Array.fromAsync(story(jobId, { "last-event-id": "252" }), nameOf)).toEqual(all.slice(252));
    expect(await Array.fromAsync(story(jobId, {}, "?lastEventId=252"), nameOf)).toEqual(all.slice(252));
    expect(await Array.fromAsync(story(jobId, { "last-event-id": "254" }), nameOf)).toEqual([]);
    expect(await Array.fromAsync(story(jobId, { "last-event-id": "99999" }), nameOf)).toEqual([]);
  });

  it("refuse a Last-Event-ID that is no number", async () => {
    const path = `/api/v1/jobs/${await newRun()}/events`;
    for (const id of ["x", "-1", "1e9", "1; drop"]) {
      const received = await server.send("GET", path, {
        token: server.owner,
        headers: { "last-event-id": id },
      });
      expect(problemOf(received).code).toBe("invalid_request");
    }
    for (const job of await lease()) await settle(job.jobId, runResult());
  });

  it("reach readers at another server", async () => {
    await using other = await testServer(temporary.url);
    const jobId = await newRun();
    const reading = Array.fromAsync(story(jobId, {}, "", other), nameOf);
    const waiting = other.send("GET", `/api/v1/jobs/${jobId}?wait=30`, { token: server.owner });
    await lease();
    await settle(jobId, runResult());
    expect(await reading).toEqual(["queued", "leased", "completed"]);
    expect((await waiting).json).toMatchObject({ state: "completed" });
  });
});

describe("lists", () => {
  it("page through everything, newest first, once each", async () => {
    const ids = [await newRun(), await newRun(), await newRun(), await newRun(), await newRun()];
    const found: string[] = [];
    let cursor = "";
    do {
      const { json } = await server.send("GET", `/api/v1/jobs?limit=2${cursor}`, { token: server.owner });
      const page = z.object({ items: z.array(Id), nextCursor: z.string().nullable() }).parse(json);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? "" : `&cursor=${page.nextCursor}`;
    } while (cursor !== "");
    expect(found.slice(0, 5)).toEqual(ids.toReversed());
    expect(new Set(found).size).toBe(found.length);
    const { rows } = await temporary.database.query("select count(*) from jobs");
    expect(found.length).toBe(rows[0]?.["count"]);
  });

  it("leave out results that are too large for a list", async () => {
    const [jobId] = [await newRun()];
    await lease().then((jobs) =>
      Promise.all(jobs.map((job) => settle(job.jobId, runResult("x".repeat(100_000))))),
    );
    const { json } = await server.send("GET", "/api/v1/jobs?limit=1", { token: server.owner });
    expect(json).toMatchObject({ items: [{ id: jobId, state: "completed", result: null }] });
    const one = await server.send("GET", `/api/v1/jobs/${jobId}`, { token: server.owner });
    expect(one.json).toMatchObject({ result: { kind: "run" } });
  });
});
