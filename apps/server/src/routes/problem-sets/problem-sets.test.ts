import { Page, ProblemSet, policyPresets, standardPolicy } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { organization, packed, problem, runner, sumFiles, token, upload } from "../../testing/factories.ts";
import { lease, submit } from "../../testing/judging.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let teacher: string;
let learner: string;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { leaseSeconds: 3600 });
  runnerId = await runner(server);
  for (const shortName of ["sum", "product", "other"]) await problem(server, server.owner, shortName);
  teacher = (await token(server, "teacher")).secret;
  learner = (await token(server, "learner")).secret;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const sets = "/api/v1/problem-sets";
const send = (method: string, path: string, body?: object, bearer = teacher) =>
  server.send(method, path, { token: bearer, ...(body === undefined ? {} : { body }) });
const content = (name: string, more: object = {}) => ({
  name,
  title: `The ${name}`,
  policy: "icpc",
  problems: [{ problem: "sum", label: "A" }, { problem: "product" }],
  ...more,
});
const create = async (name: string, more: object = {}): Promise<ProblemSet> => {
  const received = await send("POST", sets, content(name, more));
  expect(received.status, JSON.stringify(received.json)).toBe(201);
  return ProblemSet.parse(received.json);
};

describe("a problem set", () => {
  it("keeps its problems in order, spells its policy out, and is read by name and id", async () => {
    const set = await create("cup");
    expect(set).toMatchObject({
      title: "The cup",
      policy: policyPresets.icpc,
      problems: [
        { shortName: "sum", label: "A" },
        { shortName: "product", label: null },
      ],
    });
    for (const key of [set.id, "cup"])
      expect((await send("GET", `${sets}/${key}`, undefined, learner)).json).toEqual(set);
    await create("later", { problems: [] });
    const page = Page(ProblemSet).parse((await send("GET", `${sets}?limit=1`, undefined, learner)).json);
    expect(page.items.map(({ name }) => name)).toEqual(["later"]);
    expect((await send("GET", `${sets}?cursor=${page.nextCursor}`)).json).toMatchObject({
      items: [{ name: "cup" }],
      nextCursor: null,
    });
  });

  it("is replaced as a whole", async () => {
    const { id } = await create("first");
    const policy = { ...standardPolicy, priority: ["TLE", "WA"], retimes: 0, parallel: 1 };
    const problems = [{ problem: "other", label: "X" }];
    const replaced = await send("PUT", `${sets}/first`, content("second", { policy, problems }));
    expect(replaced.json).toMatchObject({ id, name: "second", policy, problems: [{ shortName: "other" }] });
    expect(problemOf(await send("GET", `${sets}/first`)).code).toBe("not_found");
  });

  it.each([
    ["a name with a blank", { name: "a b" }, /body\/name/],
    ["no title", { title: " " }, /body\/title/],
    ["a policy of no known name", { policy: "ioi" }, /body\/policy/],
    ["a policy with an unknown key", { policy: { retime: 3 } }, /body\/policy/],
    ["a problem that is not there", { problems: [{ problem: "nope" }] }, /problems\/0\/problem.*"nope"/],
    ["a problem twice", { problems: [{ problem: "sum" }, { problem: "sum" }] }, /problems\/1.*already/],
    [
      "a label twice",
      {
        problems: [
          { problem: "sum", label: "A" },
          { problem: "product", label: "A" },
        ],
      },
      /label A is given twice/,
    ],
    ["a NUL", { title: "a\0b", name: "nul\0" }, /body\/name/],
  ])("is refused with %s", async (_what, more, sentence) => {
    const details = problemOf(await send("POST", sets, content("bad", more)));
    expect(details.detail).toMatch(sentence);
    expect(problemOf(await send("GET", `${sets}/bad`)).code).toBe("not_found");
  });

  it("has a name of its own in its organization", async () => {
    await create("own");
    const other = await create("not-own");
    expect(problemOf(await send("POST", sets, content("own"))).code).toBe("conflict");
    expect(problemOf(await send("PUT", `${sets}/${other.id}`, content("own"))).code).toBe("conflict");
    const foreign = await organization(temporary.database, "sets");
    const body = { name: "own", title: "Theirs", problems: [] };
    expect((await send("POST", sets, body, foreign.tokens.owner)).status).toBe(201);
    expect((await send("GET", `${sets}/own`)).json).toMatchObject({ title: "The own" });
    const stolen = { ...body, name: "stolen", problems: [{ problem: "sum" }] };
    expect(problemOf(await send("POST", sets, stolen, foreign.tokens.owner)).code).toBe("unknown_problem");
  });

  it("is deleted as long as no submission names it", async () => {
    await create("short-lived");
    expect((await send("DELETE", `${sets}/short-lived`)).status).toBe(204);
    expect(problemOf(await send("DELETE", `${sets}/short-lived`)).code).toBe("not_found");
    await create("used");
    await submit(server, learner, "print(1)", { problemSet: "used" });
    expect(problemOf(await send("DELETE", `${sets}/used`)).code).toBe("conflict");
  });
});

describe("a submission in a set", () => {
  it("is judged by the set's policy at that time", async () => {
    const set = await create("contest");
    await lease(server, runnerId);
    const named = await submit(server, learner, "1", { problemSet: "contest", problem: "A" });
    expect(named).toMatchObject({
      problem: { shortName: "sum" },
      problemSet: { id: set.id, name: "contest" },
    });
    await send("PUT", `${sets}/contest`, content("contest", { policy: "default" }));
    await submit(server, learner, "2", { problemSet: set.id, problem: "product" });
    await submit(server, learner, "3");
    const policies = (await lease(server, runnerId)).map(({ payload }) => [
      payload.files[0]?.content,
      payload.policy,
    ]);
    expect(policies).toEqual([
      ["1", policyPresets.icpc],
      ["2", standardPolicy],
      ["3", standardPolicy],
    ]);
  });

  it("names a problem of the set, by label, short name, or the id of a version", async () => {
    await create("closed");
    const body = { language: "python", source: "1", problemSet: "closed" };
    const ask = (problem: string, more: object = {}) =>
      send("POST", "/api/v1/submissions", { ...body, problem, ...more }, learner);
    const { id: sumId } = await problem(server, server.owner, "sum");
    const { id: otherId } = await problem(server, server.owner, "other");
    expect((await ask(sumId)).json).toMatchObject({ problem: { id: sumId } });
    for (const unfit of ["other", "B", otherId, "nope"])
      expect(problemOf(await ask(unfit)).code).toBe("problem_not_in_set");
    expect(problemOf(await ask("sum", { problemSet: "nope" })).code).toBe("unknown_problem_set");
    expect(problemOf(await ask("sum", { problemSet: "no\0pe" })).code).toBe("unknown_problem_set");
  });

  it("is judged with the newest version of the problem", async () => {
    await create("moving");
    await lease(server, runnerId);
    const files = { ...sumFiles, "data/secret/1.ans": "41\n" };
    const { json } = await upload(server, teacher, await packed("sum", files));
    await submit(server, learner, "1", { problemSet: "moving", problem: "A" });
    const [job] = await lease(server, runnerId);
    expect(job?.payload).toMatchObject({ manifest: (json as { packageDigest: string }).packageDigest });
  });
});
