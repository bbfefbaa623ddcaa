import { JobEventBody, LeaseResponse } from "@assay/contracts";
import type { LeasedJob } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { judgeResult, offer, problem, runResult, runner, token } from "../testing/factories.ts";
import { problemOf, testServer } from "../testing/test-server.ts";
import type { Received, TestServer } from "../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { maxAttempts: 2, leaseSeconds: 3600 });
  runnerId = await runner(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const newRun = async (): Promise<string> => {
  const body = { language: "python", source: "print(42)" };
  const { json } = await server.send("POST", "/api/v1/runs", { token: server.owner, body });
  return z.object({ id: z.uuid() }).parse(json).id;
};
const call = (path: string, body: unknown): Promise<Received> =>
  server.send("POST", `/api/v1/runner/${path}`, { token: server.runner, body });
const lease = async (max = 10, waitSeconds = 0): Promise<LeasedJob[]> =>
  LeaseResponse.parse((await call("lease", { runnerId, max, waitSeconds })).json).jobs;
const leaseOne = async (jobId: string): Promise<number> => {
  const [job, ...others] = await lease();
  expect(others).toEqual([]);
  expect(job?.jobId).toBe(jobId);
  return job?.attempt ?? 0;
};
const beat = async (attempts: readonly { jobId: string; attempt: number }[]) =>
  (await call("beat", { runnerId, attempts })).json;
const output = (text: string) => ({ type: "output", stream: "stdout", text });
const tell = (jobId: string, attempt: number, offset: number, ...texts: string[]) =>
  call(`jobs/${jobId}/attempts/${attempt}/events`, { offset, events: texts.map(output) });
const settle = (jobId: string, attempt: number, settlement: unknown, told: object = {}) =>
  call(`jobs/${jobId}/attempts/${attempt}/settle`, { offset: 0, events: [], settlement, ...told });
const completed = (result: unknown = runResult()) => ({ how: "completed", result });
const read = async (jobId: string) =>
  (await server.send("GET", `/api/v1/jobs/${jobId}`, { token: server.owner })).json;

const Row = z.object({ seq: z.int(), body: JobEventBody });

/** The story in short: states as words, output as its text. */
const story = async (jobId: string): Promise<string[]> => {
  const { rows } = await temporary.database.query(
    "select seq, body from job_events where job_id = $1 order by seq",
    [jobId],
  );
  const events = rows.map((row) => Row.parse(row));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ body }) =>
    body.type === "state" ? `${body.state} ${body.attempt}` : body.type === "output" ? body.text : body.type,
  );
};

/** Makes every lease look as if its runner fell silent long ago; maintenance finds it in its next round. */
const silence = (jobId: string) =>
  temporary.database.query("update pgboss.job set heartbeat_on = now() - interval '1 day' where id = $1", [
    jobId,
  ]);
/** Holds the lease request open until maintenance has given the job back. */
const leaseAgain = async (jobId: string): Promise<number> => {
  for (let round = 0; round < 20; round++) {
    const jobs = await lease(10, 1);
    const found = jobs.find((job) => job.jobId === jobId);
    if (found !== undefined) return found.attempt;
  }
  throw new Error("the job was not leased again");
};

describe("a lease", () => {
  it("carries payload, fence and correlation id, and is told as an event", async () => {
    const jobId = await newRun();
    const [job] = await lease();
    expect(job).toMatchObject({
      jobId,
      attempt: 1,
      payload: { kind: "run", language: "python", files: [{ path: "main.py", content: "print(42)" }] },
    });
    expect(await read(jobId)).toMatchObject({
      state: "leased",
      attempt: 1,
      correlationId: job?.correlationId,
    });
    expect((await settle(jobId, 1, completed())).status).toBe(204);
    expect(await story(jobId)).toEqual(["queued 0", "leased 1", "completed 1"]);
  });

  it("waits for work and gets it as it comes", async () => {
    const waiting = lease(10, 30);
    const jobId = await newRun();
    expect((await waiting).map((job) => job.jobId)).toEqual([jobId]);
    await settle(jobId, 1, completed());
  });

  it("takes only languages that this runner can run", async () => {
    const other = await runner(server, {
      name: "no python",
      languages: [offer("python", false, "x"), offer("c")],
    });
    const jobId = await newRun();
    expect((await call("lease", { runnerId: other, max: 10, waitSeconds: 0 })).json).toEqual({ jobs: [] });
    expect(await leaseOne(jobId)).toBe(1);
    await settle(jobId, 1, completed());
  });

  it("is not lost to a runner that hung up", async () => {
    const gone = new AbortController();
    const waiting = server
      .send("POST", "/api/v1/runner/lease", {
        token: server.runner,
        body: { runnerId, max: 1, waitSeconds: 30 },
        signal: gone.signal,
      })
      .catch((error: unknown) => error);
    gone.abort();
    await waiting;
    const jobId = await newRun();
    const attempt = await leaseAgain(jobId);
    expect((await settle(jobId, attempt, completed())).status).toBe(204);
  });
});

describe("settle", () => {
  it("stores what programs print, NUL and lone surrogates included", async () => {
    const jobId = await newRun();
    await lease();
    const text = "\0 \u001a \ud800 \\u0000 \u{1f600}";
    expect((await tell(jobId, 1, 0, text)).status).toBe(200);
    expect(
      (await settle(jobId, 1, completed(runResult(text)), { offset: 1, events: [output(text)] })).status,
    ).toBe(204);
    expect(await read(jobId)).toMatchObject({ state: "completed", result: { stdout: { text } } });
    expect(await story(jobId)).toEqual(["queued 0", "leased 1", "running 1", text, text, "completed 1"]);
  });

  it("twice is once", async () => {
    const jobId = await newRun();
    await lease();
    const told = { offset: 0, events: [output("a")] };
    const answers = await Promise.all([1, 2, 3].map(() => settle(jobId, 1, completed(), told)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await story(jobId)).toEqual(["queued 0", "leased 1", "a", "completed 1"]);
    expect(problemOf(await settle(jobId, 1, { how: "failed", code: "x", message: "y" })).code).toBe(
      "fence_refused",
    );
  });

  it("takes a failure of the platform with its reason", async () => {
    const jobId = await newRun();
    await lease();
    const message = "the image is damaged: \0";
    expect((await settle(jobId, 1, { how: "failed", code: "image_damaged", message })).status).toBe(204);
    expect(await read(jobId)).toMatchObject({ state: "failed", failure: { code: "image_damaged", message } });
  });

  it("refuses a result of another kind, and states that only the server may write", async () => {
    const jobId = await newRun();
    await lease();
    expect(problemOf(await settle(jobId, 1, completed(judgeResult()))).code).toBe("invalid_request");
    const state = { type: "state", state: "completed", attempt: 1, reason: null };
    const forged = await call(`jobs/${jobId}/attempts/1/events`, { offset: 0, events: [state] });
    expect(problemOf(forged).code).toBe("invalid_request");
    expect(problemOf(await settle(jobId, 1, { how: "cancelled" })).code).toBe("conflict");
    expect((await settle(jobId, 1, completed())).status).toBe(204);
  });
});

describe("events", () => {
  it("come in order, and a repetition adds nothing", async () => {
    const jobId = await newRun();
    await lease();
    expect((await tell(jobId, 1, 0, "a", "b")).status).toBe(200);
    expect((await tell(jobId, 1, 0, "a", "b")).status).toBe(200);
    expect((await tell(jobId, 1, 1, "b", "c")).status).toBe(200);
    expect(problemOf(await tell(jobId, 1, 5, "f")).code).toBe("conflict");
    const late = { offset: 2, events: [output("c"), output("d")] };
    expect((await settle(jobId, 1, completed(), late)).status).toBe(204);
    expect(await story(jobId)).toEqual([
      "queued 0",
      "leased 1",
      "running 1",
      "a",
      "b",
      "c",
      "d",
      "completed 1",
    ]);
  });

  it("sent twice at once are stored once", async () => {
    const jobId = await newRun();
    await lease();
    const sent = Promise.all([
      tell(jobId, 1, 0, "a", "b"),
      tell(jobId, 1, 0, "a", "b"),
      beat([{ jobId, attempt: 1 }]),
      tell(jobId, 1, 0, "a", "b"),
    ]);
    await sent;
    await settle(jobId, 1, completed(), { offset: 2, events: [] });
    expect(await story(jobId)).toEqual(["queued 0", "leased 1", "running 1", "a", "b", "completed 1"]);
  });
});

describe("the fence", () => {
  it("refuses the old runner after the lease ran out, and lets the new one settle", async () => {
    const jobId = await newRun();
    await leaseOne(jobId);
    await tell(jobId, 1, 0, "old");
    await silence(jobId);
    expect(await leaseAgain(jobId)).toBe(2);

    expect(problemOf(await tell(jobId, 1, 1, "late")).code).toBe("fence_refused");
    expect(problemOf(await settle(jobId, 1, completed(runResult("late")))).code).toBe("fence_refused");
    expect(problemOf(await settle(jobId, 3, completed(runResult("early")))).code).toBe("fence_refused");
    expect(await beat([{ jobId, attempt: 1 }])).toEqual({ refused: [{ jobId, attempt: 1 }], cancelled: [] });
    expect(await beat([{ jobId, attempt: 2 }])).toEqual({ refused: [], cancelled: [] });

    expect(
      (await settle(jobId, 2, completed(runResult("new")), { offset: 0, events: [output("new")] })).status,
    ).toBe(204);
    expect(await read(jobId)).toMatchObject({
      state: "completed",
      attempt: 2,
      result: { stdout: { text: "new" } },
    });
    expect(await story(jobId)).toEqual([
      "queued 0",
      "leased 1",
      "running 1",
      "old",
      "leased 2",
      "running 2",
      "new",
      "completed 2",
    ]);
  });

  it("gives a released job out again, and gives up when its attempts are used up", async () => {
    const jobId = await newRun();
    const reason = "sandboxd is gone\0";
    expect(await leaseOne(jobId)).toBe(1);
    expect((await settle(jobId, 1, { how: "released", reason })).status).toBe(204);
    expect((await settle(jobId, 1, { how: "released", reason })).status).toBe(204);
    expect(await read(jobId)).toMatchObject({ state: "queued" });
    expect(await leaseOne(jobId)).toBe(2);
    expect((await settle(jobId, 2, { how: "released", reason })).status).toBe(204);

    const path = `/api/v1/jobs/${jobId}?wait=30`;
    const settled = (await server.send("GET", path, { token: server.owner })).json;
    expect(settled).toMatchObject({ state: "failed", failure: { code: "attempts_exhausted" } });
    expect(JSON.stringify(settled)).toContain("sandboxd is gone");
    expect((await story(jobId)).at(-1)).toBe("failed 2");
  });
});

const cancel = (jobId: string) =>
  server.send("POST", `/api/v1/jobs/${jobId}/cancel`, { token: server.owner });

describe("cancel", () => {
  it("takes a queued job out at once, and never twice", async () => {
    const jobId = await newRun();
    const received = await cancel(jobId);
    expect(received).toMatchObject({
      status: 202,
      json: { state: "cancelled", finishedAt: expect.any(String) },
    });
    expect(problemOf(await cancel(jobId)).code).toBe("conflict");
    expect(await lease()).toEqual([]);
    expect(await story(jobId)).toEqual(["queued 0", "cancelled 0"]);
  });

  it("reaches the runner with its next beat", async () => {
    const jobId = await newRun();
    await leaseOne(jobId);
    expect((await cancel(jobId)).json).toMatchObject({ state: "leased" });
    const attempt = { jobId, attempt: 1 };
    expect(await beat([attempt])).toEqual({ refused: [], cancelled: [attempt] });
    expect((await settle(jobId, 1, { how: "cancelled" })).status).toBe(204);
    expect((await settle(jobId, 1, { how: "cancelled" })).status).toBe(204);
    expect(await read(jobId)).toMatchObject({ state: "cancelled" });
  });

  it("is kept when the runner dies before it hears of it", async () => {
    const jobId = await newRun();
    await leaseOne(jobId);
    await cancel(jobId);
    expect((await settle(jobId, 1, { how: "released", reason: "draining" })).status).toBe(204);
    expect(await lease()).toEqual([]);
    expect(await read(jobId)).toMatchObject({ state: "cancelled" });
  });

  it("comes too late for a finished result", async () => {
    const jobId = await newRun();
    await leaseOne(jobId);
    await cancel(jobId);
    expect((await settle(jobId, 1, completed())).status).toBe(204);
    expect(await read(jobId)).toMatchObject({ state: "completed" });
  });
});

describe("blobs of an attempt", () => {
  it("are the package's own and no others, while the attempt owns the job", async () => {
    const { packageDigest } = await problem(server);
    const other = (await token(server, "learner")).secret;
    const body = { problem: "sum", language: "python", source: "print(3)" };
    await server.send("POST", "/api/v1/submissions", { token: other, body });
    // The upload has started a verification as well.
    const job = (await lease()).find(({ payload }) => payload.kind === "judge");
    const jobId = job?.jobId ?? "";
    const get = (digest: string, attempt = 1) =>
      server.send("GET", `/api/v1/runner/jobs/${jobId}/attempts/${attempt}/blobs/${digest}`, {
        token: server.runner,
      });
    const manifest = await get(packageDigest);
    expect(manifest.status).toBe(200);
    const { files } = z
      .object({ files: z.array(z.object({ path: z.string(), sha256: z.string() })) })
      .parse(manifest.json);
    const answer = files.find(({ path }) => path === "data/secret/1.ans")?.sha256 ?? "";
    expect((await get(answer)).json).toBe(42);

    const { rows } = await temporary.database.query("select digest from blobs where digest <> $1", [
      packageDigest,
    ]);
    expect(rows.length).toBe(new Set(files.map(({ sha256 }) => sha256)).size);
    expect(problemOf(await get("f".repeat(64))).code).toBe("not_found");
    expect(problemOf(await get(answer, 2)).code).toBe("fence_refused");
    expect(problemOf(await get("../../etc/passwd")).status).toBe(404);
    await settle(jobId, 1, completed(judgeResult()));
    expect(problemOf(await get(answer)).code).toBe("fence_refused");
  });
});
