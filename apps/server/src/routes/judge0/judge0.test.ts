import { LeaseResponse } from "@assay/contracts";
import type { JobResult } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { craftZip } from "../../../../../packages/judging/src/archive/crafted.ts";
import { configFromEnvironment } from "../../main.ts";
import { offer, organization, problem, runResult, runner, token } from "../../testing/factories.ts";
import { submit } from "../../testing/judging.ts";
import { testServer } from "../../testing/test-server.ts";
import type { Received, Sent, TestServer } from "../../testing/test-server.ts";

const { compatible } = configFromEnvironment({
  ASSAY_DATABASE_URL: "postgresql://localhost/assay",
  ASSAY_BLOBS_DIR: "/b",
  ASSAY_SECRETS_DIR: "/s",
  ASSAY_COMPATIBLE_APIS: "judge0",
  ASSAY_COMPATIBLE_QUEUE: "25",
  ASSAY_JUDGE0_ALLOW_DELETE: "true",
});

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let other: Awaited<ReturnType<typeof organization>>;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { compatible, maxSourceBytes: 100_000, maxDataBytes: 200_000 });
  runnerId = await runner(server, { languages: [offer("python"), offer("c"), offer("bash", false, "gone")] });
  other = await organization(temporary.database, "other");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});
beforeEach(() => temporary.database.query("delete from jobs"));

const call = (method: string, path: string, body?: unknown, sent: Sent = {}): Promise<Received> =>
  server.send(method, `/judge0${path}`, {
    headers: { "x-auth-token": server.owner },
    ...(body === undefined ? {} : { body }),
    ...sent,
  });
const asOwner = (): Sent => ({ headers: { "x-auth-token": server.owner, "x-auth-user": server.owner } });
const hello = { source_code: "print('hi')", language_id: 71 };
const Made = z.object({ token: z.uuid() });
const make = async (body: object = hello, query = ""): Promise<string> =>
  Made.parse((await call("POST", `/submissions${query}`, body)).json).token;
const read = (made: string, query = "") => call("GET", `/submissions/${made}${query}`);
const base64 = (value: string | Uint8Array): string => Buffer.from(value).toString("base64");
const jobs = async () => (await temporary.database.query("select count(*)::int from jobs")).rows[0];

/** A runner that takes every job and ends it so. */
async function settleAll(result: JobResult = runResult("hi\n")) {
  const { json } = await server.send("POST", "/api/v1/runner/lease", {
    token: server.runner,
    body: { runnerId, max: 50, waitSeconds: 0 },
  });
  const leased = LeaseResponse.parse(json).jobs;
  for (const { jobId, attempt } of leased)
    await server.send("POST", `/api/v1/runner/jobs/${jobId}/attempts/${attempt}/settle`, {
      token: server.runner,
      body: { offset: 0, events: [], settlement: { how: "completed", result } },
    });
  return leased;
}

describe("who may use Judge0's API", () => {
  it.each<[string, Sent, string]>([
    ["nobody", { headers: {} }, ""],
    ["a made-up token", { headers: { "x-auth-token": `assay_${"A".repeat(43)}` } }, ""],
    ["a made-up token in the query", { headers: {} }, "?X-Auth-Token=assay_x"],
  ])("not %s", async (_, sent, query) => {
    for (const path of ["/languages", "/about", "/statistics", "/workers", "/config_info", "/submissions/x"])
      expect((await call("GET", `${path}${query}`, undefined, sent)).status).toBe(401);
    expect((await call("POST", `/submissions${query}`, hello, sent)).status).toBe(401);
    expect((await call("POST", `/authenticate${query}`, {}, sent)).status).toBe(401);
  });

  it("nobody is asked who he is only after his body was read", async () => {
    const huge = { ...hello, stdin: "x".repeat(40_000_000) };
    expect((await call("POST", "/submissions", huge, { headers: {} })).status).toBe(401);
  });

  it("a token as header, as bearer, or in the query", async () => {
    expect((await call("POST", "/authenticate", {})).status).toBe(200);
    expect((await call("POST", "/authenticate", {}, { headers: {}, token: server.owner })).status).toBe(200);
    const query = `?X-Auth-Token=${server.owner}`;
    expect((await call("POST", `/authenticate${query}`, {}, { headers: {} })).status).toBe(200);
  });

  it("an administrator has an owner's token of the same organization besides", async () => {
    expect((await call("POST", "/authorize", {})).status).toBe(403);
    const learner = (await token(server, "learner")).secret;
    for (const user of [learner, other.tokens.owner, "x"])
      expect(
        (
          await call("GET", "/submissions", undefined, {
            headers: { "x-auth-token": server.owner, "x-auth-user": user },
          })
        ).status,
      ).toBe(403);
    expect((await call("POST", "/authorize", {}, asOwner())).status).toBe(200);
  });

  it("a runner's token may not submit", async () => {
    const sent = { headers: { "x-auth-token": server.runner } };
    expect((await call("POST", "/submissions", hello, sent)).status).toBe(403);
  });

  it("another organization, or another learner, has no such submission", async () => {
    const made = await make();
    const learner = (await token(server, "learner")).secret;
    for (const secret of [other.tokens.owner, learner]) {
      const sent = { headers: { "x-auth-token": secret } };
      expect((await call("GET", `/submissions/${made}`, undefined, sent)).status).toBe(404);
      const batch = await call("GET", `/submissions/batch?tokens=${made}`, undefined, sent);
      expect(batch.json).toEqual({ submissions: [null] });
    }
    const foreign = { headers: { "x-auth-token": other.tokens.owner, "x-auth-user": other.tokens.owner } };
    expect((await call("DELETE", `/submissions/${made}`, undefined, foreign)).status).toBe(404);
    expect((await call("GET", "/submissions", undefined, foreign)).json).toMatchObject({ submissions: [] });
  });
});

describe("submissions that can't be taken", () => {
  it.each<[string, object, string, string]>([
    ["no source", { language_id: 71 }, "source_code", "can't be blank"],
    ["white space", { ...hello, source_code: " \n" }, "source_code", "can't be blank"],
    ["no language", { source_code: "x" }, "language_id", "can't be blank"],
    [
      "an unknown language",
      { ...hello, language_id: 44 },
      "language_id",
      "language with id 44 doesn't exist",
    ],
    [
      "a language that is gone",
      { ...hello, language_id: 46 },
      "language_id",
      "language with id 46 is archived and cannot be used anymore",
    ],
    ["a language of words", { ...hello, language_id: "python" }, "language_id", "can't be blank"],
    [
      "too much time",
      { ...hello, cpu_time_limit: 15.1 },
      "cpu_time_limit",
      "must be less than or equal to 15",
    ],
    ["no time", { ...hello, cpu_time_limit: 0 }, "cpu_time_limit", "must be greater than 0"],
    ["a time of words", { ...hello, cpu_time_limit: "long" }, "cpu_time_limit", "is not a number"],
    [
      "too little wall time",
      { ...hello, wall_time_limit: 0.5 },
      "wall_time_limit",
      "must be greater than or equal to 1",
    ],
    [
      "too little memory",
      { ...hello, memory_limit: 2047 },
      "memory_limit",
      "must be greater than or equal to 2048",
    ],
    [
      "half a process",
      { ...hello, max_processes_and_or_threads: 1.5 },
      "max_processes_and_or_threads",
      "must be an integer",
    ],
    ["21 runs", { ...hello, number_of_runs: 21 }, "number_of_runs", "must be less than or equal to 20"],
    ["a network", { ...hello, enable_network: true }, "enable_network", "this option cannot be enabled"],
    [
      "long options",
      { ...hello, compiler_options: "x".repeat(513) },
      "compiler_options",
      "is too long (maximum is 512 characters)",
    ],
    [
      "an open quote",
      { ...hello, command_line_arguments: "'a" },
      "command_line_arguments",
      "has a quote that is not closed",
    ],
    [
      "a callback to a file",
      { ...hello, callback_url: "file:///etc/passwd" },
      "callback_url",
      "is not an http or https address",
    ],
    [
      "a callback with a NUL",
      { ...hello, callback_url: "http://example.com/\0" },
      "callback_url",
      "is not an http or https address",
    ],
    ["a source that is a list", { ...hello, source_code: ["x"] }, "source_code", "must be a string"],
    [
      "files that are no base64",
      { ...hello, additional_files: "%%%" },
      "additional_files",
      "is not valid base64",
    ],
    [
      "files that are no zip",
      { ...hello, additional_files: base64("hello") },
      "additional_files",
      "this is no zip archive",
    ],
    [
      "a file with a path that no run takes",
      { ...hello, additional_files: base64(craftZip([{ name: `${"long/".repeat(60)}a`, content: "x" }])) },
      "additional_files",
      expect.stringContaining("longer than 255 bytes"),
    ],
    [
      "several files of which none is run",
      { language_id: 89, additional_files: base64(emptyZip()) },
      "language_id",
      "language with id 89 is archived and cannot be used anymore",
    ],
    ["a NUL in the source", { ...hello, source_code: "a\0b" }, "source_code", expect.stringContaining("NUL")],
    [
      "a NUL in an argument",
      { ...hello, command_line_arguments: "a\0b" },
      "command_line_arguments",
      expect.stringContaining("NUL"),
    ],
    [
      "too much source",
      { ...hello, source_code: "x".repeat(100_001) },
      "source_code",
      expect.stringContaining("100000"),
    ],
    ["too much input", { ...hello, stdin: "x".repeat(200_001) }, "stdin", expect.stringContaining("200000")],
    [
      "too much expected",
      { ...hello, expected_output: "x".repeat(200_001) },
      "expected_output",
      expect.stringContaining("200000"),
    ],
  ])("%s: 422 with the field", async (_, body, field, message) => {
    const answer = await call("POST", "/submissions", body);
    expect({ status: answer.status, json: answer.json }).toEqual({
      status: 422,
      json: { [field]: [message] },
    });
    expect(await jobs()).toEqual({ count: 0 });
  });

  it("plain text where base64 was announced", async () => {
    const answer = await call("POST", "/submissions?base64_encoded=true", hello);
    expect(answer).toMatchObject({ status: 422, json: { source_code: [expect.stringContaining("base64")] } });
  });

  it("a body that is no object, no JSON, or too large", async () => {
    expect((await call("POST", "/submissions", "[")).status).toBe(400);
    expect((await call("POST", "/submissions", [])).status).toBe(422);
    expect((await call("POST", "/submissions", "null")).status).toBe(422);
    const huge = await call("POST", "/submissions", { ...hello, stdin: "x".repeat(40_000_000) });
    expect(huge).toMatchObject({ status: 413, json: { error: expect.any(String) } });
  });

  it("fields and pages that do not exist", async () => {
    const made = await make();
    expect(await read(made, "?fields=token,secret,jobId")).toMatchObject({
      status: 400,
      json: { error: "invalid fields: [secret, jobId]" },
    });
    expect((await call("POST", "/submissions?fields=nope", hello)).status).toBe(400);
    for (const query of ["?page=0", "?per_page=x", "?page=1e3"])
      expect((await call("GET", `/submissions${query}`, undefined, asOwner())).status).toBe(400);
  });

  it.each(["x", "018f0000-0000-7000-8000-000000000000", "%00", "..%2f..%2fapi"])("token %s", async (made) => {
    expect((await read(made)).status).toBe(404);
  });

  it("no fewer while submissions to problems wait", async () => {
    await problem(server);
    for (let n = 0; n < 25; n++) await submit(server, server.owner, "print(42)");
    expect((await call("POST", "/submissions", hello)).status).toBe(201);
    // So that the next tests do not lease them.
    expect(await settleAll()).toHaveLength(26);
  });

  it("more than the queue holds", async () => {
    for (let n = 0; n < 25; n++) await make();
    expect(await call("POST", "/submissions", hello)).toMatchObject({
      status: 503,
      json: { error: "queue is full" },
    });
    const batch = { submissions: [hello] };
    expect((await call("POST", "/submissions/batch", batch)).status).toBe(503);
    // The bound is the organization's own.
    const sent = { headers: { "x-auth-token": other.tokens.owner } };
    expect((await call("POST", "/submissions", { ...hello }, sent)).status).toBe(422);
  });
});

/** A zip archive with nothing in it. */
function emptyZip(): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  return end;
}

describe("submissions", () => {
  it("answer a token, wait in the queue, and are accepted; what is not known is ignored", async () => {
    const made = await make({ ...hello, nonsense: 1, jobId: "x" });
    expect((await read(made)).json).toEqual({
      stdout: null,
      time: null,
      memory: null,
      stderr: null,
      token: made,
      compile_output: null,
      message: null,
      status: { id: 1, description: "In Queue" },
    });
    const [job] = await settleAll();
    expect(job?.payload).toMatchObject({
      kind: "run",
      files: [{ path: "script.py", content: "print('hi')" }],
      limits: {
        cpuMs: 6000,
        wallMs: 10_000,
        memoryBytes: 128_000 * 1024,
        processes: 60,
        fileBytes: 1024 * 1024,
      },
      stopAtProcessLimit: false,
      options: { streams: "captured", stopAtOutputLimit: true, repeat: 1 },
    });
    expect((await read(made)).json).toMatchObject({
      stdout: "hi\n",
      time: "0.002",
      memory: 977,
      status: { id: 3, description: "Accepted" },
    });
  });

  it("wait when they are asked to", async () => {
    const answer = call("POST", "/submissions?wait=true&fields=status_id,token", hello);
    while ((await settleAll()).length === 0);
    expect(await answer).toMatchObject({ status: 201, json: { status_id: 3, token: expect.any(String) } });
  });

  it("carry everything as base64 where that was asked for, in lines of 60", async () => {
    const body = {
      source_code: base64("print(input())"),
      language_id: "71",
      stdin: `${base64("x".repeat(60)).slice(0, 60)}\n${base64("x".repeat(60)).slice(60)}`,
      expected_output: base64("hi"),
      command_line_arguments: "a 'b c' $HOME",
      cpu_time_limit: "2.5",
      redirect_stderr_to_stdout: "true",
    };
    const made = await make(body, "?base64_encoded=true");
    const [job] = await settleAll(runResult("hi \n\n"));
    expect(job?.payload).toMatchObject({ args: ["a", "b c", "HOME"], options: { stderrToStdout: true } });
    const all = await read(made, "?base64_encoded=true&fields=*");
    expect(all.json).toMatchObject({
      source_code: `${base64("print(input())")}\n`,
      stdin: `${base64("x".repeat(45))}\n${base64("x".repeat(15))}\n`,
      stdout: `${base64("hi \n\n")}\n`,
      expected_output: `${base64("hi")}\n`,
      status: { id: 3 },
      status_id: 3,
      cpu_time_limit: "2.5",
      wall_time_limit: "10.0",
      language: { id: 71, name: "Python (3.11.2)" },
      additional_files: null,
      exit_code: 0,
      exit_signal: null,
      created_at: expect.any(String),
      finished_at: expect.any(String),
    });
  });

  it("compare with what was expected", async () => {
    const made = await make({ ...hello, expected_output: "hi there" });
    await settleAll();
    expect((await read(made)).json).toMatchObject({ status: { id: 4, description: "Wrong Answer" } });
  });

  it("whose output is no text are told only as base64", async () => {
    const bytes = Buffer.from([0xff, 0x00]);
    const binary = { text: "\ufffd\ufffd", exact: false, base64: bytes.toString("base64") };
    const made = await make();
    await settleAll({ ...(runResult() as Extract<JobResult, { kind: "run" }>), stdout: binary });
    expect(await read(made)).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining("UTF-8") },
    });
    const batch = await call("GET", `/submissions/batch?tokens=${made}`);
    expect(batch.status).toBe(400);
    const encoded = await read(made, "?base64_encoded=true");
    expect(encoded.json).toMatchObject({ stdout: `${bytes.toString("base64")}\n` });
  });

  it("come in batches, the bad ones with their reasons", async () => {
    const submissions = [hello, { ...hello, language_id: 1 }, hello];
    const answer = await call("POST", "/submissions/batch", { submissions });
    expect(answer).toMatchObject({
      status: 201,
      json: [
        { token: expect.any(String) },
        { language_id: [expect.any(String)] },
        { token: expect.any(String) },
      ],
    });
    await settleAll();
    const made = z
      .array(Made.partial())
      .parse(answer.json)
      .flatMap((one) => one.token ?? []);
    const tokens = [made[0], "018f0000-0000-7000-8000-000000000000", made[1], "nonsense"].join(",");
    expect((await call("GET", `/submissions/batch?tokens=${tokens}&fields=status_id`)).json).toEqual({
      submissions: [{ status_id: 3 }, null, { status_id: 3 }, null],
    });
    const allBad = await call("POST", "/submissions/batch", { submissions: [{}, 1, null] });
    expect(allBad.status).toBe(422);
    for (const bad of [
      {},
      { submissions: [] },
      { submissions: Array.from({ length: 21 }, () => hello) },
      { submissions: "x" },
      [],
    ])
      expect((await call("POST", "/submissions/batch", bad)).status).toBe(400);
    expect((await call("GET", "/submissions/batch?tokens=")).status).toBe(400);
  });

  it("are listed and deleted by an administrator", async () => {
    const first = await make();
    const second = await make();
    const list = await call("GET", "/submissions?per_page=1&fields=token", undefined, asOwner());
    expect(list.json).toEqual({
      submissions: [{ token: second }],
      meta: { current_page: 1, next_page: 2, prev_page: null, total_pages: 2, total_count: 2 },
    });
    expect(await call("DELETE", `/submissions/${first}`, undefined, asOwner())).toMatchObject({
      status: 400,
      json: { error: "submission cannot be deleted because its status is 1 (In Queue)" },
    });
    await settleAll();
    const deleted = await call("DELETE", `/submissions/${first}?fields=stdout`, undefined, asOwner());
    expect(deleted).toMatchObject({ status: 200, json: { stdout: `${base64("hi\n")}\n` } });
    expect((await read(first)).status).toBe(404);
    expect((await read(second)).status).toBe(200);
    expect((await call("DELETE", `/submissions/${second}`)).status).toBe(403);
  });
});

describe("what the service says of itself", () => {
  it("languages are those that work here, by their real versions", async () => {
    const { json } = await call("GET", "/languages");
    expect(json).toEqual([
      { id: 50, name: "C (GCC 1.0)" },
      { id: 71, name: "Python (1.0)" },
    ]);
    const all = z
      .array(z.object({ id: z.int(), name: z.string(), is_archived: z.boolean() }))
      .parse((await call("GET", "/languages/all")).json);
    expect(all.find(({ id }) => id === 46)).toEqual({ id: 46, name: "Bash", is_archived: true });
    expect(all.find(({ id }) => id === 92)).toMatchObject({ name: "Python (1.0)", is_archived: false });
    expect((await call("GET", "/languages/50")).json).toMatchObject({
      source_file: "main.c",
      compile_cmd: expect.stringMatching(/^gcc .* %s -o a\.out \.\/main\.c/),
      is_archived: false,
    });
    for (const id of ["44", "70", "x", "071"])
      expect((await call("GET", `/languages/${id}`)).status).toBe(404);
  });

  it("statuses, workers, settings, and the rest", async () => {
    expect((await call("GET", "/statuses")).json).toHaveLength(14);
    await make();
    expect((await call("GET", "/workers")).json).toMatchObject([{ size: 1, available: 2, working: 0 }]);
    expect((await call("GET", "/config_info")).json).toMatchObject({
      max_queue_size: 25,
      cpu_time_limit: 5,
      max_cpu_time_limit: 15,
      max_memory_limit: 512_000,
      allow_enable_network: false,
      enable_submission_delete: true,
    });
    const counted = (await call("GET", "/statistics?invalidate_cache=true")).json;
    expect(counted).toMatchObject({
      submissions: { total: 1, today: 1 },
      languages: [{ language: { id: 71 }, count: 1 }],
    });
    expect((await call("GET", "/system_info")).json).toMatchObject({ Runners: "1" });
    expect((await call("GET", "/about")).json).toMatchObject({ version: "1.13.1" });
    for (const path of ["/version", "/isolate", "/license"]) {
      const answer = await fetch(`${server.running.url}/judge0${path}`, {
        headers: { "x-auth-token": server.owner },
      });
      expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
      expect((await answer.text()).length).toBeGreaterThan(4);
    }
    expect((await call("GET", "/nothing")).status).toBe(404);
  });

  it("statistics leave out large results: fifty of them could be more than a server's memory", async () => {
    await make();
    await settleAll(runResult("hi\n"));
    await make();
    await settleAll(runResult("x".repeat(1_000_000)));
    const { json } = await call("GET", "/statistics?invalidate_cache=true");
    expect(json).toMatchObject({ submissions: { total: 2 } });
    const { statuses } = z
      .object({ statuses: z.array(z.object({ status: z.object({ id: z.int() }), count: z.int() })) })
      .parse(json);
    expect(statuses.filter(({ count }) => count > 0)).toMatchObject([{ status: { id: 3 }, count: 1 }]);
  });

  it("is no part of our own API's description, and is not there unless it was asked for", async () => {
    const { json } = await server.send("GET", "/api/v1/openapi.json");
    expect(JSON.stringify(json)).not.toContain("/judge0");
    await using plain = await testServer(temporary.url);
    expect((await plain.send("GET", "/judge0/about", { token: server.owner })).status).toBe(404);
  });
});
