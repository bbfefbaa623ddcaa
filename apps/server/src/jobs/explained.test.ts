import { JobEvent } from "@assay/contracts";
import type { Diagnostic, JobResult } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { judgeResult, outcome, problem, runResult, runner } from "../testing/factories.ts";
import { lease, settle } from "../testing/judging.ts";
import { testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";
import { explainedJob } from "./explained.ts";

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

const diagnostic: Diagnostic = {
  file: "main.py",
  line: 3,
  column: null,
  kind: "error",
  code: "python.name-error",
  message: "NameError: name 'x' is not defined",
  args: { name: "x" },
  explanation: null,
  hint: null,
};
const english = "There is nothing called x at this point.";
const german = "Es gibt an dieser Stelle nichts mit dem Namen x.";

const ask = async (path: string, language?: string): Promise<string> => {
  const headers = { authorization: `Bearer ${server.owner}` };
  const response = await fetch(`${server.running.url}/api/v1/${path}`, {
    headers: language === undefined ? headers : { ...headers, "accept-language": language },
  });
  expect(response.status).toBe(200);
  return response.text();
};

const compile = {
  succeeded: false,
  output: "NameError",
  cached: false,
  outcome,
  diagnostics: [diagnostic],
};

describe("messages of programs", () => {
  it("are explained in the language that is asked for, wherever a result is shown", async () => {
    const body = { language: "python", source: "print(x)" };
    const created = await server.send("POST", "/api/v1/runs", { token: server.owner, body });
    const { id } = z.object({ id: z.uuid() }).parse(created.json);
    const leased = await server.send("POST", "/api/v1/runner/lease", {
      token: server.runner,
      body: { runnerId, max: 1, waitSeconds: 30 },
    });
    expect(leased.json).toMatchObject({ jobs: [{ jobId: id }] });
    const result = { ...runResult(), diagnostics: [diagnostic], compile };
    const settled = await server.send("POST", `/api/v1/runner/jobs/${id}/attempts/1/settle`, {
      token: server.runner,
      body: {
        offset: 0,
        events: [{ type: "compile", report: compile }],
        settlement: { how: "completed", result },
      },
    });
    expect(settled.status).toBe(204);

    for (const path of [`runs/${id}`, `jobs/${id}`, "jobs"]) {
      expect((await ask(path)).split(english)).toHaveLength(3);
      expect((await ask(path, "de-AT,en;q=0.5")).split(german)).toHaveLength(3);
    }
    expect(JSON.parse(await ask(`runs/${id}`)).result).toMatchObject({
      compile: {
        output: "NameError",
        diagnostics: [{ ...diagnostic, explanation: english, hint: expect.any(String) }],
      },
    });
    const events = (await ask(`jobs/${id}/events`, "de"))
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => JobEvent.parse(JSON.parse(line.slice("data: ".length))));
    expect(events.map(({ body: told }) => told)).toContainEqual(
      expect.objectContaining({
        type: "compile",
        report: expect.objectContaining({
          diagnostics: [expect.objectContaining({ explanation: german })],
        }),
      }),
    );
  });

  it("are explained with a submission and its tests", async () => {
    const body = { problem: "sum", language: "python", source: "print(x)" };
    const created = await server.send("POST", "/api/v1/submissions", { token: server.owner, body });
    const { id } = z.object({ id: z.uuid() }).parse(created.json);
    const [job] = await lease(server, runnerId);
    if (job === undefined) throw new Error("a job was to be leased");
    const test = {
      name: "sample/1",
      verdict: "RTE",
      fault: "submitter",
      cpuMs: 1,
      wallMs: 1,
      memoryBytes: 1,
      evidence: { text: "exit code 1", outcome: null, limits: null },
      diagnostics: [diagnostic],
    } as const;
    const result = { ...judgeResult("WA"), tests: [test] } as unknown as JobResult;
    await settle(server, job, { how: "completed", result });
    for (const path of [`submissions/${id}`, "submissions"]) {
      expect(await ask(path, "de")).toContain(german);
      expect(await ask(path, "fr")).toContain(english);
    }
  });

  it("are none in results of older versions", () => {
    const { diagnostics: _, ...older } = runResult() as JobResult & { kind: "run" };
    const job = explainedJob({ result: older as JobResult }, "en");
    expect(job.result).toMatchObject({ kind: "run", diagnostics: [] });
  });
});
