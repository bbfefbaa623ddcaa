import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offer, problem, runner } from "./testing/factories.ts";
import { problemOf, testServer } from "./testing/test-server.ts";
import type { Sent, TestServer } from "./testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;

beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { maxSourceBytes: 1024 * 1024 });
  await problem(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const jobs = async (): Promise<unknown> =>
  (await temporary.database.query("select count(*) from jobs")).rows[0];
const entries = async (): Promise<unknown> =>
  (await temporary.database.query("select count(*) from pgboss.job")).rows[0];

const base64 = (bytes: readonly number[]): string => Buffer.from(bytes).toString("base64");
const submission = (fields: object) => ({
  problem: "sum",
  language: "python",
  source: "print(3)",
  ...fields,
});
const run = (fields: object) => ({ language: "python", source: "print(3)", ...fields });
const files = (content: string, encoding = "utf8", path = "a.py") => ({
  source: undefined,
  files: [{ path, content, encoding }],
});

type Case = [name: string, path: string, body: unknown, status: number, code: string, sent?: Sent];
const submissions = "/api/v1/submissions";
const runs = "/api/v1/runs";

const cases: readonly Case[] = [
  ["empty source", submissions, submission({ source: "" }), 422, "source_empty"],
  ["white space only", submissions, submission({ source: " \n\t" }), 422, "source_empty"],
  [
    "source over the problem's limit",
    submissions,
    submission({ source: "x".repeat(4097) }),
    413,
    "source_too_large",
  ],
  [
    "source over the server's limit",
    runs,
    run({ source: "x".repeat(1024 * 1024 + 1) }),
    413,
    "source_too_large",
  ],
  ["10 MB source", submissions, submission({ source: "x".repeat(10_000_000) }), 413, "too_large"],
  [
    "binary source",
    submissions,
    submission(files(base64([0x7f, 0x45, 0x4c, 0x46, 0, 1]), "base64")),
    422,
    "source_not_text",
  ],
  ["Latin-1 source", submissions, submission(files(base64([0xe4, 0xf6]), "base64")), 422, "source_not_text"],
  ["NUL in source", runs, run({ source: "print('\0')" }), 422, "source_not_text"],
  ["lone surrogate in source", runs, run({ source: "print('\ud800')" }), 422, "source_not_text"],
  ["path that climbs", runs, run(files("x", "utf8", "../a.py")), 422, "bad_path"],
  [
    "source over a data file",
    runs,
    run({ ...files("x"), dataFiles: [{ path: "a.py", content: "" }] }),
    422,
    "bad_path",
  ],
  ["unknown language", submissions, submission({ language: "klingon" }), 422, "unknown_language"],
  ["unknown language of a run", runs, run({ language: "__proto__" }), 422, "unknown_language"],
  [
    "language that the problem does not take",
    submissions,
    submission({ language: "bash" }),
    422,
    "language_not_allowed",
  ],
  ["unknown problem", submissions, submission({ problem: "nosuch" }), 422, "unknown_problem"],
  ["NUL in the problem's name", submissions, submission({ problem: "a\0b" }), 422, "unknown_problem"],
  [
    "problem id of nobody",
    submissions,
    submission({ problem: "018f0000-0000-7000-8000-000000000000" }),
    422,
    "unknown_problem",
  ],
  ["limit over the maximum", runs, run({ limits: { cpuMs: 600_000 } }), 422, "limit_out_of_range"],
  ["limit over the contract", runs, run({ limits: { cpuMs: 600_001 } }), 400, "invalid_request"],
  ["negative limit", runs, run({ limits: { wallMs: -1 } }), 400, "invalid_request"],
  ["unknown limit", runs, run({ limits: { gpus: 1 } }), 400, "invalid_request"],
  ["NUL in an argument", runs, run({ args: ["a\0b"] }), 400, "invalid_request"],
  ["image that is a path", runs, run({ image: "../../etc" }), 400, "invalid_request"],
  ["image with a tag", runs, run({ image: "python:3" }), 400, "invalid_request"],
  ["broken base64 of stdin", runs, run({ stdin: "%%%", stdinEncoding: "base64" }), 400, "invalid_request"],
  [
    "a data file where the compiler puts the program",
    runs,
    run({ language: "c", source: "int main(void){}", dataFiles: [{ path: "a.out", content: "x" }] }),
    422,
    "bad_path",
  ],
  [
    "a data file where the compiler puts the program as a directory",
    runs,
    run({ language: "c", source: "int main(void){}", dataFiles: [{ path: "a.out/x", content: "x" }] }),
    422,
    "bad_path",
  ],
  ["too much stdin", runs, run({ stdin: "x".repeat(8 * 1024 * 1024 + 1) }), 413, "too_large"],
  [
    "source and files at once",
    runs,
    run({ files: [{ path: "a.py", content: "x" }] }),
    400,
    "invalid_request",
  ],
  ["neither source nor files", runs, { language: "python" }, 400, "invalid_request"],
  ["unknown field", runs, run({ shell: true }), 400, "invalid_request"],
  ["an array", runs, [], 400, "invalid_request"],
  ["no body", runs, "", 400, "invalid_request"],
  ["malformed JSON", runs, '{"language": "python",', 400, "malformed_json"],
  ["a body that is not UTF-8", runs, Uint8Array.from([0x22, 0xff, 0x22]), 400, "body_not_utf8"],
  [
    "another content type",
    runs,
    "language=python",
    415,
    "unsupported_media_type",
    { headers: { "content-type": "application/x-www-form-urlencoded" } },
  ],
  [
    "an archive as JSON",
    runs,
    "x",
    415,
    "unsupported_media_type",
    { headers: { "content-type": "application/zip" } },
  ],
  ["no token", runs, run({}), 401, "unauthenticated", { token: null }],
  ["a token of another shape", runs, run({}), 401, "unauthenticated", { token: "assay_short" }],
  ["a token that nobody made", runs, run({}), 401, "unauthenticated", { token: `assay_${"A".repeat(43)}` }],
  ["wait for too long", `${runs}?wait=61`, run({}), 400, "invalid_request"],
  ["wait for no number", `${runs}?wait=soon`, run({}), 400, "invalid_request"],
];

describe("bad input", () => {
  it.each(cases)("%s is refused and leaves no job", async (_name, path, body, status, code, sent) => {
    const received = await server.send("POST", path, { token: server.owner, body, ...sent });
    const details = problemOf(received);
    expect({ status: details.status, code: details.code, fault: details.fault }).toEqual({
      status,
      code,
      fault: "client",
    });
    expect(details.detail).toMatch(/\w.*\.$/);
    expect(details.correlationId).toBe(received.headers.get("x-request-id"));
    expect(await jobs()).toEqual({ count: 0 });
    expect(await entries()).toEqual({ count: 0 });
  });

  it("points at the line of malformed JSON", async () => {
    const body = '{\n  "language": "python"\n  "source": ""\n}';
    const details = problemOf(await server.send("POST", runs, { token: server.owner, body }));
    expect(details.issues).toEqual([{ where: "body:3:3", line: 3, message: expect.any(String) }]);
  });

  it("names the field that does not fit", async () => {
    const details = problemOf(
      await server.send("POST", runs, { token: server.owner, body: run({ args: [1] }) }),
    );
    expect(details.issues[0]).toMatchObject({ where: "body/args/0" });
  });

  it("answers unknown paths and methods as problem details", async () => {
    expect(problemOf(await server.send("GET", "/api/v1/nothing"))).toMatchObject({
      status: 404,
      code: "not_found",
    });
    const wrongMethod = await server.send("DELETE", "/api/v1/jobs", { token: server.owner });
    expect(problemOf(wrongMethod)).toMatchObject({ status: 405, code: "method_not_allowed" });
    expect(wrongMethod.headers.get("allow")).toBe("GET");
    expect(problemOf(await server.send("GET", "/api/v1/jobs/%ff"))).toMatchObject({ status: 400 });
    const noUuid = await server.send("GET", "/api/v1/jobs/1", { token: server.owner });
    expect(problemOf(noUuid)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("keeps a sane X-Request-Id and replaces another", async () => {
    const sane = await server.send("GET", "/api/v1/nothing", {
      headers: { "x-request-id": "class-7:run.12" },
    });
    expect(problemOf(sane).correlationId).toBe("class-7:run.12");
    const evil = await server.send("GET", "/api/v1/nothing", {
      headers: { "x-request-id": 'a {}"level":60' },
    });
    expect(problemOf(evil).correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("refuses cursors that no page handed out", async () => {
    for (const cursor of [
      "x",
      Buffer.from('["2026-99-99 00:00:00+00","018f0000-0000-7000-8000-000000000000"]').toString("base64url"),
    ]) {
      const received = await server.send("GET", `/api/v1/jobs?cursor=${cursor}`, { token: server.owner });
      expect(problemOf(received)).toMatchObject({ status: 400, code: "invalid_request" });
    }
  });

  it("refuses a language only while runners are alive that all say no", async () => {
    await using other = await temporaryDatabase();
    await using server = await testServer(other.url);
    const body = run({});
    const queued = await server.send("POST", runs, { token: server.owner, body });
    expect(queued.status).toBe(201);
    expect(queued.json).toMatchObject({ state: "queued", waitingFor: "No runner is connected." });

    await runner(server, { languages: [offer("python", false, "the image python is damaged")] });
    const refused = problemOf(await server.send("POST", runs, { token: server.owner, body }));
    expect(refused).toMatchObject({ status: 422, code: "language_unavailable" });
    expect(refused.detail).toContain("the image python is damaged");

    await runner(server, { name: "r2", languages: [offer("python")] });
    expect((await server.send("POST", runs, { token: server.owner, body })).status).toBe(201);
  });
});
