import { Page, Submission } from "@assay/contracts";
import type { TestResult } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packed, problem, runner, sumFiles, token, upload } from "../../testing/factories.ts";
import { completed, judgeAll, lease, settle, submit } from "../../testing/judging.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let learner: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { leaseSeconds: 3600 });
  runnerId = await runner(server);
  await problem(server);
  await problem(server, server.owner, "other");
  learner = (await token(server, "learner")).secret;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const list = async (query: string, bearer = server.owner): Promise<string[]> => {
  const received = await server.send("GET", `/api/v1/submissions?${query}`, { token: bearer });
  return Page(Submission)
    .parse(received.json)
    .items.map(({ id }) => id)
    .toReversed();
};

describe("the list of submissions", () => {
  it("is filtered by problem, version, set, language, verdict and time, for each within its own", async () => {
    const set = { name: "cup", title: "Cup", problems: [{ problem: "sum" }] };
    await server.send("POST", "/api/v1/problem-sets", { token: server.owner, body: set });
    const a = await submit(server, learner, "AC");
    const b = await submit(server, server.owner, "WA", { problem: "other" });
    const c = await submit(server, learner, "WA", { problemSet: "cup" });
    await judgeAll(server, runnerId);
    const files = { ...sumFiles, "data/secret/1.ans": "43\n" };
    await upload(server, server.owner, await packed("sum", files));
    const d = await submit(server, server.owner, "AC");

    expect(await list("problem=sum")).toEqual([a.id, c.id, d.id]);
    expect(await list(`problem=${a.problem.id}`)).toEqual([a.id, c.id]);
    expect(await list("problemSet=cup")).toEqual([c.id]);
    expect(await list("language=python&verdict=WA")).toEqual([b.id, c.id]);
    expect(await list("language=c")).toEqual([]);
    expect(await list("language=py%40%3E%3D3.10&verdict=WA")).toEqual([b.id, c.id]);
    for (const none of ["python%402", "klingon", "%00"]) expect(await list(`language=${none}`)).toEqual([]);
    expect(await list(`since=${b.createdAt}&until=${d.createdAt}`)).toEqual([b.id, c.id]);
    expect(await list("verdict=WA", learner)).toEqual([c.id]);
    expect(await list("problem=other", learner)).toEqual([]);
    for (const [query, code] of [
      ["problem=nope", "unknown_problem"],
      ["problem=%00", "unknown_problem"],
      ["problemSet=nope", "unknown_problem_set"],
      ["verdict=OK", "invalid_request"],
      ["since=today", "invalid_request"],
    ] as const)
      expect(
        problemOf(await server.send("GET", `/api/v1/submissions?${query}`, { token: learner })).code,
      ).toBe(code);
    await judgeAll(server, runnerId);
  });

  it("tells verdict and score also where it leaves a large result out", async () => {
    const { id } = await submit(server, learner, "AC");
    const [job] = await lease(server, runnerId);
    if (job === undefined) throw new Error("a job was to be leased");
    const evidence = { text: "x".repeat(100_000), outcome: null, limits: null };
    await settle(server, job, completed({ verdict: "WA", score: 12.5, maxScore: 100, evidence }));
    const { json } = await server.send("GET", "/api/v1/submissions?limit=1", { token: learner });
    expect(json).toMatchObject({ items: [{ id, job: { verdict: "WA", score: 12.5, result: null } }] });
    const one = await server.send("GET", `/api/v1/submissions/${id}`, { token: learner });
    expect(one.json).toMatchObject({
      job: { verdict: "WA", score: 12.5, result: { maxScore: 100, evidence } },
    });
  });
});

describe("what a validator says to the author", () => {
  it("is for those who may see the answers, whichever way a learner asks", async () => {
    const submission = await submit(server, learner, "AC");
    const [job] = await lease(server, runnerId);
    if (job === undefined) throw new Error("a job was to be leased");
    const result: TestResult = {
      name: "secret/1",
      verdict: "WA",
      fault: "submitter",
      cpuMs: 1,
      wallMs: 1,
      memoryBytes: 1,
      evidence: { text: "no", outcome: null, limits: null },
      score: null,
      maxScore: null,
      timeCause: null,
      passes: 1,
      sameAs: null,
      teamMessage: "line 1 differs",
      judgeMessage: "the answer is 42",
      diagnostics: [],
      timing: null,
    };
    const event = { type: "test", result, done: 1, total: 2 };
    const told = await server.send("POST", `/api/v1/runner/jobs/${job.jobId}/attempts/1/events`, {
      token: server.runner,
      body: { offset: 0, events: [event] },
    });
    expect(told.status).toBe(200);
    const settlement = completed({ verdict: "WA", tests: [result] });
    const body = { offset: 1, events: [], settlement };
    const ended = await server.send("POST", `/api/v1/runner/jobs/${job.jobId}/attempts/1/settle`, {
      token: server.runner,
      body,
    });
    expect(ended.status).toBe(204);
    const ask = async (path: string, bearer: string): Promise<string> =>
      (
        await fetch(`${server.running.url}/api/v1/${path}`, {
          headers: { authorization: `Bearer ${bearer}` },
        })
      ).text();
    for (const path of [
      `submissions/${submission.id}`,
      "submissions",
      `jobs/${job.jobId}`,
      "jobs",
      `jobs/${job.jobId}/events`,
    ]) {
      const [forLearner, forTeacher] = [await ask(path, learner), await ask(path, server.owner)];
      expect(forLearner).toContain("line 1 differs");
      expect(forLearner).not.toContain("the answer is 42");
      expect(forTeacher).toContain("the answer is 42");
    }
  });
});
