import { TokenRole, routes } from "@assay/contracts";
import type { Permission, Route } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { organization, problem, runResult, runner, token } from "../testing/factories.ts";
import { problemOf, testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

const Id = z.object({ id: z.uuid() });
const zero = "018f0000-0000-7000-8000-000000000000";

let temporary: TemporaryDatabase;
let server: TestServer;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const idOf = (json: unknown): string => Id.parse(json).id;
const newRun = async (bearer: string): Promise<string> =>
  idOf(
    (await server.send("POST", "/api/v1/runs", { token: bearer, body: { language: "python", source: "1" } }))
      .json,
  );
const all: readonly Route[] = Object.values(routes);

/** Who may do what, written down a second time: the policy must not change by accident. */
const mayDo: Record<Exclude<Permission, "public">, string> = {
  "problems:read": "owner maintainer teacher learner",
  "problems:write": "owner maintainer teacher",
  "submissions:create": "owner maintainer teacher learner",
  "runs:create": "owner maintainer teacher learner",
  "jobs:read": "owner maintainer teacher learner",
  "jobs:cancel": "owner maintainer teacher learner",
  "problem-sets:read": "owner maintainer teacher learner",
  "problem-sets:write": "owner maintainer teacher",
  "rejudgings:manage": "owner maintainer teacher",
  "images:read": "owner maintainer teacher",
  "images:write": "owner maintainer",
  "languages:read": "owner maintainer teacher learner",
  "runners:read": "owner maintainer teacher",
  "tokens:manage": "owner",
  runner: "runner",
};

describe("policy", () => {
  it.each(all.filter(({ permission }) => permission !== "public").map((route) => [route.id, route] as const))(
    "%s takes only the roles that may",
    async (_id, route) => {
      const path = route.path
        .replace(":digest", "0".repeat(64))
        .replace(":blob", "0".repeat(64))
        .replace(":attempt", "1")
        .replace(":id", zero);
      const type = route.bodyKind === "bytes" ? "application/zip" : "application/json";
      const roles: string[] = [];
      for (const role of TokenRole.options) {
        const { secret } = await token(server, role);
        const received = await server.send(route.method, path, {
          token: secret,
          ...(route.bodyKind === "none" ? {} : { body: "{", headers: { "content-type": type } }),
        });
        if (received.status !== 403 || problemOf(received).code !== "forbidden") roles.push(role);
      }
      expect(roles.join(" ")).toBe(mayDo[route.permission === "public" ? "runner" : route.permission]);
      expect(problemOf(await server.send(route.method, path)).code).toBe("unauthenticated");
    },
  );

  it("lets only health and readiness be asked without a token", () => {
    expect(all.filter(({ permission }) => permission === "public").map(({ id }) => id)).toEqual([
      "health",
      "ready",
    ]);
  });
});

describe("a learner", () => {
  it("does not choose the image of a run, which a program in it could read", async () => {
    const body = { language: "python", source: "1", image: "python" };
    const { secret } = await token(server, "learner");
    const refused = await server.send("POST", "/api/v1/runs", { token: secret, body });
    expect([refused.status, problemOf(refused).code]).toEqual([403, "forbidden"]);
    const teacher = (await token(server, "teacher")).secret;
    expect((await server.send("POST", "/api/v1/runs", { token: teacher, body })).status).toBeLessThan(300);
  });

  it("sees and cancels only the jobs of its own token", async () => {
    const mine = (await token(server, "learner")).secret;
    const yours = (await token(server, "learner")).secret;
    await problem(server);
    const body = { problem: "sum", language: "python", source: "1" };
    const submission = idOf((await server.send("POST", "/api/v1/submissions", { token: mine, body })).json);
    const job = await newRun(mine);

    for (const [method, path] of [
      ["GET", `/api/v1/jobs/${job}`],
      ["GET", `/api/v1/runs/${job}`],
      ["GET", `/api/v1/jobs/${job}/events`],
      ["POST", `/api/v1/jobs/${job}/cancel`],
      ["GET", `/api/v1/submissions/${submission}`],
    ] as const)
      expect(problemOf(await server.send(method, path, { token: yours })).code).toBe("not_found");
    expect((await server.send("GET", "/api/v1/jobs", { token: yours })).json).toMatchObject({ items: [] });
    expect((await server.send("GET", "/api/v1/submissions", { token: yours })).json).toMatchObject({
      items: [],
    });

    expect((await server.send("GET", "/api/v1/jobs", { token: mine })).json).toMatchObject({
      items: [{}, {}],
    });
    expect((await server.send("GET", `/api/v1/jobs/${job}`, { token: server.owner })).status).toBe(200);
    expect((await server.send("POST", `/api/v1/jobs/${job}/cancel`, { token: mine })).json).toMatchObject({
      state: "cancelled",
    });
  });
});

describe("another organization", () => {
  it("finds nothing of this one, whatever the route", async () => {
    const foreign = await organization(temporary.database, "foreign");
    const { id: problemId } = await problem(server);
    const body = { problem: "sum", language: "python", source: "1" };
    const submission = idOf(
      (await server.send("POST", "/api/v1/submissions", { token: server.owner, body })).json,
    );
    const job = await newRun(server.owner);
    const { id: tokenId } = await token(server, "learner");
    const post = async (path: string, content: object) =>
      idOf((await server.send("POST", `/api/v1/${path}`, { token: server.owner, body: content })).json);
    const set = { name: "cup", title: "Cup", problems: [] };
    const problemSet = await post("problem-sets", set);
    const reason = { reason: "why" };
    const selection = { submissions: [submission] };
    const plan = `/api/v1/rejudgings/${await post("rejudgings", { ...reason, selection })}`;
    const settlement = { how: "completed", result: runResult() };
    const event = { type: "output", stream: "stdout", text: "x" };

    const attempts: Record<string, { path: string; body?: unknown }> = {
      getProblem: { path: `/api/v1/problems/${problemId}` },
      listStatements: { path: `/api/v1/problems/${problemId}/statements` },
      readStatement: { path: `/api/v1/problems/${problemId}/statements/en` },
      readProblemFile: { path: `/api/v1/problems/${problemId}/files/image.png` },
      getSubmission: { path: `/api/v1/submissions/${submission}` },
      getRun: { path: `/api/v1/runs/${job}` },
      getJob: { path: `/api/v1/jobs/${job}` },
      jobEvents: { path: `/api/v1/jobs/${job}/events` },
      cancelJob: { path: `/api/v1/jobs/${job}/cancel` },
      submissionJudgings: { path: `/api/v1/submissions/${submission}/judgings` },
      getProblemSet: { path: `/api/v1/problem-sets/${problemSet}` },
      replaceProblemSet: { path: `/api/v1/problem-sets/${problemSet}`, body: set },
      deleteProblemSet: { path: `/api/v1/problem-sets/${problemSet}` },
      getRejudging: { path: plan },
      previewRejudging: { path: `${plan}/preview` },
      listRejudgingItems: { path: `${plan}/items` },
      applyRejudging: { path: `${plan}/apply`, body: reason },
      discardRejudging: { path: `${plan}/discard`, body: reason },
      rollBackRejudging: { path: `${plan}/roll-back`, body: reason },
      rejudgingAudit: { path: `${plan}/audit` },
      revokeToken: { path: `/api/v1/tokens/${tokenId}` },
      appendEvents: {
        path: `/api/v1/runner/jobs/${job}/attempts/1/events`,
        body: { offset: 0, events: [event] },
      },
      settle: {
        path: `/api/v1/runner/jobs/${job}/attempts/1/settle`,
        body: { offset: 0, events: [], settlement },
      },
      readAttemptInput: { path: `/api/v1/runner/jobs/${job}/attempts/1/input` },
      readAttemptBlob: { path: `/api/v1/runner/jobs/${job}/attempts/1/blobs/${"0".repeat(64)}` },
    };
    const withId = all.filter(({ path }) => path.includes(":id"));
    expect(withId.map(({ id }) => id).toSorted()).toEqual(Object.keys(attempts).toSorted());
    for (const route of withId) {
      const attempt = attempts[route.id] ?? { path: "" };
      const bearer = route.permission === "runner" ? foreign.tokens.runner : foreign.tokens.owner;
      const received = await server.send(route.method, attempt.path, { token: bearer, body: attempt.body });
      const { status, code } = problemOf(received);
      expect({ route: route.id, status, code }).toEqual({ route: route.id, status: 404, code: "not_found" });
    }

    for (const list of ["problems", "problem-sets", "submissions", "rejudgings", "jobs", "runners"]) {
      const { json } = await server.send("GET", `/api/v1/${list}`, { token: foreign.tokens.owner });
      expect(json).toMatchObject({ items: [] });
    }
    const tokens = await server.send("GET", "/api/v1/tokens", { token: foreign.tokens.owner });
    expect(JSON.stringify(tokens.json)).not.toContain(tokenId);
    const submit = await server.send("POST", "/api/v1/submissions", { token: foreign.tokens.owner, body });
    expect(problemOf(submit).code).toBe("unknown_problem");
    const rejudge = await server.send("POST", "/api/v1/rejudgings", {
      token: foreign.tokens.owner,
      body: { ...reason, selection },
    });
    expect(problemOf(rejudge).detail).toContain(`no submission ${submission}`);
  });

  it("leases and beats nothing of this one", async () => {
    const foreign = await organization(temporary.database, "foreign runners");
    const job = await newRun(server.owner);
    const ours = await runner(server);
    const theirs = await runner(server, { bearer: foreign.tokens.runner });
    const lease = (runnerId: string, bearer: string) =>
      server.send("POST", "/api/v1/runner/lease", {
        token: bearer,
        body: { runnerId, max: 10, waitSeconds: 0 },
      });

    expect((await lease(theirs, foreign.tokens.runner)).json).toEqual({ jobs: [] });
    expect(problemOf(await lease(ours, foreign.tokens.runner)).code).toBe("not_found");
    expect((await lease(ours, server.runner)).json).toMatchObject({
      jobs: expect.arrayContaining([expect.objectContaining({ jobId: job, attempt: 1 })]),
    });
    const attempts = [{ jobId: job, attempt: 1 }];
    const beat = await server.send("POST", "/api/v1/runner/beat", {
      token: foreign.tokens.runner,
      body: { runnerId: theirs, attempts },
    });
    expect(beat.json).toEqual({ refused: attempts, cancelled: [] });
  });
});

describe("tokens", () => {
  it("are stored as hashes only, and shown once", async () => {
    const { secret, id } = await token(server, "teacher");
    const list = JSON.stringify((await server.send("GET", "/api/v1/tokens", { token: server.owner })).json);
    expect(list).toContain(id);
    expect(list).not.toContain(secret);
    const { rows } = await temporary.database.query("select t::text as row from tokens t");
    expect(JSON.stringify(rows)).not.toContain(secret.slice("assay_".length));
  });

  it("stop working at once when they are revoked", async () => {
    const { secret, id } = await token(server, "owner");
    const ask = () => server.send("GET", "/api/v1/jobs", { token: secret });
    expect((await ask()).status).toBe(200);
    expect((await server.send("DELETE", `/api/v1/tokens/${id}`, { token: server.owner })).status).toBe(204);
    expect(problemOf(await ask()).code).toBe("unauthenticated");
    expect(
      JSON.stringify((await server.send("GET", "/api/v1/tokens", { token: server.owner })).json),
    ).toContain(id);
  });

  it("are refused with a name that can't be stored", async () => {
    const body = { name: "a\0b", role: "learner" };
    const received = await server.send("POST", "/api/v1/tokens", { token: server.owner, body });
    expect(problemOf(received)).toMatchObject({ status: 400, code: "invalid_request" });
  });
});
