import { sandboxOrSkip } from "@assay/testing";
import type { TestSandbox } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { compileCaches } from "../compile-cache.ts";
import type { CompileCache } from "../compile.ts";
import { judgeOne } from "../judge-test.fixture.ts";
import type { ProblemFixture } from "../judge-test.fixture.ts";
import type { JudgedTest } from "../judged-test.ts";
import type { PackageProgram } from "../package/types.ts";
import { shell } from "../shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const directory = "output_validators/own";
const scripts = (hasBuild: boolean, ...names: string[]): PackageProgram => ({
  path: directory,
  files: names.map((path) => ({ packagePath: `${directory}/${path}`, path })),
  kind: { how: "scripts", hasBuild },
});

/** The small image stands for that of C++, where scripts are run unless they ask for another. */
const place = ({ sandbox, image }: TestSandbox, compiled: CompileCache | null = null) => ({
  sandbox,
  tools: { language: shell, image },
  validatorTools: { language: { ...shell, id: "cpp" }, image },
  compiled,
});

const judge = (
  files: Readonly<Record<string, string>>,
  program: PackageProgram,
  fixture: ProblemFixture = {},
): Promise<JudgedTest> => {
  const tree = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]),
  );
  const limits = { compile: { cpuMs: 1000, wallMs: 60_000, memoryBytes: 64 << 20 } };
  return judgeOne(place(box.get()), { tree, limits, outputValidators: [program], ...fixture }, "echo hello");
};

describe.skipIf(box.skip !== null)(`programs with scripts of their own ${box.skip ?? ""}`, () => {
  test("are built once in a copy, and run", async () => {
    // The image has no chmod: a copy of a file that may be executed has to do.
    const files = {
      build: "#!/bin/sh\ncp build run; { echo '#!/bin/sh'; cat part/lib; } >run",
      "part/lib": "cat >$3judgemessage.txt; exit 43",
    };
    const { result } = await judge(files, scripts(true, "build", "part/lib"));
    expect(result).toMatchObject({ verdict: "WA", judgeMessage: "hello" });
  });

  test("need no build", async () => {
    const { result } = await judge({ run: "#!/bin/sh\nexit 42" }, scripts(false, "run"));
    expect(result.verdict).toBe("AC");
  });

  test.each<[string, string, RegExp]>([
    [
      "fails",
      "#!/bin/sh\necho 'error: no such thing' >&2; exit 3",
      /own does not compile: error: no such thing/,
    ],
    ["makes no run", "#!/bin/sh\ntrue", /left no executable file named "run"/],
    ["makes a run that can't be executed", "#!/bin/sh\necho x >run", /left no executable file named "run"/],
    ["makes a directory of that name", "#!/bin/sh\nmkdir run", /left no executable file named "run"/],
    ["calls what is not there", "#!/bin/sh\nno-such-compiler run.c", /no-such-compiler: not found/],
    ["is no script", "\u007fELF", /does not compile/],
    ["never ends", "#!/bin/sh\nwhile :; do :; done", /does not compile: stopped at the CPU limit of 1 s/],
  ])("are the author's fault when build %s", async (_, build, text) => {
    await expect(judge({ build }, scripts(true, "build"))).rejects.toMatchObject({
      name: "JudgeError",
      path: directory,
      message: expect.stringMatching(text),
    });
  });

  test("a run that does not start is broken", async () => {
    const { result } = await judge({ run: "#!/no/such/interpreter\n" }, scripts(false, "run"));
    expect(result).toMatchObject({ verdict: "JE", fault: "author" });
    expect(result.evidence.text).toMatch(/own is broken: could not be started/);
  });
});

describe.skipIf(box.skip !== null)(`programs in a language ${box.skip ?? ""}`, () => {
  test("that do not compile are the author's fault, with what the compiler said", async () => {
    const { sandbox, image } = box.get();
    const where = { sandbox, tools: { language: shell, image } };
    const broken = judgeOne(where, { validators: ["if"] }, "echo hello");
    await expect(broken).rejects.toMatchObject({
      name: "JudgeError",
      path: "output_validators/v0",
      evidence: { text: expect.stringMatching(/v0 does not compile: main.sh: .*[Ss]yntax error/) },
      report: { succeeded: false },
    });
    expect(await sandbox.forget("all")).toBe(0);
  });

  test("that this machine has not are no verdict", async () => {
    const program: PackageProgram = {
      path: "output_validators/v.hs",
      files: [],
      kind: { how: "language", language: "haskell" },
    };
    await expect(judge({}, program)).rejects.toMatchObject({
      name: "NotHere",
      message: "this machine can't run haskell, which output_validators/v.hs needs",
    });
  });

  test("are compiled once and again only when they got lost, also in the middle of passes", async () => {
    const { sandbox, image } = box.get();
    const compiled = compileCaches(sandbox, {
      maxEntries: 8,
      maxBytes: 1 << 20,
      platform: "test",
      store: null,
    }).of("test");
    const where = { sandbox, tools: { language: shell, image }, compiled };
    const fixture = { validators: ["exit 42"] };
    expect((await judgeOne(where, fixture, "echo")).result.verdict).toBe("AC");
    expect(await sandbox.forget("all")).toBe(1);
    // The cache still believes in what is gone.
    expect((await judgeOne(where, fixture, "echo")).result.verdict).toBe("AC");
    expect((await judgeOne(where, { ...fixture, type: { interactive: true } }, "echo")).result.verdict).toBe(
      "AC",
    );
    expect(await sandbox.forget("all")).toBe(1);
    const together = Array.from({ length: 4 }, () => judgeOne(where, fixture, "echo"));
    for (const { result } of await Promise.all(together)) expect(result.verdict).toBe("AC");
    expect(await sandbox.forget("all")).toBe(1);
    const passes = {
      validators: ["[ -e $3x ] && exit 42; echo >$3x; echo >$3nextpass.in; exit 42"],
      type: { multiPass: true },
    };
    expect((await judgeOne(where, passes, "echo")).result).toMatchObject({ verdict: "AC", passes: 2 });
    expect(await sandbox.forget("all")).toBe(1);
    expect((await judgeOne(where, passes, "echo")).result).toMatchObject({ verdict: "AC", passes: 2 });
    await sandbox.forget("all");
  });
});
