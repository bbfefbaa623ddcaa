import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sandboxOrSkip, temporaryDirectory, untilTrue } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { command, isSleeping, shell, startTestService, usual } from "../../testing/service.ts";

const box = await sandboxOrSkip({ slots: 4 });
afterAll(() => box[Symbol.asyncDispose]());

const service = box.skip === null ? await startTestService(box.get()) : null;
afterAll(() => service?.[Symbol.asyncDispose]());

const run = async (cmd: object) => {
  if (service === null) throw new Error("no service");
  return service.run(cmd);
};

const measured = {
  time: expect.any(Number),
  memory: expect.any(Number),
  runTime: expect.any(Number),
  procPeak: expect.any(Number),
};
const silent = { stdout: "", stderr: "" };

/*
 * Requests with their whole answers, as the original gives them: from its documentation and its tests.
 * Where it puts a message of its own system, any message will do.
 */
const cases: readonly [name: string, cmd: object, answer: object][] = [
  [
    "an ordinary program",
    command(["/bin/echo", "hello world"]),
    { status: "Accepted", exitStatus: 0, ...measured, files: { stdout: "hello world\n", stderr: "" } },
  ],
  [
    "a program found in the PATH, with nothing on its standard input",
    command(["cat"], { files: [{ src: "/dev/null" }, usual[1], usual[2]] }),
    { status: "Accepted", exitStatus: 0, ...measured, files: silent },
  ],
  [
    "a program that was copied in",
    command(["a", "x"], { copyIn: { a: { content: '#!/bin/sh\necho "$0 $1"; pwd' } } }),
    { status: "Accepted", exitStatus: 0, ...measured, files: { stdout: "./a x\n/w\n", stderr: "" } },
  ],
  [
    "input and environment",
    shell('cat; echo "$MY_VAR"', {
      files: [{ content: "in é\n" }, usual[1], usual[2]],
      env: ["PATH=/bin", "MY_VAR=integration_test", "MY_VAR=second", "nothing", "=x"],
    }),
    {
      status: "Accepted",
      exitStatus: 0,
      ...measured,
      files: { stdout: "in é\nintegration_test\n", stderr: "" },
    },
  ],
  [
    "an exit code",
    shell("exit 7"),
    { status: "Nonzero Exit Status", exitStatus: 7, ...measured, files: silent },
  ],
  ["a signal", shell("kill -SEGV $$"), { status: "Signalled", exitStatus: 11, ...measured, files: silent }],
  [
    "a program that kills itself",
    shell("kill -KILL $$"),
    { status: "Signalled", exitStatus: 9, ...measured, files: silent },
  ],
  [
    "a signal to init, which it has no right to send",
    shell("kill -INT 1; true", { files: [usual[0], usual[1], null] }),
    { status: "Accepted", exitStatus: 0, ...measured, files: { stdout: "" } },
  ],
  [
    "too much processor time",
    shell("while true; do :; done", { cpuLimit: 1e8, clockLimit: 30e9 }),
    { status: "Time Limit Exceeded", exitStatus: 9, ...measured, files: silent },
  ],
  [
    "too much real time: the clock's limit is the processor's where none is given",
    command(["/bin/sleep", "30"], { cpuLimit: 2e8, clockLimit: 0 }),
    { status: "Time Limit Exceeded", exitStatus: 9, ...measured, files: silent },
  ],
  [
    "too much memory",
    shell("head -c 200000000 /dev/zero > /tmp/big", { memoryLimit: 16 * 2 ** 20, cpuLimit: 10e9 }),
    { status: "Memory Limit Exceeded", exitStatus: 9, ...measured, files: silent },
  ],
  [
    "too much output, of which one byte too many is given back",
    shell("head -c 2048 /dev/zero | tr '\\0' x", {
      files: [usual[0], { name: "stdout", max: 10 }, usual[2]],
    }),
    {
      status: "Output Limit Exceeded",
      exitStatus: 0,
      error: "Output Limit Exceeded",
      ...measured,
      files: { stdout: "x".repeat(11), stderr: "" },
      fileError: [{ name: "stdout", type: "CollectSizeExceeded", message: "Output Limit Exceeded" }],
    },
  ],
  [
    "too much output of a program that fails anyway",
    shell("echo 12345; exit 3", { files: [usual[0], { name: "stdout", max: 2, pipe: true }, usual[2]] }),
    {
      status: "Nonzero Exit Status",
      exitStatus: 3,
      ...measured,
      files: { stdout: "123", stderr: "" },
      fileError: [{ name: "stdout", type: "CollectSizeExceeded", message: "Output Limit Exceeded" }],
    },
  ],
  [
    "as much output as there may be",
    shell("printf 123", { files: [usual[0], { name: "stdout", max: 3 }, usual[2]] }),
    { status: "Accepted", exitStatus: 0, ...measured, files: { stdout: "123", stderr: "" } },
  ],
  [
    "two descriptors with one collector",
    shell("echo out; echo err >&2", {
      files: [usual[0], { name: "all", max: 99 }, { name: "all", max: 99 }],
    }),
    { status: "Accepted", exitStatus: 0, ...measured, files: { all: "out\nerr\n" } },
  ],
  [
    "output that is no UTF-8",
    shell("printf 'a\\377\\342\\202b'"),
    { status: "Accepted", exitStatus: 0, ...measured, files: { stdout: "a\ufffd\ufffd\ufffdb", stderr: "" } },
  ],
  [
    "a program that is not there",
    command(["/bin/nothing"]),
    {
      status: "Internal Error",
      exitStatus: 0,
      error: expect.stringContaining("execve"),
      ...measured,
      files: silent,
    },
  ],
  [
    "no program at all",
    command([]),
    {
      status: "Internal Error",
      exitStatus: 0,
      error: "execve: no args provided",
      time: 0,
      memory: 0,
      runTime: 0,
    },
  ],
  [
    "files in directories, through links, and back again",
    shell("ls d; cat l; printf new > /w/out; exit 0", {
      copyIn: { "d/e/f": { content: "deep" }, "/w/d/g": { content: "" }, l: { symlink: "d/e/f" } },
      copyOut: ["stdout", "out", "d/e/../e/f", "/w/d/g"],
    }),
    {
      status: "Accepted",
      exitStatus: 0,
      ...measured,
      files: { stdout: "e\ng\ndeep", stderr: "", out: "new", "d/e/../e/f": "deep", "/w/d/g": "" },
    },
  ],
  [
    "a file that is missing",
    command(["/bin/ls"], { copyOut: ["test"] }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      ...measured,
      files: silent,
      fileError: [{ name: "test", type: "CopyOutOpen", message: expect.any(String) }],
    },
  ],
  [
    "a file that is missing and may be",
    command(["/bin/ls"], { copyOut: ["test?", "/tmp/other?"] }),
    { status: "Accepted", exitStatus: 0, ...measured, files: silent },
  ],
  [
    "a missing file of a program that fails",
    shell("exit 1", { copyOut: ["test"] }),
    {
      status: "Nonzero Exit Status",
      exitStatus: 1,
      ...measured,
      files: silent,
      fileError: [{ name: "test", type: "CopyOutOpen", message: expect.any(String) }],
    },
  ],
  [
    "a link to copy out",
    command(["/bin/ln", "-s", "/etc/passwd", "out.txt"], { copyOut: ["out.txt"] }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      ...measured,
      files: silent,
      fileError: [{ name: "out.txt", type: "CopyOutOpen", message: expect.any(String) }],
    },
  ],
  [
    "a directory and a pipe to copy out",
    shell("mkdir d; mkfifo p", { copyOut: ["d", "p"] }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      ...measured,
      files: silent,
      fileError: ["d", "p"].map((name) => ({
        name,
        type: "CopyOutNotRegularFile",
        message: expect.any(String),
      })),
    },
  ],
  [
    "a file above the size to copy out",
    command(["/bin/cat", "input.txt"], {
      copyIn: { "input.txt": { content: "1234567890" } },
      copyOut: ["input.txt"],
      copyOutMax: 5,
    }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      ...measured,
      files: { stdout: "1234567890", stderr: "" },
      fileError: [{ name: "input.txt", type: "CopyOutSizeExceeded", message: expect.any(String) }],
    },
  ],
  [
    "the beginning of a file above the size to copy out",
    command(["/bin/cat", "input.txt"], {
      copyIn: { "input.txt": { content: "1234567890" } },
      copyOut: ["input.txt"],
      copyOutMax: 5,
      copyOutTruncate: true,
    }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      ...measured,
      files: { stdout: "1234567890", stderr: "", "input.txt": "12345" },
      fileError: [{ name: "input.txt", type: "CopyOutSizeExceeded", message: expect.any(String) }],
    },
  ],
  [
    "files that can't be copied in",
    command(["/bin/true"], {
      copyIn: { "/etc/x": { content: "" }, a: { content: "" }, "a/b": { content: "" }, l: { symlink: "" } },
    }),
    {
      status: "File Error",
      exitStatus: 0,
      error: expect.any(String),
      time: 0,
      memory: 0,
      runTime: 0,
      fileError: [
        { name: "/etc/x", type: "CopyInCreateFile", message: expect.any(String) },
        { name: "a/b", type: "CopyInCreateDir", message: expect.any(String) },
        { name: "l", type: "Symlink", message: expect.any(String) },
      ],
    },
  ],
  [
    "processors that are not here",
    command(["/bin/true"], { cpuSetLimit: "1000" }),
    {
      status: "Internal Error",
      exitStatus: 0,
      error: expect.any(String),
      time: 0,
      memory: 0,
      runTime: 0,
    },
  ],
  [
    "a file that is larger than the work directory",
    shell("head -c 300000000 /dev/zero > /w/big", { memoryLimit: 1000 * 2 ** 20 }),
    {
      status: "Nonzero Exit Status",
      exitStatus: 1,
      ...measured,
      files: { stdout: "", stderr: expect.any(String) },
    },
  ],
  [
    "more processes than there may be",
    shell("for i in 1 2 3 4 5; do sleep 100 & done; true", { procLimit: 3 }),
    {
      status: "Nonzero Exit Status",
      exitStatus: 2,
      ...measured,
      files: { stdout: "", stderr: expect.any(String) },
    },
  ],
  [
    "limits of the stack, of data and of addresses",
    shell("ulimit -s; ulimit -d; ulimit -v; ulimit -n", {
      stackLimit: 102_400_000,
      strictMemoryLimit: true,
      addressSpaceLimit: true,
    }),
    {
      status: "Accepted",
      exitStatus: 0,
      ...measured,
      files: { stdout: "100000\n131072\n131072\n256\n", stderr: "" },
    },
  ],
  [
    "a terminal, where both outputs are one",
    shell("test -t 0 && test -t 1 && test -t 2 && echo yes; read x; echo got $x >&2", {
      tty: true,
      files: [{ content: "typed\n" }, usual[1], usual[2]],
    }),
    {
      status: "Accepted",
      exitStatus: 0,
      ...measured,
      files: { stdout: expect.stringMatching(/yes\r\n[^]*got typed\r\n$/) },
    },
  ],
];

describe.skipIf(box.skip)(`POST /run ${box.skip ?? ""}`, () => {
  it.each(cases)("%s", async (_name, cmd, answer) => expect(await run(cmd)).toEqual(answer));

  it("tells true times and memory", async () => {
    const limited = await run(shell("while true; do :; done", { cpuLimit: 2e8 }));
    expect(limited["time"]).toBeGreaterThanOrEqual(2e8);
    expect(Number(limited["runTime"])).toBeGreaterThanOrEqual(1e8);
    const slept = await run(command(["/bin/sleep", "0.2"]));
    expect(slept["runTime"]).toBeGreaterThanOrEqual(2e8);
    expect(slept["time"]).toBeLessThan(2e8);
    const grown = await run(shell("head -c 20000000 /dev/zero > /tmp/big"));
    expect(grown["memory"]).toBeGreaterThan(20_000_000);
    expect(grown["memory"]).toBeLessThan(128 * 2 ** 20);
  });

  it("answers in JSON, in the order of the fields, whatever the body is called", async () => {
    const body = JSON.stringify({ cmd: [command(["/bin/true"])] });
    for (const type of ["application/json", "application/x-www-form-urlencoded", "text/plain"]) {
      const response = await fetch(`${service?.url}/run`, {
        method: "POST",
        body,
        headers: { "content-type": type },
      });
      expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
      expect(await response.text()).toMatch(
        /^\[\{"status":"Accepted","exitStatus":0,"time":\d+,"memory":\d+,"runTime":\d+,"procPeak":\d+,"files":\{"stderr":"","stdout":""\}\}\]\n$/,
      );
    }
  });

  it.each([
    ["", /^the request is no JSON/],
    ["{", /^the request is no JSON/],
    ["\u0000\u0001", /^the request is no JSON/],
    ["null", /^the request/],
    ["{}", /^no cmd provided$/],
    ['{"cmd":[]}', /^no cmd provided$/],
    ['{"cmd":[{"files":[{}]}]}', /^cmd\.0\.files\.0: file is not valid/],
    ['{"cmd":[{"files":[{"streamIn":true}]}]}', /^cmd\.0\.files\.0: file is not valid/],
    [`{"cmd":[{"args":["a"],"files":[${"null,".repeat(16)}null]}]}`, /at most 16 files/],
    [`{"cmd":[${"{},".repeat(4)}{}]}`, /^at most 4 commands can run together here \(--slots\)$/],
    ['{"cmd":[{"args":["a"],"files":[{"src":"/etc/passwd"}]}]}', /^src "\/etc\/passwd" may not be read/],
  ])("refuses the body %j with 400 and a sentence", async (body, sentence) => {
    const response = await fetch(`${service?.url}/run`, { method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatch(sentence);
  });

  it.each([
    [{ in: { index: 0, fd: 1 }, out: { index: 2, fd: 0 } }, "pipe index out of range 2"],
    [{ in: { index: 0, fd: 99 }, out: { index: 1, fd: 0 } }, "pipe fd out of range 99"],
    [{ in: { index: 0, fd: 2 }, out: { index: 1, fd: 0 } }, "pipe fd have been occupied 0 2"],
  ])("can't lay the pipe %j", async (pipe, sentence) => {
    const cmd = { args: ["/bin/true"], files: [null, null, { name: "stderr", max: 1 }] };
    expect(await service?.post({ cmd: [cmd, cmd], pipeMapping: [pipe] })).toEqual({
      status: 500,
      body: sentence,
    });
  });

  it("has no file of an id that it did not give", async () => {
    expect(
      await service?.post({ cmd: [command(["/bin/true"], { copyIn: { a: { fileId: "NO" } } })] }),
    ).toEqual({
      status: 500,
      body: "file not exists with id NO",
    });
  });

  it("refuses a body that is too large while it comes", async () => {
    await using small = await startTestService(box.get(), { bodyBytes: 2048 });
    expect(await small.post({ cmd: [shell("x".repeat(4096))] })).toEqual({
      status: 413,
      body: "a request has at most 2048 bytes here",
    });
  });

  it("reads local files where it is allowed to", async () => {
    await using directory = await temporaryDirectory();
    const open = join(directory.path, "open");
    await mkdir(open);
    await writeFile(join(open, "a"), "local");
    await using local = await startTestService(box.get(), { srcPrefixes: [open] });
    const cmd = command(["/bin/cat", "-", "a"], {
      files: [{ src: join(open, "a") }, usual[1], usual[2]],
      copyIn: { a: { src: join(open, "a") } },
    });
    expect(await local.run(cmd)).toMatchObject({ status: "Accepted", files: { stdout: "locallocal" } });
    expect(
      await local.run(command(["/bin/true"], { copyIn: { a: { src: join(open, "none") } } })),
    ).toMatchObject({
      status: "File Error",
      fileError: [{ name: "a", type: "CopyInOpenFile" }],
    });
  });

  it("runs a request when it is its turn, and ends it when its client leaves", async () => {
    await using narrow = await startTestService(box.get(), { parallelism: 1 });
    const leaving = new AbortController();
    const left = fetch(`${narrow.url}/run`, {
      method: "POST",
      body: JSON.stringify({ cmd: [command(["/bin/sleep", "101.25"], { clockLimit: 110e9 })] }),
      signal: leaving.signal,
    });
    await untilTrue(() => isSleeping("101.25"), "the first request runs");
    const waiting = narrow.run(command(["/bin/echo", "next"]));
    leaving.abort();
    await expect(left).rejects.toThrow("aborted");
    expect(await waiting).toMatchObject({ status: "Accepted", files: { stdout: "next\n" } });
    // Its end is told a moment before its box is gone.
    await untilTrue(async () => !(await isSleeping("101.25")), "the first request has ended");
  });
});
