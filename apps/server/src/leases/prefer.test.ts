import { LeaseResponse } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TemporaryDatabase } from "@assay/testing";
import { z } from "zod";
import { insertToken } from "../access/tokens.ts";
import { offer, organization, runResult, runner } from "../testing/factories.ts";
import { testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

/*
 * Runners as the server sees them: "ready" has the image of Python, "fetcher" lacks it and would fetch
 * it. Each has two slots. Each test has an organization of its own.
 */

let temporary: TemporaryDatabase;
let server: TestServer;
/** Another server on the same database. */
let second: TestServer;
let bearer: string;
let client: string;
let count = 0;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  const config = { maxAttempts: 3, leaseSeconds: 3600, fetchPatienceSeconds: 3600 };
  server = await testServer(temporary.url, config);
  second = await testServer(temporary.url, config);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const { id, tokens } = await organization(temporary.database, `o${count++}`);
  bearer = (await insertToken(temporary.database, id, "r", "runner")).secret;
  client = tokens.owner;
});

const sql = (text: string, ...values: unknown[]) => temporary.database.query(text, values);
const ready = (name = "ready") => runner(server, { bearer, name });
const fetcher = (name = "fetcher") => runner(server, { bearer, name, fetchable: ["python"] });
const gone = (name = "gone") =>
  runner(server, { bearer, name, languages: [offer("python", false, "damaged")] });

const submit = async (more: object = {}): Promise<string> => {
  const body = { language: "python", source: "print(42)", ...more };
  const { json } = await server.send("POST", "/api/v1/runs", { token: client, body });
  return z.object({ id: z.uuid() }).parse(json).id;
};
const read = async (jobId: string) =>
  (await server.send("GET", `/api/v1/jobs/${jobId}`, { token: client })).json;
const leased = async (
  runnerId: string,
  { at = server, max = 10, waitSeconds = 0, signal = null as AbortSignal | null } = {},
) => {
  const body = { runnerId, max, waitSeconds };
  const sent = { token: bearer, body, ...(signal === null ? {} : { signal }) };
  const { jobs } = LeaseResponse.parse((await at.send("POST", "/api/v1/runner/lease", sent)).json);
  return jobs.map(({ jobId }) => jobId);
};
const settle = async (jobId: string, attempt: number, settlement: object) => {
  const path = `/api/v1/runner/jobs/${jobId}/attempts/${attempt}/settle`;
  const body = { offset: 0, events: [], settlement };
  expect((await server.send("POST", path, { token: bearer, body })).status).toBe(204);
};
const complete = (jobId: string, attempt = 1) =>
  settle(jobId, attempt, { how: "completed", result: runResult() });
const giveBack = (jobId: string, attempt: number) =>
  settle(jobId, attempt, { how: "released", reason: "the image is damaged", lacking: true });
/** As if a runner asked for work all the time, however slow this machine is. */
const keepsAsking = (runnerId: string) =>
  sql("update runners set asked_at = now() + interval '1 hour' where id = $1", runnerId);
/** As if the job had come so long ago. */
const waited = (jobId: string, seconds: number) =>
  sql(
    "update pgboss.job set start_after = start_after - make_interval(secs => $2) where id = $1",
    jobId,
    seconds,
  );

/** Resolves when a runner's open request for work is known in the database, or is known to be gone. */
const untilAsks = async (runnerId: string, expected: boolean): Promise<void> => {
  for (;;) {
    const { rows } = await sql("select asked_at is not null as asks from runners where id = $1", runnerId);
    if (rows[0]?.["asks"] === expected) return;
  }
};

describe("a runner that would have to fetch the image", () => {
  it("leaves a job to one that has it and asks for work, at any server", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    const first = leased(lacks, { waitSeconds: 60 });
    const other = leased(has, { at: second, waitSeconds: 60 });
    await untilAsks(lacks, true);
    await untilAsks(has, true);
    await keepsAsking(has);
    const job = await submit();
    expect(await other).toEqual([job]);
    await sql("update runners set asked_at = null where id = $1", has);
    const next = await submit();
    expect(await first).toEqual([next]);
  });

  it("is named in what a job waits for", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    await keepsAsking(has);
    const job = await submit();
    expect(await leased(lacks)).toEqual([]);
    expect(await read(job)).toMatchObject({
      waitingFor: expect.stringMatching(
        /^Every runner that has its image is busy, or about to take it; another/,
      ),
    });
    await gone("ready");
    expect(await read(job)).toMatchObject({ waitingFor: expect.stringMatching(/^No runner has its image;/) });
    await ready("fetcher");
    expect(await read(job)).toMatchObject({ waitingFor: "Every runner is busy, or about to take it." });
  });

  it("gets a job that has waited, whatever the others seem to be", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    await keepsAsking(has);
    const jobs = [await submit(), await submit(), await submit()];
    const [old = "", older = "", young = ""] = jobs;
    expect(await leased(lacks)).toEqual([]);
    await waited(old, 3601);
    await waited(older, 3602);
    // One at a time, so that a young one does not come along.
    expect(await leased(lacks)).toEqual([old]);
    expect(await leased(lacks)).toEqual([older]);
    expect(await leased(lacks)).toEqual([]);
    expect(await leased(has)).toEqual([young]);
  });

  it("gets one while the others are full, and the rest waits for whoever is free first", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    const jobs = [await submit(), await submit(), await submit(), await submit(), await submit()];
    expect(await leased(has, { max: 2 })).toEqual(jobs.slice(0, 2));
    await keepsAsking(has);
    expect(await leased(lacks)).toEqual([jobs[2]]);
    expect(await leased(lacks)).toEqual([]);
    await complete(jobs[0] ?? "");
    expect(await leased(has, { max: 1 })).toEqual([jobs[3]]);
    // Its fetch is over.
    await ready("fetcher");
    expect(await leased(lacks)).toEqual([jobs[4]]);
  });

  it("gets one when the others stopped to ask: they drain, or are gone", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    await keepsAsking(has);
    const job = await submit();
    expect(await leased(lacks)).toEqual([]);
    await sql("update runners set asked_at = now() - interval '6 seconds' where id = $1", has);
    // A beat is no question for work.
    const body = { runnerId: has, attempts: [] };
    await server.send("POST", "/api/v1/runner/beat", { token: bearer, body });
    expect(await leased(lacks)).toEqual([job]);
  });

  it("gets one at once when the other has hung up, at any server", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    const hangingUp = new AbortController();
    const open = leased(has, { at: second, waitSeconds: 60, signal: hangingUp.signal }).catch(() => "left");
    await untilAsks(has, true);
    hangingUp.abort();
    expect(await open).toBe("left");
    await untilAsks(has, false);
    const job = await submit();
    expect(await leased(lacks)).toEqual([job]);
  });

  it("takes all that there is when nobody else is alive who has it", async () => {
    const [dead, lacks, other] = [await ready("dead"), await fetcher(), await fetcher("other")];
    const jobs = [await submit(), await submit(), await submit()];
    await sql("update runners set last_seen_at = now() - interval '2 hours' where id = $1", dead);
    await gone();
    expect(await leased(other, { max: 1 })).toEqual([jobs[0]]);
    expect(await leased(lacks)).toEqual(jobs.slice(1));
  });

  it("does not matter for languages whose images it has, nor for the isolation of others", async () => {
    const has = await runner(server, {
      bearer,
      name: "boxes",
      languages: [offer("python", true, null, ["namespaces+cgroup+seccomp"])],
    });
    const lacks = await runner(server, {
      bearer,
      name: "kernels",
      languages: [offer("python", true, null, ["gvisor"]), offer("c")],
      fetchable: ["python"],
    });
    await keepsAsking(has);
    const c = await submit({ language: "c", source: "int main(){}" });
    const strong = await submit({ requires: { isolation: "gvisor" } });
    const plain = await submit();
    expect(await leased(lacks)).toEqual([c, strong]);
    expect(await leased(has)).toEqual([plain]);
  });
});

describe("a job that runners give back because they lack its image", () => {
  it("uses up no attempt while a healthy one is there, and is not given to them again", async () => {
    const broken = [await ready("a"), await ready("b"), await ready("c")];
    const healthy = await ready("healthy");
    const [job, next] = [await submit(), await submit()];
    for (const [index, id] of broken.entries()) {
      expect(await leased(id, { max: 1 })).toEqual([job]);
      await giveBack(job, index + 1);
    }
    expect(await read(job)).toMatchObject({
      state: "queued",
      waitingFor: expect.stringMatching(
        /^A runner gave it back \(the image is damaged\); it waits for another/,
      ),
    });
    // The others go on with what they can.
    expect(await leased(broken[0] ?? "")).toEqual([next]);
    expect(await leased(broken[1] ?? "", { at: second })).toEqual([]);
    expect(await leased(healthy)).toEqual([job]);
    await complete(job, 4);
    expect(await read(job)).toMatchObject({ state: "completed", attempt: 4 });
  });

  it("goes at once to who can fetch it, though others seem to have it and to be free", async () => {
    const [has, lacks] = [await ready(), await fetcher()];
    const job = await submit();
    expect(await leased(has)).toEqual([job]);
    await giveBack(job, 1);
    await keepsAsking(has);
    expect(await leased(has)).toEqual([]);
    expect(await leased(lacks)).toEqual([job]);
  });

  it("fails with the reason when nobody has it", async () => {
    const only = await ready();
    const job = await submit();
    for (const attempt of [1, 2, 3]) {
      expect(await leased(only)).toEqual([job]);
      await giveBack(job, attempt);
    }
    const { json } = await server.send("GET", `/api/v1/jobs/${job}?wait=30`, { token: client });
    expect(json).toMatchObject({
      state: "failed",
      failure: { code: "attempts_exhausted", message: expect.stringContaining("the image is damaged") },
    });
  });
});
