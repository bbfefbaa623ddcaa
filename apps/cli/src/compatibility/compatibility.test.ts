import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { createClient, type Client } from "@assay/client";
import { routes } from "@assay/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { craftZip } from "../../../../packages/judging/src/archive/crafted.ts";
import { startEphemeralStack, type EphemeralStack } from "../stack/ephemeral.ts";
import { PistonSocket } from "../../../server/src/routes/piston/testing/piston-socket.ts";

const isRoot = process.getuid?.() === 0;
const settings = {
  ASSAY_COMPATIBLE_APIS: "judge0,piston",
  ASSAY_CALLBACK_NETWORKS: "127.0.0.1",
  ASSAY_PISTON_RUN_TIMEOUT_MS: "20000",
};

const base64 = (content: string | Buffer): string => Buffer.from(content).toString("base64");

/** The first frame of a session of Piston. */
const init = (content: string, language = "python") => ({
  type: "init",
  language,
  version: "*",
  files: [{ content }],
});

describe.skipIf(!isRoot)("clients of other systems, from outside (needs root)", () => {
  const never = new AbortController().signal;
  let stack: EphemeralStack;
  let client: Client;
  beforeAll(async () => {
    Object.assign(process.env, settings);
    stack = await startEphemeralStack({ languages: ["python", "c"], slots: 2 }, never);
    client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    for (const name of Object.keys(settings)) delete process.env[name];
  });

  const send = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown }> => {
    const response = await fetch(`${stack.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${stack.ownerToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };

  const execute = (body: object) => send("POST", "/piston/api/v2/execute", body);

  const executePython = (content: string, more: object = {}) =>
    execute({ language: "py", version: "3.x", files: [{ content }], ...more });
  const executeC = (content: string) => execute({ language: "gcc", version: "*", files: [{ content }] });
  describe("Judge0", () => {
    const fields = "fields=stdout,stderr,compile_output,message,status_id,exit_code,exit_signal,time,memory";
    const submit = async (body: object): Promise<unknown> =>
      (await send("POST", `/judge0/submissions?wait=true&${fields}`, body)).json;
    const python = (source_code: string, more: object = {}) =>
      submit({ source_code, language_id: 71, ...more });
    const c = (source_code: string, more: object = {}) => submit({ source_code, language_id: 50, ...more });

    const multi = (zip: Buffer, more: object = {}) =>
      submit({ language_id: 89, additional_files: base64(zip), ...more });

    test("a program gets its input and arguments and is accepted", async () => {
      const source = "import sys\nprint(input()[::-1], *sys.argv[1:])";
      const more = {
        stdin: "olleh\n",
        command_line_arguments: "a 'b c' *",
        expected_output: "hello a b c *",
      };
      expect(await python(source, more)).toMatchObject({
        stdout: "hello a b c *\n",
        stderr: null,
        status_id: 3,
        exit_code: 0,
        exit_signal: null,
        time: expect.stringMatching(/^\d+\.\d{3}$/),
        memory: expect.any(Number),
      });
      expect(await python("print(1)", { expected_output: "2" })).toMatchObject({ status_id: 4 });
    });

    test.each<[string, string, object, object]>([
      [
        "an exit code",
        "int main(void){return 3;}",
        {},
        { status_id: 11, exit_code: 3, message: "Exited with error status 3" },
      ],
      [
        "SIGSEGV",
        "int main(void){*(volatile int *)0 = 1;}",
        {},
        { status_id: 7, exit_signal: 11, exit_code: null },
      ],
      ["SIGFPE", "int main(int n,char**a){return n/(n-1);}", {}, { status_id: 9, exit_signal: 8 }],
      ["SIGABRT", "#include <stdlib.h>\nint main(void){abort();}", {}, { status_id: 10, exit_signal: 6 }],
      [
        "SIGTERM",
        "#include <signal.h>\nint main(void){raise(SIGTERM);}",
        {},
        { status_id: 12, exit_signal: 15 },
      ],
      [
        "too much CPU time",
        "int main(void){for(;;);}",
        { cpu_time_limit: 0.2, cpu_extra_time: 0 },
        { status_id: 5, message: "Time limit exceeded" },
      ],
      [
        "too much wall time",
        "#include <unistd.h>\nint main(void){pause();}",
        { wall_time_limit: 1 },
        { status_id: 5, message: "Time limit exceeded (wall clock)" },
      ],
      [
        "too much memory",
        "#include <stdlib.h>\n#include <string.h>\nint main(void){for(;;)memset(malloc(1<<20),1,1<<20);}",
        { memory_limit: 20_000 },
        { status_id: 11, exit_code: 137 },
      ],
      [
        "too much output",
        '#include <stdio.h>\nint main(void){for(;;)puts("0123456789");}',
        { max_file_size: 16 },
        { status_id: 8, exit_signal: 25 },
      ],
      [
        "what can't be compiled",
        "int main(void){return x;}",
        {},
        {
          status_id: 6,
          compile_output: expect.stringContaining("main.c:1"),
          stdout: null,
          stderr: null,
          time: null,
          memory: null,
          exit_code: null,
        },
      ],
      [
        "a compiler option",
        "int main(void){return N;}",
        { compiler_options: "-DN=5" },
        { status_id: 11, exit_code: 5 },
      ],
    ])("%s", async (_, source, more, told) => {
      expect(await c(source, more)).toMatchObject(told);
    });

    test("a script that is broken fails as one that runs", async () => {
      expect(await python("if")).toMatchObject({
        status_id: 11,
        exit_code: 1,
        compile_output: null,
        stderr: expect.stringContaining("SyntaxError"),
      });
    });

    test("standard error goes to standard output; several runs are averaged", async () => {
      const source = "import sys\nprint('a', flush=True)\nprint('b', file=sys.stderr)";
      const told = { status_id: 3, stdout: "a\nb\n", stderr: null };
      expect(await python(source, { redirect_stderr_to_stdout: true, number_of_runs: 3 })).toMatchObject(
        told,
      );
    });

    test("additional files are there for the compiler and for the program", async () => {
      const zip = craftZip([
        { name: "lib/add.h", content: "static int add(int a,int b){return a+b;}" },
        { name: "number.txt", content: "40" },
      ]);
      const source =
        '#include <stdio.h>\n#include "lib/add.h"\nint main(void){int n;fscanf(fopen("number.txt","r"),"%d",&n);printf("%d\\n",add(n,2));}';
      expect(await c(source, { additional_files: base64(zip) })).toMatchObject({
        status_id: 3,
        stdout: "42\n",
      });
    });

    test("a program of several files is compiled and run by its scripts", async () => {
      const files = [
        { name: "compile", content: "echo 'print(input())' > made.py" },
        { name: "run", content: "python3 made.py" },
      ];
      expect(await multi(craftZip(files), { stdin: "42" })).toMatchObject({ status_id: 3, stdout: "42\n" });
      const broken = craftZip([
        { name: "compile", content: "echo no such compiler; exit 2" },
        files[1] ?? { name: "run" },
      ]);
      const told = { status_id: 6, compile_output: "no such compiler", stdout: null };
      expect(await multi(broken)).toMatchObject(told);
      expect(await multi(broken, { redirect_stderr_to_stdout: true })).toMatchObject(told);
    });

    test.each<[string, Buffer]>([
      ["a path that climbs", craftZip([{ name: "../../etc/x", content: "x" }])],
      ["an absolute path", craftZip([{ name: "/etc/x", content: "x" }])],
      ["a symbolic link", craftZip([{ name: "link", content: "/etc/passwd", mode: 0o120777 }])],
      ["a bomb", craftZip([{ name: "bomb", content: Buffer.alloc(64 * 1024 * 1024) }])],
      [
        "a bomb that lies",
        craftZip([{ name: "bomb", content: Buffer.alloc(64 * 1024 * 1024), declaredSize: 10 }]),
      ],
      ["too many files", craftZip(Array.from({ length: 300 }, (_, n) => ({ name: `f${n}`, content: "" })))],
      ["the program itself", craftZip([{ name: "script.py", content: "print('mine')" }])],
      ["half a zip", craftZip([{ name: "a", content: "x" }]).subarray(0, 40)],
    ])("additional files with %s are refused", async (_, zip) => {
      const body = { source_code: "print(1)", language_id: 71, additional_files: base64(zip) };
      const { status, json } = await send("POST", "/judge0/submissions", body);
      expect({ status, fields: Object.keys(json as object) }).toEqual({
        status: 422,
        fields: ["additional_files"],
      });
    });

    test("a batch runs, and its results come together", async () => {
      const submissions = [1, 2, 3].map((n) => ({ source_code: `print(${n})`, language_id: 71 }));
      const { json } = await send("POST", "/judge0/submissions/batch", { submissions });
      const tokens = (json as { token: string }[]).map(({ token }) => token).join(",");
      const done = async (): Promise<unknown[]> => {
        const found = (
          await send("GET", `/judge0/submissions/batch?tokens=${tokens}&fields=stdout,status_id`)
        ).json;
        const all = (found as { submissions: { status_id: number }[] }).submissions;
        return all.every(({ status_id }) => status_id > 2) ? all : done();
      };
      expect(await done()).toEqual([1, 2, 3].map((n) => ({ stdout: `${n}\n`, status_id: 3 })));
    });

    test("a callback brings the result, again after it was refused", async () => {
      const bodies: unknown[] = [];
      const arrived = Promise.withResolvers<void>();
      const receiver = createServer((request, response) => {
        void (async () => {
          bodies.push(JSON.parse(await text(request)));
          response.writeHead(bodies.length === 1 ? 500 : 200).end();
          if (bodies.length === 2) arrived.resolve();
        })();
      }).listen(0, "127.0.0.1");
      await once(receiver, "listening");
      const address = receiver.address();
      const port = typeof address === "object" ? address?.port : 0;
      const body = {
        source_code: "print('called')",
        language_id: 71,
        callback_url: `http://127.0.0.1:${port}/done`,
      };
      const { json } = await send("POST", "/judge0/submissions", body);
      await arrived.promise;
      receiver.close();
      expect(bodies[1]).toMatchObject({
        ...(json as object),
        stdout: `${base64("called\n")}\n`,
        status: { id: 3 },
      });
      expect(bodies[0]).toEqual(bodies[1]);
    });
  });

  describe("Piston", () => {
    test("a program runs with its input, its arguments and its files", async () => {
      const files = [
        {
          name: "start.py",
          content: "import sys, main\nprint(input(), *sys.argv[1:], main.n, open('d/b.bin','rb').read())",
        },
        { name: "main.py", content: "n = 7" },
        { name: "d/b.bin", content: "//4=", encoding: "base64" },
        { name: "h", content: "6869", encoding: "hex" },
      ];
      const { status, json } = await execute({
        language: "python",
        version: "*",
        files,
        stdin: "in",
        args: ["a b"],
      });
      expect({ status, json }).toMatchObject({
        status: 200,
        json: {
          language: "python",
          version: expect.stringMatching(/^3\./),
          run: {
            stdout: "in a b 7 b'\\xff\\xfe'\n",
            stderr: "",
            output: "in a b 7 b'\\xff\\xfe'\n",
            code: 0,
            signal: null,
            message: null,
            status: null,
            cpu_time: expect.any(Number),
            wall_time: expect.any(Number),
            memory: expect.any(Number),
          },
        },
      });
      expect(json).not.toHaveProperty("compile");
    });

    test("output is in the order in which it was written", async () => {
      const source = [
        "import sys, time",
        "for n in range(3):",
        "    print('o', n, flush=True); time.sleep(0.02)",
        "    print('e', n, file=sys.stderr, flush=True); time.sleep(0.02)",
      ].join("\n");
      expect((await executePython(source)).json).toMatchObject({
        run: {
          stdout: "o 0\no 1\no 2\n",
          stderr: "e 0\ne 1\ne 2\n",
          output: "o 0\ne 0\no 1\ne 1\no 2\ne 2\n",
        },
      });
    });

    test.each<[string, string, object, object]>([
      [
        "RE",
        "import sys; sys.exit(4)",
        {},
        { code: 4, signal: null, status: "RE", message: "Exited with error status 4" },
      ],
      ["SG", "import os; os.abort()", {}, { code: null, signal: "SIGABRT", status: "SG" }],
      ["TO", "while True: pass", { run_timeout: 300 }, { code: null, signal: "SIGKILL", status: "TO" }],
      [
        "TO by the CPU",
        "while True: pass",
        { run_cpu_time: 200 },
        { signal: "SIGKILL", status: "TO", message: "Time limit exceeded" },
      ],
      [
        "OL",
        "while True: print('x' * 1000)",
        {},
        { code: null, signal: "SIGKILL", status: "OL", message: "stdout length exceeded" },
      ],
      [
        "EL",
        "import sys\nwhile True: print('x' * 1000, file=sys.stderr)",
        {},
        { signal: "SIGKILL", status: "EL" },
      ],
      [
        "a script that is broken",
        "if",
        {},
        { code: 1, status: "RE", stderr: expect.stringContaining("SyntaxError") },
      ],
    ])("%s", async (_, source, more, told) => {
      const { json } = await executePython(source, more);
      expect(json).toMatchObject({ run: told });
      expect(json).not.toHaveProperty("compile");
    });

    test("a failed compilation stands in the place of the run too", async () => {
      const failed = (await executeC("int main(void){return x;}")).json as { compile: unknown; run: unknown };
      expect(failed.compile).toMatchObject({
        code: 1,
        status: "RE",
        stderr: expect.stringContaining("error"),
      });
      expect(failed.run).toEqual(failed.compile);
      expect((await executeC("int main(void){return 0;}")).json).toMatchObject({
        language: "c",
        compile: { code: 0, status: null },
        run: { code: 0, stdout: "" },
      });
    });

    test("a session talks to its program while it runs", async () => {
      using socket = await PistonSocket.open(stack.url, stack.ownerToken);
      socket.send(
        init("while True:\n    line = input('> ')\n    if line == 'end': break\n    print(line[::-1])"),
      );
      const start = await socket.untilText("> ");
      expect(start[0]).toMatchObject({ type: "runtime", language: "python", version: expect.any(String) });
      expect(start[1]).toEqual({ type: "stage", stage: "run" });
      socket.write("olleh\n");
      await socket.untilText("hello\n> ");
      socket.write("\u00fcber");
      socket.write("\u20ac\n");
      await socket.untilText("\u20acreb\u00fc\n> ");
      socket.write("end\n");
      const end = await socket.until(({ type }) => type === "exit");
      expect(end.at(-1)).toEqual({ type: "exit", stage: "run", code: 0, signal: null });
      expect(await socket.closed).toEqual({ code: 4999, reason: "Job Completed" });
    });

    test("a signal reaches the program, one that it handles and one that it can't", async () => {
      using socket = await PistonSocket.open(stack.url, stack.ownerToken);
      const source = [
        "import signal",
        "signal.signal(signal.SIGINT, lambda *_: print('caught', flush=True))",
        "print('ready', flush=True)",
        "while True: signal.pause()",
      ].join("\n");
      socket.send(init(source));
      await socket.untilText("ready");
      socket.send({ type: "signal", signal: "SIGINT" });
      await socket.untilText("caught");
      socket.send({ type: "signal", signal: "SIGTERM" });
      const end = await socket.until(({ type }) => type === "exit");
      expect(end.at(-1)).toEqual({ type: "exit", stage: "run", code: null, signal: "SIGTERM" });
      expect((await socket.closed).code).toBe(4999);
    });

    test("a session compiles first, and ends there when that fails", async () => {
      using socket = await PistonSocket.open(stack.url, stack.ownerToken);
      socket.send(init('#include <stdio.h>\nint main(void){int n;scanf("%d",&n);printf("%d\\n",n+1);}', "c"));
      socket.write("41\n");
      const frames = await socket.until(({ type, stage }) => type === "exit" && stage === "run");
      expect(frames.map(({ type, stage, data, code }) => [type, stage ?? data ?? "", code ?? ""])).toEqual([
        ["runtime", "", ""],
        ["stage", "compile", ""],
        ["exit", "compile", 0],
        ["stage", "run", ""],
        ["data", "42\n", ""],
        ["exit", "run", 0],
      ]);
      using broken = await PistonSocket.open(stack.url, stack.ownerToken);
      broken.send(init("int main(void){return x;}", "c"));
      const end = await broken.until(({ type }) => type === "exit");
      expect(end.at(-1)).toMatchObject({ stage: "compile", code: 1 });
      expect((await broken.closed).code).toBe(4999);
    });

    test("a program whose client leaves ends, and what was said to it is forgotten", async () => {
      const socket = await PistonSocket.open(stack.url, stack.ownerToken);
      socket.send(init("print('here', flush=True)\nwhile True: input()"));
      await socket.untilText("here");
      const { items } = await client.call(routes.listJobs, { query: { limit: 1 }, signal: never });
      const id = items[0]?.id ?? "";
      expect(items[0]?.state).toBe("running");
      socket[Symbol.dispose]();
      const job = await client.call(routes.getJob, { params: { id }, query: { wait: 30 }, signal: never });
      expect(["cancelled", "completed"]).toContain(job.state);
    });

    test("two sessions at once each hear their own program", async () => {
      using one = await PistonSocket.open(stack.url, stack.ownerToken);
      using two = await PistonSocket.open(stack.url, stack.ownerToken);
      for (const [socket, name] of [
        [one, "one"],
        [two, "two"],
      ] as const)
        socket.send(init(`print('${name}', flush=True)\nprint('${name}', input())`));
      await one.untilText("one");
      await two.untilText("two");
      two.write("b\n");
      one.write("a\n");
      const heard = [...(await one.untilText("one a\n")), ...(await two.untilText("two b\n"))];
      expect(
        heard
          .filter(({ type }) => type === "data")
          .map(({ data }) => data)
          .join(""),
      ).toBe("one a\ntwo b\n");
    });

    test("a program that floods its session is stopped", async () => {
      using socket = await PistonSocket.open(stack.url, stack.ownerToken);
      socket.send(init("while True: print('x' * 10000)"));
      const end = await socket.until(({ type }) => type === "exit");
      expect(end.at(-1)).toMatchObject({ code: null, signal: "SIGKILL" });
    });
  });
});
