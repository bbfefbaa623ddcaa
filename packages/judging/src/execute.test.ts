import { defaultRunLimits } from "@assay/contracts";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { compileCaches } from "./compile-cache.ts";
import { executeProgram } from "./execute.ts";
import type { ExecuteContext } from "./execute.ts";
import { shell } from "./shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const execute = (script: string, change: Partial<ExecuteContext> = {}) => {
  const { sandbox, image } = box.get();
  return executeProgram({
    files: [{ path: "main.sh", content: script }],
    dataFiles: [],
    args: [],
    stdin: new Uint8Array(),
    limits: { ...defaultRunLimits, cpuMs: 500, wallMs: 20_000, outputBytes: 1000 },
    stopAtProcessLimit: true,
    language: shell,
    sandbox,
    compiled: null,
    provenance: {
      image: { name: "test", digest: image },
      language: { id: "sh", version: "1" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
    ...change,
  });
};

describe.skipIf(box.skip !== null)(`executeProgram ${box.skip ?? ""}`, () => {
  test("gives the program its input, arguments and files", async () => {
    const result = await execute('cat; echo "$1"; cat data/table; echo problem >&2', {
      stdin: Buffer.from("olleh\n"),
      args: ["a b"],
      dataFiles: [{ path: "data/table", content: Buffer.from("1 2 3\n") }],
    });
    expect(result).toMatchObject({
      kind: "run",
      compile: { succeeded: true },
      outcome: { status: "exited", exitCode: 0 },
      stdout: { text: "olleh\na b\n1 2 3\n", exact: true, base64: null },
      stderr: { text: "problem\n" },
      evidence: { text: "exit code 0" },
    });
  });

  test("leaves the whole disk limit to the program, however large its files are", async () => {
    const result = await execute("cat data >/dev/null && head -c 60000 /dev/zero >more; echo $?", {
      limits: { ...defaultRunLimits, diskBytes: 65_536 },
      dataFiles: [{ path: "data", content: new Uint8Array(1_000_000) }],
    });
    expect(result.stdout.text).toBe("0\n");
    const over = await execute("head -c 200000 /dev/zero >more; echo $?", {
      limits: { ...defaultRunLimits, diskBytes: 65_536 },
      dataFiles: [{ path: "data", content: new Uint8Array(1_000_000) }],
    });
    expect(over.stdout.text).toBe("1\n");
  });

  test("cuts output beyond the limit and goes on", async () => {
    const result = await execute("head -c 5000 /dev/zero | tr '\\0' x; exit 4");
    expect(result.stdout.text).toBe("x".repeat(1000));
    expect(result.outcome).toMatchObject({ stdoutTruncated: true, stdoutBytes: 5000 });
    expect(result.evidence.text).toBe("exit code 4; stdout cut at 1000 bytes");
  });

  test("returns bytes that are no text", async () => {
    const result = await execute(String.raw`printf 'a\000\377'`);
    expect(result.stdout).toEqual({ text: "a\ufffd\ufffd", exact: false, base64: "YQD/" });
  });

  test("says what ended the program", async () => {
    expect((await execute("while :; do :; done")).evidence.text).toMatch(/stopped at the CPU limit of 0.5 s/);
    expect((await execute("kill -ABRT $$")).evidence.text).toMatch(/^killed by SIGABRT/);
  });

  test("returns what the compiler says when it fails", async () => {
    const result = await execute("if");
    expect(result).toMatchObject({ outcome: null, stdout: { text: "" }, compile: { succeeded: false } });
    expect(result.evidence.text).toBe("not compiled: exit code 2");
  });

  test("takes the messages of compiler and program apart, beside their text", async () => {
    const traceback =
      'Traceback (most recent call last):\n  File "/w/main.sh", line 1, in <module>\nKeyError: 3\n';
    const script = `printf '%s' '${traceback}' >&2; exit 1`;
    const failed = await execute(script, { language: { ...shell, messages: "python" } });
    expect(failed).toMatchObject({
      stderr: { text: traceback },
      compile: { diagnostics: [] },
      diagnostics: [{ file: "main.sh", line: 1, code: "python.key-error", args: { key: "3" } }],
    });
    const fine = await execute(`${script.slice(0, -1)}0`, { language: { ...shell, messages: "python" } });
    expect(fine.diagnostics).toEqual([]);

    const said = "./main.sh:1:2: error: 'x' undeclared (first use in this function)\n";
    const compile = () => ({
      argv: ["sh", "-c", 'printf %s "$1" >&2; exit 1', "sh", said],
      env: {},
      outputs: [],
    });
    const refused = await execute("x", { language: { ...shell, messages: "gcc", compile } });
    expect(refused).toMatchObject({
      compile: {
        output: said,
        diagnostics: [{ file: "main.sh", line: 1, column: 2, code: "c.undeclared", args: { name: "x" } }],
      },
      diagnostics: [],
    });
  });

  test("compiles again what the sandbox forgot", async () => {
    const { sandbox } = box.get();
    const compiled = compileCaches(sandbox, {
      maxEntries: 4,
      maxBytes: 1 << 20,
      platform: "test",
      store: null,
    }).of("test");
    await execute("echo 1", { compiled });
    expect(await sandbox.forget("all")).toBe(1);
    const result = await execute("echo 1", { compiled });
    expect(result).toMatchObject({ stdout: { text: "1\n" }, compile: { cached: false } });
    await sandbox.forget("all");
  });

  test("rejects with the reason when it is cancelled", async () => {
    const controller = new AbortController();
    const running = execute("sleep 60", {
      signal: controller.signal,
      onEvent: () => controller.abort(new Error("stop")),
    });
    await expect(running).rejects.toThrow("stop");
  });
});
