import { LeaseResponse } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offer, organization, problem, runner } from "../testing/factories.ts";
import { problemOf, testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let other: Awaited<ReturnType<typeof organization>>;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url);
  runnerId = await runner(server, { languages: [{ ...offer("python"), version: "3.11.2" }] });
  await problem(server);
  other = await organization(temporary.database, "other");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const run = (language: string, bearer = server.owner) =>
  server.send("POST", "/api/v1/runs", { token: bearer, body: { language, source: "print(1)" } });

describe("a language that a client names", () => {
  it.each(["python", "py", "Python3", "python@3", "python@>=3.10", "py@3.11.2", "python@2 || 3"])(
    "%s is what a runner has, and the job says which",
    async (selector) => {
      const { status, json } = await run(selector);
      expect([status, json]).toEqual([201, expect.objectContaining({ language: "python" })]);
      const leased = await server.send("POST", "/api/v1/runner/lease", {
        token: server.runner,
        body: { runnerId, max: 10, waitSeconds: 0 },
      });
      const { jobs } = LeaseResponse.parse(leased.json);
      expect(jobs.map(({ payload }) => payload.language)).toEqual(["python"]);
    },
  );

  it("is that of a submission as well", async () => {
    const body = { problem: "sum", language: "py@>=3.11", source: "print(1)" };
    const { status, json } = await server.send("POST", "/api/v1/submissions", { token: server.owner, body });
    expect([status, json]).toEqual([201, expect.objectContaining({ language: "python" })]);
  });

  it.each([
    ["python@2", /^There is no python 2; there are 3\.11\.2/],
    ["python@>=3.11.3 <3.12", /^There is no python >=3\.11\.3 <3\.12/],
    ["python@two", /names no versions/],
    ["klingon@1", /^There is no language "klingon"; there are .*python/],
  ])("%s is not there, and the answer says what is", async (selector, message) => {
    const refused = problemOf(await run(selector));
    expect(refused).toMatchObject({ code: "unknown_language" });
    expect(refused.detail).toMatch(message);
  });

  it("goes by what its own organization's runners have", async () => {
    // No runner of the other one is alive: any version of the release may come.
    const { status, json } = await run("python@3.11.9", other.tokens.owner);
    expect([status, json]).toEqual([201, expect.objectContaining({ language: "python" })]);
    expect(problemOf(await run("python@3.11.9")).code).toBe("unknown_language");
  });
});
