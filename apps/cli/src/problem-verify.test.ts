import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEphemeralStack, type EphemeralStack } from "./stack/ephemeral.ts";
import { runAssay, type Ended } from "./testing/run-assay.ts";

const isRoot = process.getuid?.() === 0;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-verify-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const sum: Readonly<Record<string, string>> = {
  "problem.yaml": `problem_format_version: 2025-09
name: Sum
uuid: 5a0e7c1e-7a3d-4f0e-9f43-0d5a8f1f9a01
license: cc0
rights_owner: The Assay authors
limits: {time_limit: 2, memory: 128}
`,
  "statement/problem.en.md": "Print the sum of two numbers.\n",
  "data/sample/1.in": "1 2\n",
  "data/sample/1.ans": "3\n",
  "data/secret/1.in": "20 22\n",
  "data/secret/1.ans": "42\n",
  "input_validators/validate.py":
    "import re, sys\nsys.exit(42 if re.fullmatch(r'\\d+ \\d+\\n', sys.stdin.read()) else 43)\n",
  "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
};

const packageOf = async (name: string, changes: Readonly<Record<string, string>> = {}): Promise<string> => {
  for (const [path, content] of Object.entries({ ...sum, ...changes })) {
    await mkdir(dirname(join(directory, name, path)), { recursive: true });
    await writeFile(join(directory, name, path), content);
  }
  return join(directory, name);
};

const verify = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  runAssay(["problem", "verify", ...args], env, { cwd: directory, stdin: "" });

describe("what can be told without running anything", () => {
  test("is told with file and line, needs no server, and ends with 1", async () => {
    const path = await packageOf("broken", { "problem.yaml": `${sum["problem.yaml"]}colour: red\n` });
    const ended = await verify([path, "--junit", "result.xml"]);
    expect(ended.stdout).toContain('problem.yaml:7: unknown key "colour"');
    expect(ended.stdout).toContain("not sound (1 errors");
    expect(ended.code).toBe(1);
    const xml = await readFile(join(directory, "result.xml"), "utf8");
    expect(xml).toContain('failures="1"');
  });

  test("is told even when the JUnit file can't be written", async () => {
    const path = await packageOf("broken-junit", { "problem.yaml": `${sum["problem.yaml"]}colour: red\n` });
    const ended = await verify([path, "--junit", "nowhere/result.xml"]);
    expect(ended.stdout).toContain('problem.yaml:7: unknown key "colour"');
    expect(ended).toMatchObject({ code: 2, stderr: "assay: no such file: nowhere/result.xml\n" });
  });

  test("is one JSON object with --json", async () => {
    const path = await packageOf("broken-json", { "data/secret/2.in": "1 1\n" });
    const ended = await verify([path, "--json"]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      accepted: false,
      findings: [
        {
          severity: "error",
          check: "structure",
          where: "data/secret/2.ans",
          line: null,
          message: "is missing beside 2.in",
        },
      ],
      submissions: [],
      timeLimit: null,
    });
    expect(ended.code).toBe(1);
  });

  test("a package that is not there is bad usage", async () => {
    const ended = await verify(["missing"]);
    expect(ended.stderr).toMatch(/no such file.*missing/);
    expect(ended.code).toBe(2);
  });
});

describe.skipIf(!isRoot)("with a server (needs root)", () => {
  let stack: EphemeralStack;
  let env: Record<string, string>;
  beforeAll(async () => {
    stack = await startEphemeralStack({ languages: ["python"] }, new AbortController().signal);
    env = { ASSAY_URL: stack.url, ASSAY_TOKEN: stack.ownerToken };
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  test("a sound package is sound, and a lying submission is not", async () => {
    const sound = await verify([await packageOf("sum"), "--server", "--json"], env);
    expect(JSON.parse(sound.stdout)).toMatchObject({
      problem: "sum",
      accepted: true,
      findings: [],
      submissions: [{ path: "submissions/accepted/sum.py", verdict: "AC", kept: true }],
      timeLimit: { ms: 2000, source: "stated" },
    });
    expect(sound.code).toBe(0);

    const lying = await packageOf("lying", { "submissions/accepted/three.py": "print(3)\n" });
    const refused = await verify([lying, "--server"], env);
    expect(refused.stdout).toContain(
      "submissions/accepted/three.py: test secret/1 gets WA, but only AC is permitted",
    );
    expect(refused.stderr).toContain("submissions: submissions/accepted/three.py");
    expect(refused.code).toBe(1);

    const shown = await runAssay(["problems", "show", "lying"], env, { cwd: directory, stdin: "" });
    expect(shown.stdout).toMatch(/^lying .* refused /m);
    expect(shown.stdout).toContain("error: submissions/accepted/three.py: test secret/1 gets WA");

    const judged = await runAssay(["judge", lying], env, { cwd: directory, stdin: "" });
    expect(judged.stderr).toContain("problem_refused");
    expect(judged.code).toBe(2);
  });

  test("assay judge waits until a missing time limit was measured", async () => {
    const path = await packageOf("unstated", {
      "problem.yaml": (sum["problem.yaml"] ?? "").replace("time_limit: 2", "time_resolution: 0.5"),
    });
    const judged = await runAssay(["judge", path], env, { cwd: directory, stdin: "" });
    expect(judged.stderr).toContain("measuring the time limit");
    expect(judged.stdout).toContain("every submission got what it promises (1)");
    expect(judged.code).toBe(0);
  });
});
