import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { LeaseResponse } from "@assay/contracts";
import type { LeasedJob } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configFromEnvironment } from "../../main.ts";
import { offer, organization, runResult, runner } from "../../testing/factories.ts";
import { testServer } from "../../testing/test-server.ts";
import type { Sent, TestServer } from "../../testing/test-server.ts";
import { PistonSocket } from "./testing/piston-socket.ts";

const { compatible } = configFromEnvironment({
  ASSAY_DATABASE_URL: "postgresql://localhost/assay",
  ASSAY_BLOBS_DIR: "/b",
  ASSAY_SECRETS_DIR: "/s",
  ASSAY_COMPATIBLE_APIS: "piston",
  ASSAY_COMPATIBLE_QUEUE: "3",
});

let temporary: TemporaryDatabase;
let server: TestServer;
let runnerId: string;
let other: Awaited<ReturnType<typeof organization>>;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { compatible, maxDataBytes: 100_000 });
  const languages = [version("python", "3.11.2"), version("cpp", "12.2.0"), offer("bash", false, "gone")];
  runnerId = await runner(server, { languages });
  other = await organization(temporary.database, "other");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});
beforeEach(() => temporary.database.query("delete from jobs"));

const call = (method: string, path: string, body?: unknown, sent: Sent = {}) =>
  server.send(method, `/piston/api/v2${path}`, {
    token: server.owner,
    ...(body === undefined ? {} : { body }),
    ...sent,
  });
const version = (id: string, text: string) => ({ ...offer(id), version: text });
const hello = { language: "python", version: "3.x", files: [{ content: "print('hi')" }] };
const open = (bearer = server.owner) => PistonSocket.open(server.running.url, bearer);
const countOf = async (what: string): Promise<number> =>
  (await temporary.database.query(`select 1 from ${what}`)).rows.length;
const jobs = async () => (await temporary.database.query("select count(*)::int from jobs")).rows[0];
const asRunner = (path: string, body: unknown) =>
  server.send("POST", `/api/v1/runner/${path}`, { token: server.runner, body });
const lease = async (): Promise<LeasedJob> => {
  const { json } = await asRunner("lease", { runnerId, max: 1, waitSeconds: 20 });
  const [job] = LeaseResponse.parse(json).jobs;
  if (job === undefined) throw new Error("there was nothing to lease");
  return job;
};
const attempt = ({ jobId, attempt: number }: LeasedJob): string => `jobs/${jobId}/attempts/${number}`;
const settle = (job: LeasedJob, settlement: object) =>
  asRunner(`${attempt(job)}/settle`, { offset: 0, events: [], settlement });
const input = async (job: LeasedJob, after: number): Promise<unknown> =>
  (
    await server.send("GET", `/api/v1/runner/${attempt(job)}/input?after=${after}&wait=20`, {
      token: server.runner,
    })
  ).json;

describe("requests that can't be run", () => {
  it.each<[string, object, string]>([
    ["no language", { ...hello, language: undefined }, "language is required as a string"],
    ["a language that is no text", { ...hello, language: 3 }, "language is required as a string"],
    ["no version", { ...hello, version: undefined }, "version is required as a string"],
    ["no files", { ...hello, files: undefined }, "files is required as an array"],
    ["files that are no list", { ...hello, files: { content: "x" } }, "files is required as an array"],
    [
      "a file without content",
      { ...hello, files: [hello.files[0], {}] },
      "files[1].content is required as a string",
    ],
    ["a file that is nothing", { ...hello, files: [null] }, "files[0].content is required as a string"],
    ["no text at all", { ...hello, files: [] }, "files must include at least one utf8 encoded file"],
    [
      "bytes only",
      { ...hello, files: [{ content: "aGk=", encoding: "base64" }] },
      "files must include at least one utf8 encoded file",
    ],
    ["a language that is not here", { ...hello, language: "klingon" }, "klingon-3.x runtime is unknown"],
    ["a language that is gone", { ...hello, language: "bash", version: "*" }, "bash-* runtime is unknown"],
    ["a version that is not here", { ...hello, version: "^2" }, "python-^2 runtime is unknown"],
    ["a version that is none", { ...hello, version: "latest" }, "python-latest runtime is unknown"],
    [
      "too much time",
      { ...hello, run_timeout: 3001 },
      "run_timeout cannot exceed the configured limit of 3000",
    ],
    [
      "too much time to compile",
      { ...hello, compile_timeout: 1e9 },
      "compile_timeout cannot exceed the configured limit of 10000",
    ],
    ["negative time", { ...hello, run_cpu_time: -1 }, "run_cpu_time must be non-negative"],
    ["time as text", { ...hello, run_timeout: "1" }, "If specified, run_timeout must be a number"],
    [
      "too much memory",
      { ...hello, run_memory_limit: 2 ** 40 },
      "run_memory_limit cannot exceed the configured limit of 2147483648",
    ],
    ["arguments that are no texts", { ...hello, args: [1] }, "args must be an array of strings"],
    ["input that is no text", { ...hello, stdin: 1 }, "stdin must be a string"],
    [
      "broken base64",
      { ...hello, files: [...hello.files, { content: "%", encoding: "base64" }] },
      "files[1].content is not valid base64",
    ],
    [
      "broken hex",
      { ...hello, files: [...hello.files, { content: "abc", encoding: "hex" }] },
      "files[1].content is not valid hex",
    ],
  ])("%s", async (_, body, message) => {
    const { status, json } = await call("POST", "/execute", body);
    expect({ status, json }).toEqual({ status: 400, json: { message } });
    expect(await jobs()).toEqual({ count: 0 });
  });

  it.each<[string, object]>([
    ["a path that climbs", { files: [{ name: "../x.py", content: "1" }] }],
    ["an absolute path", { files: [{ name: "/etc/x", content: "1" }] }],
    [
      "one name twice",
      {
        files: [
          { name: "a.py", content: "1" },
          { name: "a.py", content: "2" },
        ],
      },
    ],
    ["nothing but white space", { files: [{ content: " " }] }],
    ["a NUL", { files: [{ content: "a\0" }] }],
    ["too much input", { stdin: "x".repeat(100_001) }],
    ["too many arguments", { args: Array.from({ length: 257 }, () => "x") }],
    [
      "too many files",
      { language: "c++", version: "*", files: Array.from({ length: 65 }, () => ({ content: "x" })) },
    ],
  ])("%s", async (_, change) => {
    const { status, json } = await call("POST", "/execute", { ...hello, ...change });
    expect({ status, json }).toEqual({ status: 400, json: { message: expect.stringMatching(/\w/) } });
    expect(await jobs()).toEqual({ count: 0 });
  });

  it("other than JSON, no JSON, and no object", async () => {
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect(await call("POST", "/execute", "language=python", form)).toMatchObject({
      status: 415,
      json: { message: "requests must be of type application/json" },
    });
    expect((await call("DELETE", "/packages", undefined)).status).toBe(415);
    expect(await call("POST", "/execute", "{")).toMatchObject({
      status: 400,
      json: { message: expect.any(String) },
    });
    for (const body of ["null", "[]", "3"])
      expect(await call("POST", "/execute", body)).toMatchObject({
        status: 400,
        json: { message: "language is required as a string" },
      });
    const huge = await call("POST", "/execute", { ...hello, stdin: "x".repeat(20_000_000) });
    expect(huge).toMatchObject({ status: 413, json: { message: expect.any(String) } });
  });

  it("without a token, or with one that may not", async () => {
    for (const path of ["/runtimes", "/packages"])
      expect(await call("GET", path, undefined, { token: null })).toMatchObject({
        status: 401,
        json: { message: expect.stringContaining("token") },
      });
    expect((await call("POST", "/execute", hello, { token: server.runner })).status).toBe(403);
    expect(
      (await call("GET", "/runtimes", undefined, { token: null, headers: { authorization: server.owner } }))
        .status,
    ).toBe(200);
  });
});

describe("what there is", () => {
  it("runtimes, and packages that can't be changed", async () => {
    expect((await call("GET", "/runtimes")).json).toEqual([
      {
        language: "c++",
        version: "12.2.0",
        aliases: expect.arrayContaining(["cpp", "cpp12", "g++"]),
        runtime: "gcc",
      },
      {
        language: "python",
        version: "3.11.2",
        aliases: expect.arrayContaining(["py", "py3", "python3", "python3.11"]),
      },
    ]);
    expect((await call("GET", "/packages")).json).toEqual([
      { language: "c++", language_version: "12.2.0", installed: true },
      { language: "python", language_version: "3.11.2", installed: true },
    ]);
    for (const method of ["POST", "DELETE"]) {
      const named = (language: string) => call(method, "/packages", { language, version: "3.11.2" });
      expect((await named("python")).status).toBe(403);
      expect(await named("ruby")).toMatchObject({
        status: 404,
        json: { message: "Requested package ruby-3.11.2 does not exist" },
      });
      expect((await call(method, "/packages", {})).status).toBe(400);
    }
    expect((await call("GET", "/runtimes", undefined, { token: other.tokens.owner })).json).toEqual([]);
    expect((await call("GET", "/nothing")).json).toEqual({ message: expect.any(String) });
  });

  it("nothing of it in our own API's description", async () => {
    expect(JSON.stringify((await server.send("GET", "/api/v1/openapi.json")).json)).not.toContain("/piston");
  });
});

describe("an execution", () => {
  it("is one run of ours, with the limits that were asked for", async () => {
    const files = [
      { name: "a.cpp", content: "int main(){}" },
      { name: "b.cpp", content: "int b;" },
      { name: "c.bin", content: "AA==", encoding: "base64" },
    ];
    const answer = call("POST", "/execute", {
      language: "g++",
      version: "12",
      files,
      stdin: "x",
      run_timeout: 1500,
      compile_memory_limit: 2 ** 28,
      run_memory_limit: -1,
    });
    const job = await lease();
    expect(job.payload).toMatchObject({
      kind: "run",
      language: "cpp",
      files: files.slice(0, 2).map(({ name, content }) => ({ path: name, content })),
      dataFiles: [{ path: "c.bin", contentBase64: "AA==" }],
      stdinBase64: Buffer.from("x\n").toString("base64"),
      limits: { wallMs: 1500, cpuMs: 3000, memoryBytes: 2 ** 29 },
      options: {
        streams: "watched",
        stopAtOutputLimit: true,
        compileLimits: { wallMs: 10_000, memoryBytes: 2 ** 28 },
      },
    });
    await settle(job, { how: "completed", result: runResult("done\n") });
    expect(await answer).toMatchObject({
      status: 200,
      json: { version: "12.2.0", run: { stdout: "done\n", code: 0 } },
    });
  });

  it("of which the platform has no result is told so", async () => {
    const answer = call("POST", "/execute", hello);
    await settle(await lease(), { how: "failed", code: "x", message: "no sandbox takes this" });
    expect(await answer).toMatchObject({ status: 500, json: { message: "no sandbox takes this" } });
  });

  it("whose client leaves is withdrawn", async () => {
    const leaving = new AbortController();
    const gone = call("POST", "/execute", hello, { signal: leaving.signal }).catch(() => "gone");
    const job = await lease();
    leaving.abort();
    expect(await gone).toBe("gone");
    const isAsked = async (): Promise<boolean> => {
      const { json } = await asRunner("beat", {
        runnerId,
        attempts: [{ jobId: job.jobId, attempt: job.attempt }],
      });
      return (json as { cancelled: unknown[] }).cancelled.length === 1;
    };
    while (!(await isAsked()));
    expect((await settle(job, { how: "cancelled" })).status).toBe(204);
  });

  it("finds no room in a full queue", async () => {
    const waiting = new AbortController();
    const runs = { language: "python", source: "print(1)" };
    for (let n = 0; n < 3; n++)
      await server.send("POST", "/api/v1/runs", { token: server.owner, body: runs });
    expect(await call("POST", "/execute", hello)).toMatchObject({
      status: 503,
      json: { message: "queue is full" },
    });
    waiting.abort();
  });
});

/** A request whose client would rather speak another protocol. */
const asking = async (method: string, path: string, body = ""): Promise<number | undefined> => {
  const sent = request(`${server.running.url}${path}`, {
    method,
    agent: false,
    headers: {
      authorization: `Bearer ${server.owner}`,
      connection: "Upgrade, HTTP2-Settings",
      upgrade: "h2c",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    },
  }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode;
};

describe("a client that offers another protocol", () => {
  it("is served as ever where there is no session", async () => {
    expect(await asking("POST", "/piston/api/v2/execute", "{}")).toBe(400);
    expect(await asking("POST", "/api/v1/runs", "{}")).toBe(400);
    expect(await asking("GET", "/piston/api/v2/runtimes?x=/piston/api/v2/connect")).toBe(200);
  });
});

describe("a session", () => {
  const init = { ...hello, type: "init" };
  const begun = async () => {
    const socket = await open();
    socket.send(init);
    await socket.until(({ type }) => type === "runtime");
    const job = await lease();
    await socket.until(({ type }) => type === "stage");
    return { socket, job };
  };

  it("needs a token before it begins", async () => {
    await expect(open("assay_x")).rejects.toThrow("did not take");
    const answer = await fetch(`${server.running.url}/piston/api/v2/connect`);
    expect(answer.status).not.toBe(200);
  });

  it.each<[string, readonly (object | string)[], number, string]>([
    ["data first", [{ type: "data", stream: "stdin", data: "x" }], 4003, "Not yet initialized"],
    ["a signal first", [{ type: "signal", signal: "SIGTERM" }], 4003, "Not yet initialized"],
    ["init twice", [init, init], 4000, "Already Initialized"],
    [
      "another stream",
      [init, { type: "data", stream: "stdout", data: "x" }],
      4004,
      "Can only write to stdin",
    ],
    ["no signal", [init, { type: "signal", signal: "SIGNOTHING" }], 4005, "Invalid signal"],
    ["no JSON", ["{"], 4002, "Notified Error"],
    ["an unknown runtime", [{ ...init, language: "klingon" }], 4002, "Notified Error"],
    ["data that is no text", [init, { type: "data", stream: "stdin", data: 1 }], 4002, "Notified Error"],
    [
      "too much data",
      [init, { type: "data", stream: "stdin", data: "x".repeat(100_001) }],
      4002,
      "Notified Error",
    ],
    [
      "too many signals",
      [init, ...Array.from({ length: 200 }, () => ({ type: "signal", signal: "SIGWINCH" }))],
      4002,
      "Notified Error",
    ],
    ["nothing in time", [], 4001, "Initialization Timeout"],
  ])("is closed after %s", async (_, frames, code, reason) => {
    using socket = await open();
    for (const frame of frames) socket.send(frame);
    expect(await socket.closed).toEqual({ code, reason });
    // Whatever was made for it goes away with it.
    while ((await countOf("jobs where state = 'queued'")) > 0);
  });

  it("tells what is wrong before it is closed", async () => {
    using socket = await open();
    socket.send({ ...init, version: "2" });
    const [error] = await socket.until(({ type }) => type === "error");
    expect(error).toEqual({ type: "error", message: "python-2 runtime is unknown" });
  });

  it("carries input in order to whoever has the lease, in few rows, and forgets it", async () => {
    const { socket, job } = await begun();
    expect(job.payload).toMatchObject({ options: { streams: "interactive" } });
    for (let n = 0; n < 500; n++) socket.write(`${n},`);
    socket.send({ type: "signal", signal: "SIGINT" });
    socket.write("after");
    const heard: { type: string; base64?: string; signal?: string }[] = [];
    for (
      let last = 0;
      heard.filter(({ type }) => type === "signal").length === 0 || !textOf(heard).endsWith("after");
    ) {
      const { inputs } = (await input(job, last)) as {
        inputs: { seq: number; body: (typeof heard)[number] }[];
      };
      for (const { seq, body } of inputs) {
        expect(seq).toBe(++last);
        heard.push(body);
      }
    }
    expect(textOf(heard)).toBe(`${Array.from({ length: 500 }, (_, n) => `${n},`).join("")}[SIGINT]after`);
    await settle(job, { how: "completed", result: runResult("") });
    expect(await socket.closed).toMatchObject({ code: 4999 });
    while ((await countOf("job_inputs")) > 0);
  });

  it("gives its input to nobody else", async () => {
    const { socket, job } = await begun();
    socket.write("secret");
    const asked = (path: string, bearer: string) =>
      server.send("GET", `/api/v1/runner/${path}`, { token: bearer });
    const path = `jobs/${job.jobId}/attempts/${job.attempt}/input`;
    expect((await asked(path, server.owner)).status).toBe(403);
    expect((await asked(path, other.tokens.runner)).status).toBe(404);
    const stale = await asked(`jobs/${job.jobId}/attempts/${job.attempt + 1}/input`, server.runner);
    expect(stale).toMatchObject({ status: 409, json: { code: "fence_refused" } });
    await settle(job, { how: "completed", result: runResult("") });
    expect(await socket.closed).toMatchObject({ code: 4999 });
    expect((await asked(path, server.runner)).status).toBe(409);
  });

  it("whose machine fails says so, and does not start again", async () => {
    const { socket, job } = await begun();
    await settle(job, { how: "released", reason: "test" });
    const again = await lease();
    const told = await socket.until(({ type }) => type === "error");
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining("machine") });
    expect(await socket.closed).toMatchObject({ code: 4002 });
    expect(await input(again, 0)).toMatchObject({
      inputs: [{ body: { type: "signal", signal: "SIGKILL" } }],
    });
    await settle(again, { how: "completed", result: runResult("") });
  });

  it("whose client leaves is withdrawn at once", async () => {
    const { socket, job } = await begun();
    socket[Symbol.dispose]();
    expect(await input(job, 0)).toMatchObject({ inputs: [{ body: { type: "signal", signal: "SIGKILL" } }] });
    await settle(job, { how: "completed", result: runResult("") });
  });

  it("ends with the server", async () => {
    await using own = await testServer(temporary.url, {
      compatible,
      secretsDirectory: server.config.secretsDirectory,
    });
    using socket = await PistonSocket.open(own.running.url, server.owner);
    socket.send(init);
    await socket.until(({ type }) => type === "runtime");
    const stopped = own.running[Symbol.asyncDispose]();
    const told = await socket.until(({ type }) => type === "error");
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining("stopping") });
    expect(await socket.closed).toMatchObject({ code: 4002 });
    await stopped;
  });
});

const textOf = (heard: readonly { type: string; base64?: string; signal?: string }[]): string =>
  heard
    .map((one) =>
      one.type === "stdin" ? Buffer.from(one.base64 ?? "", "base64").toString() : `[${one.signal}]`,
    )
    .join("");
