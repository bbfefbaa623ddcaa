import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEphemeralStack, type EphemeralStack } from "./stack/ephemeral.ts";
import { checkout } from "./stack/paths.ts";
import { runAssay, type Ended } from "./testing/run-assay.ts";

const isRoot = process.getuid?.() === 0;
const main = join(import.meta.dirname, "main.ts");
const problem = join(checkout, "content/problems/sum-of-pairs");
/** Nothing listens on the discard port here, and nothing may. */
const nobody = "http://127.0.0.1:9";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-cli-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const assay = (args: readonly string[], env: Record<string, string>, stdin = ""): Promise<Ended> =>
  runAssay(args, env, { cwd: directory, stdin });

const source = async (name: string, content: string): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
};

describe("usage", () => {
  const bad: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an unknown command", ["frobnicate"], /unknown command/],
    ["an unknown option", ["run", "a.py", "--frobnicate"], /unknown option/],
    ["a missing argument", ["run"], /missing required argument/],
    ["a file that is not there", ["run", "missing.py"], /no such file.*missing\.py/],
    ["a file of no known language", ["run", "program.xyz"], /can't tell the language/],
    ["an unknown language", ["run", "program.xyz", "--language", "klingon"], /no language "klingon"/],
    ["a limit that is no number", ["run", "a.py", "--cpu", "much"], /expected a number/],
    ["a limit below zero", ["run", "a.py", "--cpu", "-1"], /greater than 0/],
    ["a number of processes that is none", ["run", "a.py", "--processes", "1.5"], /expected a whole number/],
    ["a directory without a program", ["run", "a.directory.py"], /a\.directory\.py holds no files/],
    ["a directory for input", ["run", "a.py", "--stdin", "."], /this is a directory/],
    ["a path through a file", ["run", "a.py/b.py"], /no directory: .*a\.py\/b\.py/],
    ["a link to itself", ["run", "circle.py"], /circle: .*circle\.py/],
    ["a name that is too long", ["run", `${"a".repeat(300)}.py`], /too long/],
    ["a package that is not there", ["judge", "missing"], /no such file.*missing/],
    ["a package that is an archive", ["judge", "a.py"], /is not a directory; unpack/],
    ["an image that no recipe makes", ["images", "build", "python", "nope"], /no image named nope/],
    ["an image that is not there", ["images", "remove", "nope"], /no image named nope here/],
    ["a rejudging without a reason", ["rejudge", "create"], /required option '--reason/],
    ["a time that is none", ["rejudge", "create", "--reason", "r", "--since", "soon"], /expected a time/],
    ["a verdict that is none", ["rejudge", "create", "--reason", "r", "--verdict", "OK"], /one of AC/],
    ["a policy that is none", ["rejudge", "create", "--reason", "r", "--policy", "ioi"], /no policy ioi/],
    ["a policy that is no JSON", ["sets", "create", "cup", "--policy", "./a.py"], /a\.py is not JSON/],
    ["a server URL that is none", ["jobs"], /ASSAY_URL is not/],
    ["an API that nobody speaks", ["up", "--compatible-apis", "judge0,glot"], /there is no glot/],
  ];
  test.each(bad)("%s ends with 2 and a sentence", async (_what, args, message) => {
    await source("a.py", "print(1)\n");
    await source("program.xyz", "of nothing\n");
    await mkdir(join(directory, "a.directory.py"), { recursive: true });
    await symlink("circle.py", join(directory, "circle.py")).catch(() => undefined);
    const env = args[0] === "jobs" ? { ASSAY_URL: "not a url" } : { ASSAY_URL: nobody };
    const ended = await assay(args, env);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(2);
    expect(ended.stderr).not.toMatch(/ at .*\.ts:\d+/);
  });

  test("a package that breaks its format ends with 2 and names the file", async () => {
    const path = join(directory, "broken");
    await mkdir(join(path, "data/secret"), { recursive: true });
    await writeFile(join(path, "problem.yaml"), "name: Broken\nvalidation: [\n");
    const ended = await assay(["judge", path], { ASSAY_URL: nobody });
    expect(ended.stderr).toContain("problem.yaml");
    expect(ended.code).toBe(2);
  });

  test("no server where one is needed ends with 3 and says what to do", async () => {
    const ended = await assay(["jobs"], { ASSAY_URL: nobody });
    expect(ended.stderr).toContain("assay up");
    expect(ended.code).toBe(3);
  });

  test("a server that is another program ends with 3 and says so without a stack trace", async () => {
    await using other = createServer((_request, response) => response.writeHead(404).end("<html>"));
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const ended = await assay(["jobs"], { ASSAY_URL: `http://127.0.0.1:${port}` });
    expect(ended.stderr).toMatch(/no Assay server; set ASSAY_URL.*HTTP 404/);
    expect(ended.stderr).not.toMatch(/ at .*\.ts:\d+/);
    expect(ended.code).toBe(3);
  });

  test("an interrupt ends it with 130 and a word", async () => {
    // Answers nothing: the command is waiting when it is interrupted.
    let child: ReturnType<typeof spawn> | null = null;
    await using silent = createServer(() => child?.kill("SIGINT"));
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as AddressInfo;
    const env = { ...process.env, ASSAY_URL: `http://127.0.0.1:${port}` };
    child = spawn(process.execPath, [main, "jobs"], { env, stdio: ["ignore", "ignore", "pipe"] });
    if (child.stderr === null) throw new Error("the child has no stderr");
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    silent.closeAllConnections();
    expect(stderr).toBe("assay: interrupted\n");
    expect(code).toBe(130);
  });

  test("a reader that has seen enough is no failure", async () => {
    const child = spawn(process.execPath, [main, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  test("a full disk behind the output is one", async () => {
    const full = await open("/dev/full", "w");
    const child = spawn(process.execPath, [main, "--version"], { stdio: ["ignore", full.fd, "pipe"] });
    if (child.stderr === null) throw new Error("the child has no stderr");
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    await full.close();
    expect(stderr).toMatch(/output can't be written: ENOSPC/);
    expect(code).toBe(3);
  });

  test.skipIf(!isRoot)("what needs root says so to others before any work is done", async () => {
    for (const args of [["up"], ["demo"], ["images", "build"]]) {
      const child = spawn(process.execPath, [main, ...args], {
        env: { PATH: process.env["PATH"], ASSAY_IMAGES_DIR: "/nonexistent/images" },
        stdio: ["ignore", "pipe", "pipe"],
        uid: 65_534,
        gid: 65_534,
      });
      const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
      expect(stderr).toMatch(/^assay: .* needs root.*; use sudo\n$/);
      expect(code).toBe(3);
    }
  });

  test("--help ends with 0 and names the commands", async () => {
    const ended = await assay(["--help"], {});
    for (const command of ["demo", "up", "run", "judge", "problems", "jobs", "images", "doctor"])
      expect(ended.stdout).toContain(command);
    expect(ended.code).toBe(0);
  });
});

describe.skipIf(!isRoot)("with a server (needs root)", () => {
  let stack: EphemeralStack;
  let env: Record<string, string>;
  beforeAll(async () => {
    stack = await startEphemeralStack({ languages: ["python", "cpp"] }, new AbortController().signal);
    env = { ASSAY_URL: stack.url, ASSAY_TOKEN: stack.ownerToken };
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  test("run shows what the program wrote", async () => {
    const path = await source("reverse.py", "print(input()[::-1])\n");
    const ended = await assay(["run", path, "--stdin", "-"], env, "olleh\n");
    expect(ended.stdout).toBe("hello\n");
    expect(ended.code).toBe(0);
  });

  test("run --json has the promised shape", async () => {
    const path = await source(
      "fail.py",
      "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)\n",
    );
    const ended = await assay(["run", path, "--json"], env);
    const result: unknown = JSON.parse(ended.stdout);
    expect(result).toMatchObject({
      status: "exited",
      exitCode: 3,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
      truncated: false,
      image: expect.stringMatching(/^python@sha256:[0-9a-f]{64}$/),
      isolation: expect.arrayContaining(["namespaces", "seccomp", "memory", "processes"]),
    });
    for (const key of ["cpuMs", "wallMs", "memoryBytes"])
      expect(result).toHaveProperty(key, expect.any(Number));
    expect(ended.code).toBe(1);
  });

  test("run tells a program that does not compile", async () => {
    const path = await source("broken.c", "int main(void) { return }\n");
    const ended = await assay(["run", path, "--json"], env);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      status: "compile_error",
      stderr: expect.stringContaining("error"),
    });
    expect(ended.code).toBe(1);
  });

  test("run explains what went wrong below what the tools say", async () => {
    const path = await source("count.c", "int main(void) {\n    return count;\n}\n");
    const ended = await assay(["run", path], { ...env, LC_ALL: "de_DE.UTF-8" });
    expect(ended.stderr).toMatch(
      /error: ‘count’ undeclared[^]*\ncount\.c:2: count wird hier benutzt und wurde nie deklariert\.\n {2}→ Deklariere/,
    );
    const json = await assay(["run", path, "--json"], { ...env, LC_ALL: "C.UTF-8" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      diagnostics: [
        {
          file: "count.c",
          line: 2,
          column: 12,
          code: "c.undeclared",
          hint: expect.stringMatching(/^Declare/),
        },
        { kind: "note" },
      ],
    });
  });

  test("judge explains why a submission failed", async () => {
    const path = await source("keys.py", "answers = {}\nprint(answers['first'])\n");
    const ended = await assay(["judge", problem, path], { ...env, LC_ALL: "C.UTF-8" });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/keys\.py\nkeys\.py:2: The dictionary has no key 'first'\.\n {2}→ /);
  });

  test("run keeps bytes that are not text", async () => {
    const path = await source("bytes.py", "import sys\nsys.stdout.buffer.write(bytes(range(256)))\n");
    const ended = await assay(["run", path, "--json"], env);
    const { stdoutBase64 } = JSON.parse(ended.stdout) as { stdoutBase64: string };
    expect([...Buffer.from(stdoutBase64, "base64")]).toEqual([...Array(256).keys()]);
  });

  test("what is wrong is said once", async () => {
    const ended = await assay(["run", await source("a.py", "print(1)\n"), "--cpu", "0.001"], env);
    expect(ended.stderr.match(/cpuMs/g)).toHaveLength(1);
    expect(ended.code).toBe(2);
  });

  test("a token that no header can carry is refused before it is sent", async () => {
    const ended = await assay(["jobs"], { ...env, ASSAY_TOKEN: "assay_one\nassay_two" });
    expect(ended.stderr).toMatch(/token is no token/);
    expect(ended.code).toBe(2);
  });

  test("judge names the submission that the server refuses", async () => {
    const ended = await assay(["judge", problem, await source("nothing-in-it.py", "")], env);
    expect(ended.stderr).toMatch(/nothing-in-it\.py is refused: .*source_empty/);
    expect(ended.code).toBe(2);
  });

  test("an empty source is refused by the server's sentence", async () => {
    const ended = await assay(["run", await source("empty.py", "")], env);
    expect(ended.stderr).toContain("source_empty");
    expect(ended.code).toBe(2);
  });

  test("a wrong token is refused", async () => {
    const ended = await assay(["jobs"], { ...env, ASSAY_TOKEN: "assay_wrong" });
    expect(ended.stderr).toContain("unauthenticated");
    expect(ended.code).toBe(2);
  });

  test("judge gives the package's own submissions what they promise", async () => {
    const ended = await assay(["judge", problem, "--json"], env);
    const { submissions } = JSON.parse(ended.stdout) as {
      submissions: { expected: string[]; verdict: string; tests: unknown[]; evidence: unknown }[];
    };
    expect(submissions.length).toBeGreaterThanOrEqual(5);
    for (const one of submissions) {
      expect(one.expected).toContain(one.verdict);
      // What does not compile is tested by nothing.
      expect(one.tests.length > 0).toBe(one.verdict !== "CE");
      expect(one.evidence).toBeTruthy();
    }
    expect(ended.code).toBe(0);
  });

  test("judge ends with 1 when a given program is not accepted", async () => {
    const path = await source("nothing.py", "pass\n");
    const ended = await assay(["judge", problem, path], env);
    expect(ended.stdout).toContain("WA");
    expect(ended.code).toBe(1);
  });

  test("problems, jobs, languages and tokens answer", async () => {
    for (const args of [["problems"], ["jobs"], ["languages"], ["tokens"]]) {
      const ended = await assay([...args, "--json"], env);
      // Those with a default subcommand take its options after its name.
      const again = ended.code === 0 ? ended : await assay([...args, "list", "--json"], env);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.stdout)).toHaveProperty("items");
    }
    const shown = await assay(["languages", "show", "py"], env);
    expect(shown.stdout).toMatch(/^works +yes, version 3\.\d+/m);
    expect(shown.code).toBe(0);
  });
});

describe.skipIf(!isRoot)("without a server (needs root)", () => {
  test("a setting of the server that is wrong stops the start and is named", async () => {
    const path = await source("a.py", "print(1)\n");
    const ended = await assay(["run", path], { ASSAY_URL: nobody, ASSAY_LEASE_SECONDS: "soon" });
    expect(ended.stderr).toContain("ASSAY_LEASE_SECONDS");
    expect(ended.stderr).not.toMatch(/ at .*\.ts:\d+/);
    expect(ended.code).toBe(3);
  });

  test("run starts the embedded stack for the length of the call", async () => {
    const path = await source("reverse.py", "print(input()[::-1])\n");
    const ended = await assay(["run", path, "--stdin", "-"], { ASSAY_URL: nobody }, "olleh\n");
    expect(ended.stdout).toBe("hello\n");
    expect(ended.stderr).toContain("starting the embedded stack");
    expect(ended.code).toBe(0);
  });
});
