import {
  Page,
  Rejudging,
  RejudgingAuditEntry,
  RejudgingDetail,
  RejudgingItem,
  RejudgingPreview,
  Submission,
  SubmissionJudging,
  policyPresets,
  standardPolicy,
} from "@assay/contracts";
import type { JudgePayload, Verdict } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { packed, problem, runner, sumFiles, token, upload } from "../../testing/factories.ts";
import { completed, judgeAll, lease, settle, submit } from "../../testing/judging.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let teacher: string;
let learner: string;
beforeEach(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { leaseSeconds: 3600, verifyUploads: true });
  runnerId = await runner(server);
  await problem(server);
  teacher = (await token(server, "teacher")).secret;
  learner = (await token(server, "learner")).secret;
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const plans = "/api/v1/rejudgings";
const post = (path: string, body: object, bearer = teacher) =>
  server.send("POST", path, { token: bearer, body });
const get = async <Schema extends z.ZodType>(path: string, schema: Schema, bearer = teacher) =>
  schema.parse((await server.send("GET", path, { token: bearer })).json);
const create = async (body: object): Promise<RejudgingDetail> => {
  const received = await post(plans, { reason: "new tests", selection: { problems: ["sum"] }, ...body });
  expect(received.status, JSON.stringify(received.json)).toBe(201);
  return RejudgingDetail.parse(received.json);
};
const decide = async (id: string, what: string, more: object = {}) =>
  post(`${plans}/${id}/${what}`, { reason: `to ${what}`, ...more });
const preview = (id: string) => get(`${plans}/${id}/preview`, RejudgingPreview);
const items = async (id: string, query = "") =>
  (await get(`${plans}/${id}/items${query}`, Page(RejudgingItem))).items;
const shown = async (id: string, bearer = learner) => get(`/api/v1/submissions/${id}`, Submission, bearer);
const verdictOf = async (id: string, bearer = learner): Promise<Verdict | undefined> =>
  (await shown(id, bearer)).job.result?.verdict;

/** Another package under the same short name. */
const newVersion = async (answer = "43\n") => {
  const received = await upload(
    server,
    server.owner,
    await packed("sum", { ...sumFiles, "data/secret/1.ans": answer }),
  );
  expect(received.status).toBe(201);
  return z.object({ id: z.uuid(), packageDigest: z.string() }).parse(received.json);
};
/** Programs name the verdict before a new package and that after it: "AC WA". */
const beforeAndAfter =
  (oldManifest: string) =>
  ({ files, manifest }: JudgePayload) => {
    const [before, after] = (files[0]?.content ?? "").split(" ");
    return { verdict: (manifest === oldManifest ? before : after) as Verdict };
  };

/** Submissions that were judged, and a newer package that judges them otherwise. */
const scene = async (sources: readonly string[]) => {
  const { packageDigest } = await problem(server);
  const judge = beforeAndAfter(packageDigest);
  const submissions: Submission[] = [];
  for (const source of sources) submissions.push(await submit(server, learner, source));
  await judgeAll(server, runnerId, judge);
  const version = await newVersion();
  return { submissions, ids: submissions.map(({ id }) => id), judge, version };
};

/** Accepted, with one score after the other. */
const scored = (scores: readonly number[]) => {
  const left = [...scores];
  return () => ({ verdict: "AC" as const, score: left.shift() ?? null, maxScore: 100 });
};

describe("a plan", () => {
  it("judges beside the old results, shows old against new, applies and rolls back", async () => {
    const { ids, judge, version } = await scene(["AC WA", "WA AC", "WA TLE", "AC AC"]);
    const before = await Promise.all(ids.map((id) => shown(id)));

    const plan = await create({});
    expect(plan).toMatchObject({
      state: "pending",
      total: 4,
      reason: "new tests",
      createdBy: { name: "teacher" },
      progress: { pending: 4, judging: 0, judged: 0, unjudged: 0 },
    });
    const [first, ...others] = await lease(server, runnerId);
    expect(first?.payload).toMatchObject({ manifest: version.packageDigest, policy: standardPolicy });
    expect((await get(`${plans}/${plan.id}`, RejudgingDetail)).state).toBe("judging");
    for (const job of [first, ...others])
      if (job !== undefined) await settle(server, job, completed(judge(job.payload)));
    expect(await get(`${plans}/${plan.id}`, RejudgingDetail)).toMatchObject({
      state: "ready",
      progress: { pending: 0, judging: 0, judged: 4, unjudged: 0 },
    });

    expect(await preview(plan.id)).toMatchObject({
      state: "ready",
      total: 4,
      changes: { up: 1, down: 1, other: 1, same: 1, pending: 0, unjudged: 0 },
      stale: 0,
      scores: null,
      matrix: expect.arrayContaining([
        { from: "AC", to: "AC", count: 1 },
        { from: "AC", to: "WA", count: 1 },
        { from: "WA", to: "AC", count: 1 },
        { from: "WA", to: "TLE", count: 1 },
      ]),
    });
    expect((await items(plan.id)).map(({ submissionId, change }) => [submissionId, change])).toEqual([
      [ids[3], "same"],
      [ids[2], "other"],
      [ids[1], "up"],
      [ids[0], "down"],
    ]);
    expect(await items(plan.id, "?change=up")).toMatchObject([
      {
        submissionId: ids[1],
        submittedBy: { name: "learner" },
        problem: { id: version.id, shortName: "sum" },
        old: { verdict: "WA" },
        new: { verdict: "AC" },
      },
    ]);
    expect(await Promise.all(ids.map((id) => shown(id)))).toEqual(before);

    const applied = await decide(plan.id, "apply");
    expect(applied.json).toMatchObject({ state: "applied" });
    expect(await Promise.all(ids.map((id) => verdictOf(id)))).toEqual(["WA", "AC", "TLE", "AC"]);
    expect((await get(`${plans}/${plan.id}/preview`, RejudgingPreview)).stale).toBe(0);
    const history = z.object({ items: z.array(SubmissionJudging) });
    expect((await get(`/api/v1/submissions/${ids[0]}/judgings`, history)).items).toMatchObject([
      { verdict: "AC", current: false, rejudging: null },
      { verdict: "WA", current: true, rejudging: { id: plan.id, reason: "new tests" } },
    ]);

    expect((await decide(plan.id, "roll-back")).json).toMatchObject({ state: "rolled_back" });
    expect(await Promise.all(ids.map((id) => shown(id)))).toEqual(before);
    const { items: audit } = await get(
      `${plans}/${plan.id}/audit`,
      z.object({ items: z.array(RejudgingAuditEntry) }),
    );
    expect(audit).toMatchObject([
      { action: "create", reason: "new tests", by: { name: "teacher" }, submissions: 0 },
      { action: "apply", reason: "to apply", by: { name: "teacher" }, submissions: 4 },
      { action: "roll_back", reason: "to roll-back", by: { name: "teacher" }, submissions: 4 },
    ]);
  });

  it("is paged", async () => {
    await scene(["AC AC", "WA WA", "AC WA"]);
    const plan = await create({});
    const page = (query: string) => get(`${plans}/${plan.id}/items?limit=2${query}`, Page(RejudgingItem));
    const first = await page("");
    expect(first.items).toHaveLength(2);
    const second = await page(`&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ items: [{ change: "pending" }], nextCursor: null });
    const other = await create({});
    const list = await get(`${plans}?limit=1`, Page(Rejudging));
    expect(list).toMatchObject({ items: [{ id: other.id, state: "pending", total: 3 }] });
    expect(await get(`${plans}?cursor=${list.nextCursor}`, Page(Rejudging))).toMatchObject({
      items: [{ id: plan.id }],
      nextCursor: null,
    });
  });

  it("compares scores where both results have one", async () => {
    const { ids } = await scene(["AC AC", "AC AC", "AC AC"]);
    const first = await create({});
    await judgeAll(server, runnerId, scored([10, 20, 30]));
    await decide(first.id, "apply");
    const second = await create({});
    await judgeAll(server, runnerId, scored([15, 20, 5]));
    expect(await preview(second.id)).toMatchObject({
      changes: { up: 1, down: 1, same: 1, other: 0 },
      matrix: [{ from: "AC", to: "AC", count: 3 }],
      scores: { count: 3, before: 60, after: 40 },
    });
    expect(
      (await items(second.id)).map(({ submissionId, scoreDifference }) => [submissionId, scoreDifference]),
    ).toEqual([
      [ids[2], -25],
      [ids[1], 0],
      [ids[0], 5],
    ]);
  });

  it("waits behind everything that is submitted", async () => {
    const { submissions } = await scene(["AC AC", "WA WA"]);
    await create({});
    const live = await submit(server, learner, "AC AC");
    const order = await judgeAll(server, runnerId, () => ({ verdict: "AC" }));
    expect(order).toHaveLength(submissions.length + 1);
    expect(order[0]?.jobId).toBe(live.job.id);
  });

  it("judges with another time limit, policy and version when it is told so", async () => {
    const { packageDigest: oldDigest, id: oldId } = await problem(server);
    await submit(server, learner, "AC");
    await newVersion();
    const plan = await create({ against: oldId, timeMs: 2500, policy: "icpc" });
    expect(plan).toMatchObject({ against: oldId, timeMs: 2500, policy: policyPresets.icpc });
    const leased = await lease(server, runnerId);
    expect(leased.map(({ payload }) => payload)).toMatchObject([
      { policy: standardPolicy, timeMs: null },
      { manifest: oldDigest, timeMs: 2500, policy: policyPresets.icpc },
    ]);
  });

  it("takes a submission that is still being judged, and shows whichever result is current", async () => {
    const submission = await submit(server, learner, "AC");
    const plan = await create({});
    const [old, again] = await lease(server, runnerId);
    if (old === undefined || again === undefined) throw new Error("two jobs were to be leased");
    await settle(server, again, completed({ verdict: "WA" }));
    expect(await preview(plan.id)).toMatchObject({ matrix: [{ from: null, to: "WA", count: 1 }] });
    expect((await decide(plan.id, "apply")).status).toBe(200);
    await settle(server, old, completed({ verdict: "AC" }));
    expect(await verdictOf(submission.id)).toBe("WA");
    await decide(plan.id, "roll-back");
    expect(await verdictOf(submission.id)).toBe("AC");
  });
});

describe("choosing submissions", () => {
  it("goes by problem, set, language, verdict, time and id, and leaves out what was withdrawn", async () => {
    await problem(server, server.owner, "other");
    await server.send("POST", "/api/v1/problem-sets", {
      token: teacher,
      body: { name: "cup", title: "Cup", problems: [{ problem: "sum" }] },
    });
    await runner(server, {
      name: "both",
      languages: ["python", "c"].map((id) => ({
        id,
        available: true,
        version: "1",
        image: id,
        reason: null,
        levels: ["namespaces+cgroup+seccomp"],
        test: null,
      })),
    });
    const a = await submit(server, learner, "AC");
    const b = await submit(server, learner, "WA", { problem: "other" });
    const c = await submit(server, learner, "WA", { problemSet: "cup" });
    const d = await submit(server, learner, "AC", { language: "c" });
    const e = await submit(server, learner, "AC");
    expect((await post(`/api/v1/jobs/${e.job.id}/cancel`, {}, learner)).status).toBe(202);
    for (const job of await lease(server, runnerId))
      await settle(server, job, completed({ verdict: job.payload.files[0]?.content as Verdict }));

    const chosen = async (selection: object) => {
      const received = await post(plans, { reason: "r", selection });
      if (received.status !== 201) return problemOf(received).code;
      const { id } = RejudgingDetail.parse(received.json);
      return (await items(id)).map(({ submissionId }) => submissionId).toReversed();
    };
    expect(await chosen({ problems: ["sum"] })).toEqual([a.id, c.id, d.id]);
    expect(await chosen({ problems: ["sum", "other"], languages: ["python"] })).toEqual([a.id, b.id, c.id]);
    expect(await chosen({ verdicts: ["WA", "TLE"] })).toEqual([b.id, c.id]);
    expect(await chosen({ problemSet: "cup" })).toEqual([c.id]);
    expect(await chosen({ since: b.createdAt, until: d.createdAt })).toEqual([b.id, c.id]);
    const named = { problems: ["sum"], submissions: [d.id, a.id, e.id] };
    expect(await chosen(named)).toEqual([a.id, d.id]);
    // Ids may be thousands; a plan says how many were named, and its items are those that it took.
    const { items: listed } = await get(plans, Page(Rejudging));
    const whole = await get(`${plans}/${listed[0]?.id}`, RejudgingDetail);
    for (const { selection, total } of [...listed.slice(0, 1), whole]) {
      expect(selection).toEqual({ problems: ["sum"], submissionCount: 3 });
      expect(total).toBe(2);
    }
    expect(listed[1]?.selection).toEqual({ since: b.createdAt, until: d.createdAt });
    expect(await chosen({ problems: [a.problem.id], verdicts: ["AC"] })).toEqual([a.id]);
    expect(await chosen({ submissions: [e.id] })).toBe("nothing_selected");
    expect(await chosen({ problems: ["sum"], languages: ["klingon"] })).toBe("nothing_selected");
    expect(await chosen({ problems: ["nope"] })).toBe("unknown_problem");
    expect(await chosen({ problemSet: "nope" })).toBe("unknown_problem_set");
    expect(await chosen({})).toBe("invalid_request");
    expect(await chosen({ submissions: [a.problem.id] })).toBe("invalid_request");
  });

  it("refuses a version of another problem, a missing reason and values that are none", async () => {
    const { id: otherId } = await problem(server, server.owner, "other");
    await submit(server, learner, "AC");
    const selection = { problems: ["sum"] };
    for (const [body, sentence] of [
      [{ reason: "r", selection, against: otherId }, /version of other/],
      [{ reason: "r", selection, against: "nope" }, /no problem "nope"/],
      [{ reason: "  ", selection }, /say why/],
      [{ selection }, /body\/reason/],
      [{ reason: "r", selection, timeMs: 1 }, /body\/timeMs/],
      [{ reason: "r", selection, policy: "nope" }, /body\/policy/],
      [{ reason: "r", selection: { since: "yesterday" } }, /body\/selection\/since/],
    ] as const)
      expect(problemOf(await post(plans, body)).detail).toMatch(sentence);
    expect(await get(plans, Page(Rejudging))).toMatchObject({ items: [] });
  });
});

describe("a version that judges nothing", () => {
  it("is refused when its package did not pass, whatever time limit is given", async () => {
    await submit(server, learner, "AC");
    await judgeAll(server, runnerId);
    await newVersion();
    await lease(server, runnerId, 256, { accepted: false });
    const body = { reason: "r", selection: { problems: ["sum"] } };
    for (const more of [{}, { timeMs: 5000 }])
      expect(problemOf(await post(plans, { ...body, ...more })).code).toBe("problem_refused");
    expect(await get(plans, Page(Rejudging))).toMatchObject({ items: [] });
  });

  it("is refused as long as its time limit is not measured, and taken with one that is given", async () => {
    await submit(server, learner, "AC");
    await judgeAll(server, runnerId);
    const unstated = sumFiles["problem.yaml"]?.replace("  time_limit: 1\n", "") ?? "";
    await upload(server, server.owner, await packed("sum", { ...sumFiles, "problem.yaml": unstated }));
    const body = { reason: "r", selection: { problems: ["sum"] } };
    expect(problemOf(await post(plans, body)).code).toBe("problem_not_measured");
    await create({ timeMs: 5000 });
    const timeLimit = {
      ms: 1500,
      source: "measured" as const,
      slowestAcceptedMs: 700,
      fastestTooSlowMs: null,
    };
    expect((await lease(server, runnerId, 256, { timeLimit })).map(({ payload }) => payload.timeMs)).toEqual([
      5000,
    ]);
    await create({});
    expect((await lease(server, runnerId)).map(({ payload }) => payload.timeMs)).toEqual([1500]);
  });
});

describe("deciding", () => {
  it("does not apply before all is judged", async () => {
    const { ids, judge } = await scene(["AC WA", "AC WA"]);
    const plan = await create({});
    const refused = problemOf(await decide(plan.id, "apply"));
    expect(refused).toMatchObject({ code: "conflict", detail: expect.stringContaining("2 submissions") });
    expect(await verdictOf(ids[0] ?? "")).toBe("AC");
    await judgeAll(server, runnerId, judge);
    expect((await decide(plan.id, "apply")).status).toBe(200);
  });

  it("keeps the old result of what could not be judged, when it is told to", async () => {
    const { ids, judge } = await scene(["AC WA", "AC WA"]);
    const plan = await create({});
    const [broken, good] = await lease(server, runnerId);
    if (broken === undefined || good === undefined) throw new Error("two jobs were to be leased");
    await settle(server, broken, { how: "failed", code: "x", message: "the machine burnt" });
    await settle(server, good, completed(judge(good.payload)));
    expect(await get(`${plans}/${plan.id}`, RejudgingDetail)).toMatchObject({
      state: "ready",
      progress: { judged: 1, unjudged: 1 },
    });
    expect(problemOf(await decide(plan.id, "apply")).detail).toContain("1 submissions have no new result");
    expect((await decide(plan.id, "apply", { skipUnjudged: true })).status).toBe(200);
    const verdicts = await Promise.all(ids.map((id) => verdictOf(id)));
    expect(new Set(verdicts)).toEqual(new Set(["AC", "WA"]));
    expect((await decide(plan.id, "roll-back")).status).toBe(200);
    expect(await Promise.all(ids.map((id) => verdictOf(id)))).toEqual(["AC", "AC"]);
  });

  it("withdraws what is not judged when a plan is discarded, and never touches the old results", async () => {
    const { ids } = await scene(["AC WA", "AC WA", "AC WA"]);
    const plan = await create({});
    const [held] = await lease(server, runnerId, 1);
    if (held === undefined) throw new Error("a job was to be leased");
    expect((await decide(plan.id, "discard")).json).toMatchObject({
      state: "discarded",
      progress: { pending: 0, judging: 1, judged: 0, unjudged: 2 },
    });
    expect(await lease(server, runnerId)).toEqual([]);
    const attempts = [{ jobId: held.jobId, attempt: held.attempt }];
    const beat = await server.send("POST", "/api/v1/runner/beat", {
      token: server.runner,
      body: { runnerId, attempts },
    });
    expect(beat.json).toEqual({ refused: [], cancelled: attempts });
    expect((await settle(server, held, { how: "cancelled" })).status).toBe(204);
    expect(await Promise.all(ids.map((id) => verdictOf(id)))).toEqual(["AC", "AC", "AC"]);
    for (const what of ["apply", "discard", "roll-back"])
      expect(problemOf(await decide(plan.id, what)).code).toBe("conflict");
  });

  it("goes only where the state allows", async () => {
    const { judge } = await scene(["AC WA"]);
    const plan = await create({});
    expect(problemOf(await decide(plan.id, "roll-back")).detail).toContain("not applied");
    await judgeAll(server, runnerId, judge);
    await decide(plan.id, "apply");
    for (const what of ["apply", "discard"])
      expect(problemOf(await decide(plan.id, what)).detail).toContain("is applied");
    await decide(plan.id, "roll-back");
    for (const what of ["apply", "discard", "roll-back"])
      expect(problemOf(await decide(plan.id, what)).detail).toContain("is rolled back");
    expect(problemOf(await post(`${plans}/${plan.id}/apply`, {})).code).toBe("invalid_request");
  });

  it("makes one of many that are asked for at once", async () => {
    const { ids, judge } = await scene(["AC WA"]);
    const plan = await create({});
    await judgeAll(server, runnerId, judge);
    const answers = await Promise.all(
      ["apply", "discard", "apply", "discard"].map((what) => decide(plan.id, what)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
    const { state } = await get(`${plans}/${plan.id}`, RejudgingDetail);
    expect(await verdictOf(ids[0] ?? "")).toBe(state === "applied" ? "WA" : "AC");
  });

  it("refuses a plan whose submissions show another result meanwhile, and leaves all as it is", async () => {
    const { ids, judge } = await scene(["AC WA", "AC WA"]);
    const one = await create({ selection: { submissions: ids.slice(0, 1) } });
    const both = await create({});
    await judgeAll(server, runnerId, judge);
    await decide(one.id, "apply");
    expect((await preview(both.id)).stale).toBe(1);
    const refused = problemOf(await decide(both.id, "apply"));
    expect(refused.detail).toContain("1 submissions show the result of another rejudging");
    expect(refused.issues).toMatchObject([
      { where: `submissions/${ids[0]}`, message: expect.stringContaining(one.id) },
    ]);
    expect(await verdictOf(ids[1] ?? "")).toBe("AC");
    await decide(one.id, "roll-back");
    expect((await decide(both.id, "apply")).status).toBe(200);
  });

  it("rolls back in the opposite order of applying", async () => {
    const { ids, judge } = await scene(["AC WA"]);
    const first = await create({});
    await judgeAll(server, runnerId, judge);
    await decide(first.id, "apply");
    const second = await create({});
    await judgeAll(server, runnerId, () => ({ verdict: "TLE" }));
    await decide(second.id, "apply");
    expect(problemOf(await decide(first.id, "roll-back")).detail).toContain(`roll back ${second.id} first`);
    expect(await verdictOf(ids[0] ?? "")).toBe("TLE");
    await decide(second.id, "roll-back");
    expect(await verdictOf(ids[0] ?? "")).toBe("WA");
    await decide(first.id, "roll-back");
    expect(await verdictOf(ids[0] ?? "")).toBe("AC");
  });
});

describe("a learner", () => {
  it("sees nothing of plans, and the story of the new result once it is applied", async () => {
    const { ids, judge } = await scene(["AC WA"]);
    const [id = ""] = ids;
    const plan = await create({});
    await judgeAll(server, runnerId, judge);
    const newJob = (await items(plan.id))[0]?.new.jobId ?? "";
    for (const path of [
      plans,
      `${plans}/${plan.id}`,
      `${plans}/${plan.id}/preview`,
      `/api/v1/submissions/${id}/judgings`,
    ])
      expect(problemOf(await server.send("GET", path, { token: learner })).code).toBe("forbidden");
    const ask = (path: string, bearer: string) => server.send("GET", path, { token: bearer });
    for (const path of [`/api/v1/jobs/${newJob}`, `/api/v1/jobs/${newJob}/events`])
      expect(problemOf(await ask(path, learner)).code).toBe("not_found");
    expect(JSON.stringify((await ask("/api/v1/jobs", learner)).json)).not.toContain(newJob);

    await decide(plan.id, "apply");
    expect((await ask(`/api/v1/jobs/${newJob}`, learner)).json).toMatchObject({ result: { verdict: "WA" } });
    const stranger = (await token(server, "learner")).secret;
    expect(problemOf(await ask(`/api/v1/jobs/${newJob}`, stranger)).code).toBe("not_found");
    expect(problemOf(await ask(`/api/v1/submissions/${id}`, stranger)).code).toBe("not_found");
  });
});

describe("the audit", () => {
  it("can't be changed", async () => {
    await scene(["AC WA"]);
    await create({});
    await expect(temporary.database.query("update rejudging_audit set reason = 'because'")).rejects.toThrow(
      /never changes/,
    );
  });
});
