import { LeaseResponse, Problem } from "@assay/contracts";
import type { Finding, JobEventBody, LeasedJob, VerifyResult } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packed, runner, sumFiles, token, upload } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { Received, TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { verifyUploads: true });
  runnerId = await runner(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const call = (path: string, body: unknown): Promise<Received> =>
  server.send("POST", `/api/v1/runner/${path}`, { token: server.runner, body });
const lease = async (waitSeconds = 0, max = 10): Promise<LeasedJob[]> =>
  LeaseResponse.parse((await call("lease", { runnerId, max, waitSeconds })).json).jobs;
const settle = (job: LeasedJob, settlement: unknown, events: JobEventBody[] = []): Promise<Received> =>
  call(`jobs/${job.jobId}/attempts/${job.attempt}/settle`, { offset: 0, events, settlement });

/** Files of a package that no other test uploads. */
const files = (name: string, limit = "  time_limit: 1\n"): Readonly<Record<string, string>> => ({
  ...sumFiles,
  "problem.yaml": (sumFiles["problem.yaml"] ?? "").replace("  time_limit: 1\n", limit),
  "statement/problem.en.md": `The sum of ${name}.\n`,
});

const uploaded = async (name: string, query = "", limit?: string): Promise<Problem> =>
  Problem.parse((await upload(server, server.owner, await packed(name, files(name, limit)), query)).json);

const problem = async (name: string, query = "", bearer = server.owner): Promise<Problem> =>
  Problem.parse((await server.send("GET", `/api/v1/problems/${name}${query}`, { token: bearer })).json);

const submit = (name: string, bearer = server.owner): Promise<Received> =>
  server.send("POST", "/api/v1/submissions", {
    token: bearer,
    body: { problem: name, language: "python", source: "print(3)" },
  });

/** The verification that the upload has started, leased. */
const leaseVerification = async (expected: Problem): Promise<LeasedJob> => {
  const job = (await lease()).find(({ jobId }) => jobId === expected.verification.jobId);
  if (job === undefined) throw new Error("the verification is not in the queue");
  return job;
};

const lie: Finding = {
  severity: "error",
  check: "submissions",
  where: "submissions/accepted/sum.py",
  line: null,
  message: "test secret/1 gets WA, but only AC is permitted \u0000",
};

const result = (change: Partial<VerifyResult> = {}): VerifyResult => ({
  kind: "verify",
  accepted: true,
  findings: [],
  submissions: [
    {
      path: "submissions/accepted/sum.py",
      language: "python",
      verdict: "AC",
      score: null,
      cpuMs: 10,
      promise: "each test AC",
      kept: true,
    },
  ],
  timeLimit: { ms: 1000, source: "stated", slowestAcceptedMs: 10, fastestTooSlowMs: null },
  evidence: { text: "sound", outcome: null, limits: null },
  ...change,
});
const completed = (change?: Partial<VerifyResult>) => ({ how: "completed", result: result(change) });

describe("an upload", () => {
  it("is verified by a runner of a language that it has submissions in", async () => {
    const mixed = {
      ...sumFiles,
      "submissions/accepted/a.cpp": "int main() {}\n",
      "submissions/accepted/b.c": "int main(void) {}\n",
    };
    const { json } = await upload(server, server.owner, await packed("mixed", mixed));
    const job = await leaseVerification(Problem.parse(json));
    expect(job.payload.language).toBe("python");
    await settle(job, completed());
  });

  it("starts one verification of each new content", async () => {
    const first = await uploaded("started");
    expect(first.verification).toMatchObject({ state: "pending", findings: [], finishedAt: null });
    const again = await uploaded("started");
    expect(again.verification).toEqual(first.verification);
    const job = await leaseVerification(first);
    expect(job.payload).toMatchObject({
      kind: "verify",
      language: "python",
      manifest: first.packageDigest,
      shortName: "started",
    });
    const blob = (digest: string): Promise<Received> =>
      server.send("GET", `/api/v1/runner/jobs/${job.jobId}/attempts/${job.attempt}/blobs/${digest}`, {
        token: server.runner,
      });
    expect((await blob(first.packageDigest)).status).toBe(200);
    expect((await blob("f".repeat(64))).status).toBe(404);
    expect((await settle(job, completed())).status).toBe(204);
    expect((await problem("started")).verification).toMatchObject({
      state: "accepted",
      reason: null,
      submissions: [{ path: "submissions/accepted/sum.py", kept: true }],
      timeLimit: { ms: 1000, source: "stated" },
    });
    // What is verified stays so.
    expect((await uploaded("started")).verification.state).toBe("accepted");
  });

  it("of the same content at once starts one verification", async () => {
    const bytes = await packed("at-once", files("at-once"));
    const received = await Promise.all(Array.from({ length: 5 }, () => upload(server, server.owner, bytes)));
    const jobs = new Set(received.map(({ json }) => Problem.parse(json).verification.jobId));
    expect(jobs.size).toBe(1);
    await leaseVerification(Problem.parse(received[0]?.json));
  });

  it("may hold until its verification has ended", async () => {
    const bytes = await packed("held", files("held"));
    const [received] = await Promise.all([
      upload(server, server.owner, bytes, "?wait=30"),
      (async () => {
        const [job] = await lease(20);
        if (job === undefined) throw new Error("nothing was queued");
        await settle(job, completed());
      })(),
    ]);
    expect(Problem.parse(received.json).verification.state).toBe("accepted");
    expect((await problem("held", "?wait=30")).verification.state).toBe("accepted");
  });

  it("lets submissions go before verifications", async () => {
    const pending = await uploaded("patient");
    const submission = await submit("patient");
    expect(submission.status).toBe(201);
    const kinds = [await lease(0, 1), await lease(0, 1)].flat().map(({ payload }) => payload.kind);
    expect(kinds).toEqual(["judge", "verify"]);
    expect(pending.verification.state).toBe("pending");
  });

  it("is followed by its progress as events", async () => {
    const pending = await uploaded("watched");
    const job = await leaseVerification(pending);
    const event: JobEventBody = {
      type: "progress",
      check: "submissions",
      subject: "submissions/accepted/sum.py",
      done: 1,
      total: 1,
    };
    await settle(job, completed(), [event]);
    const { rows } = await temporary.database.query("select body from job_events where job_id = $1", [
      job.jobId,
    ]);
    expect(rows).toContainEqual({ body: event });
  });
});

describe("a problem that was refused", () => {
  it("takes no submissions, and says why to who may know", async () => {
    const job = await leaseVerification(await uploaded("lying"));
    expect((await settle(job, completed({ accepted: false, findings: [lie] }))).status).toBe(204);
    const refused = await problem("lying");
    expect(refused.verification).toMatchObject({
      state: "refused",
      reason: "submissions/accepted/sum.py: test secret/1 gets WA, but only AC is permitted \ufffd",
      findings: [{ where: "submissions/accepted/sum.py" }],
    });
    expect(problemOf(await submit("lying"))).toMatchObject({
      status: 409,
      code: "problem_refused",
      detail: expect.stringContaining("test secret/1 gets WA"),
    });

    const learner = (await token(server, "learner")).secret;
    const seen = await problem("lying", "", learner);
    expect(seen.verification).toMatchObject({ state: "refused", findings: [], submissions: [] });
    const told = problemOf(await submit("lying", learner));
    expect(told).toMatchObject({ status: 409, code: "problem_refused" });
    expect(JSON.stringify([seen.verification, told])).not.toContain("secret/1");
  });

  it("is mended by another content under its name", async () => {
    const mended = Problem.parse(
      (await upload(server, server.owner, await packed("lying", files("mended")))).json,
    );
    expect(mended.verification.state).toBe("pending");
    expect((await submit("lying")).status).toBe(201);
  });
});

describe("a problem without a stated time limit", () => {
  it("takes submissions once it was measured, and with that limit", async () => {
    const pending = await uploaded("unstated", "", "");
    expect(problemOf(await submit("unstated"))).toMatchObject({
      status: 409,
      code: "problem_not_measured",
      detail: expect.stringContaining("still being measured"),
    });
    const timeLimit = {
      ms: 3000,
      source: "measured",
      slowestAcceptedMs: 1400,
      fastestTooSlowMs: 9000,
    } as const;
    await settle(await leaseVerification(pending), completed({ timeLimit }));
    expect(await problem("unstated")).toMatchObject({
      limits: { timeMs: 3000 },
      verification: { state: "accepted", timeLimit },
    });
    expect((await submit("unstated")).status).toBe(201);
    const payloads = (await lease()).map(({ payload }) => payload);
    expect(payloads).toContainEqual(expect.objectContaining({ kind: "judge", timeMs: 3000 }));
  });

  it("is measured again after the platform gave up", async () => {
    const pending = await uploaded("given-up", "", "");
    await settle(await leaseVerification(pending), {
      how: "failed",
      code: "broken",
      message: "the disk is full",
    });
    const unverified = await problem("given-up");
    expect(unverified.verification).toMatchObject({
      state: "unverified",
      reason: "the verification failed: the disk is full",
    });
    expect(problemOf(await submit("given-up"))).toMatchObject({
      code: "problem_not_measured",
      detail: expect.stringContaining("the disk is full"),
    });
    const learner = (await token(server, "learner")).secret;
    const seen = [await problem("given-up", "", learner), problemOf(await submit("given-up", learner))];
    expect(JSON.stringify(seen)).not.toContain("the disk is full");
    const again = await uploaded("given-up", "", "");
    expect(again.verification.state).toBe("pending");
    expect(again.verification.jobId).not.toBe(pending.verification.jobId);
  });

  it("that states one takes submissions while it is pending", async () => {
    await uploaded("stated");
    expect((await submit("stated")).status).toBe(201);
    expect((await lease()).map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ kind: "judge", timeMs: null }),
    );
  });
});

it("a server that verifies nothing judges with what stands in for a time limit", async () => {
  await using other = await testServer(temporary.url, { verifyUploads: false, roles: ["api"] });
  const { json } = await upload(other, server.owner, await packed("unchecked", files("unchecked", "")));
  expect(Problem.parse(json)).toMatchObject({ verification: { state: "unverified", jobId: null } });
  const received = await other.send("POST", "/api/v1/submissions", {
    token: server.owner,
    body: { problem: "unchecked", language: "python", source: "print(3)" },
  });
  expect(received.status).toBe(201);
});
