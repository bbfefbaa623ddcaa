import { standardPolicy } from "@assay/contracts";
import type { JobEventBody, JudgeResult } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { compileCaches } from "./compile-cache.ts";
import { judgeSubmission } from "./judge.ts";
import type { JudgeContext } from "./judge.ts";
import { memoryFiles } from "./package/memory-files.fixture.ts";
import { parsePackage } from "./package/parse.ts";
import { shell, uncompiledShell } from "./shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

/** Echo what comes in; five tests, the answers of the secret ones must not be seen. */
const echo: Readonly<Record<string, string>> = {
  "problem.yaml": "name: Echo\nlimits:\n  memory: 32\n  output: 1\n  code: 4\n",
  ".timelimit": "0.5",
  "data/sample/1.in": "one\n",
  "data/sample/1.ans": "one\n",
  "data/secret/1.in": "two-secret\n",
  "data/secret/1.ans": "two-secret\n",
  "data/secret/2.in": "three-secret\n",
  "data/secret/2.ans": "three-secret\n",
  "data/secret/3.in": "four-secret\n",
  "data/secret/3.ans": "four-secret\n",
  "data/secret/4.in": "five-secret\n",
  "data/secret/4.ans": "five-secret\n",
};

/** The same in the newer format, where tests have arguments and files. */
const modern = {
  ...echo,
  "problem.yaml":
    "problem_format_version: 2025-09\nname: Echo\nuuid: 7f1f3b9c-0d6e-4c55-9a55-2f6b4f0f8f34\nlimits: {memory: 32, output: 1, time_limit: 1}\n",
  ".timelimit": "1",
};

interface Judged {
  readonly result: JudgeResult;
  readonly events: readonly JobEventBody[];
}

const judge = async (
  script: string,
  change: Partial<JudgeContext> = {},
  tree: Readonly<Record<string, string>> = echo,
): Promise<Judged> => {
  const { sandbox, image } = box.get();
  const events: JobEventBody[] = [];
  const packageFiles = memoryFiles(tree);
  const result = await judgeSubmission({
    package: await parsePackage(packageFiles),
    packageFiles,
    files: [{ path: "main.sh", content: script }],
    language: shell,
    sandbox,
    compiled: null,
    mode: "first_failure",
    policy: standardPolicy,
    timeMs: null,
    toolbox: { toolsFor: () => null },
    speedFactor: null,
    parallel: 2,
    revealAnswers: false,
    provenance: {
      image: { name: "test", digest: image },
      language: { id: "sh", version: "1" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    ...change,
  });
  return { result, events };
};

describe.skipIf(box.skip !== null)(`verdicts ${box.skip ?? ""}`, () => {
  test("accepted: every test, in order, as result and as events", async () => {
    const { result, events } = await judge("cat");
    expect(result).toMatchObject({ verdict: "AC", fault: null, passed: 5, total: 5 });
    expect(result.evidence.text).toBe("all 5 tests accepted");
    expect(result.compile).toMatchObject({ succeeded: true, cached: false, output: "" });
    expect(result.tests.map((each) => each.name)).toEqual([
      "sample/1",
      "secret/1",
      "secret/2",
      "secret/3",
      "secret/4",
    ]);
    expect(
      events.map((event) => (event.type === "test" ? `${event.done}/${event.total}` : event.type)),
    ).toEqual(["compile", "1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(result.provenance?.isolation.length).toBeGreaterThan(0);
  });

  test.each<[string, string, string, RegExp]>([
    [
      "wrong answer",
      "echo nonsense",
      "WA",
      /^test sample\/1: line 1, token 1: got "nonsense", expected "one"$/,
    ],
    ["no output", "true", "WA", /ends after 0 tokens/],
    ["CPU time", "while :; do :; done", "TLE", /stopped at the CPU limit of 0.5 s \(used 0.5\d* s CPU/],
    [
      "real time",
      "sleep 60",
      "TLE",
      /waited: stopped at the wall limit of 2.5 s with 0(.0\d*)? s of 0.5 s CPU/,
    ],
    [
      "memory",
      "x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo $x",
      "MLE",
      /OOM killer struck at the memory limit of 32 MiB/,
    ],
    ["output", "head -c 3000000 /dev/zero", "OLE", /stopped at the output limit of 1 MiB/],
    [
      "stdout and stderr together",
      "head -c 700000 /dev/zero; head -c 700000 /dev/zero >&2",
      "OLE",
      /wrote 1400000 bytes/,
    ],
    [
      "an exit code",
      "echo 'some reason' >&2; exit 3",
      "RTE",
      /exit code 3; last line of stderr: "some reason"/,
    ],
    ["a signal", "kill -SEGV $$", "RTE", /killed by SIGSEGV/],
    ["the right answer and a crash", "cat; exit 1", "RTE", /exit code 1/],
  ])("%s", async (_, script, verdict, evidence) => {
    const { result } = await judge(script);
    expect(result).toMatchObject({ verdict, fault: "submitter", passed: 0, total: 5 });
    expect(result.evidence.text).toMatch(evidence);
    expect(result.evidence).toMatchObject({ outcome: expect.anything(), limits: { cpuMs: 500 } });
    expect(result.tests.map((each) => each.verdict)).toEqual([verdict, "SK", "SK", "SK", "SK"]);
  });

  test("a secret test's input does not come out through stderr", async () => {
    const script = 'read line; [ "$line" = one ] && echo one && exit; echo "got $line" >&2; exit 3';
    const { result } = await judge(script);
    expect(result.evidence.text).toMatch(/^test secret\/1: exit code 3$/);
    expect(JSON.stringify(result)).not.toContain("got ");
  });

  test("compile error: what the compiler says, and nothing runs", async () => {
    const { result, events } = await judge("if");
    expect(result).toMatchObject({ verdict: "CE", fault: "submitter", tests: [], passed: 0, total: 5 });
    expect(result.compile?.output).toMatch(/main.sh: .*[Ss]yntax error/);
    expect(result.evidence.text).toMatch(/^the compiler gave up: main.sh: .*[Ss]yntax error/);
    expect(events.map((event) => event.type)).toEqual(["compile"]);
  });

  test("too much source, or a language that the problem refuses: nothing is even compiled", async () => {
    const large = await judge(`# ${"x".repeat(5000)}`);
    expect(large.result).toMatchObject({ verdict: "CE", compile: null });
    expect(large.result.evidence.text).toMatch(/more than the code limit of 4096/);
    const packageFiles = memoryFiles(echo);
    const problem = { ...(await parsePackage(packageFiles)), languages: ["cpp"] };
    const foreign = await judge("cat", { package: problem });
    expect(foreign.result).toMatchObject({ verdict: "CE", compile: null });
    expect(foreign.result.evidence.text).toMatch(/does not take Shell; it takes cpp/);
  });
});

describe.skipIf(box.skip !== null)(`the course of judging ${box.skip ?? ""}`, () => {
  const failsOnThree = 'read -r x; case $x in three*) echo no;; four*) exit 9;; *) echo "$x";; esac';

  test.each([1, 2, 5])("stops at the first failure in order, %i at a time", async (parallel) => {
    const { result, events } = await judge(failsOnThree, { parallel });
    expect(result).toMatchObject({ verdict: "WA", passed: 2, total: 5 });
    expect(result.tests.map((each) => each.verdict)).toEqual(["AC", "AC", "WA", "SK", "SK"]);
    expect(result.evidence.text).toMatch(/^test secret\/2: /);
    expect(events.filter((event) => event.type === "test")).toHaveLength(3);
  });

  test("runs all tests when asked; the verdict is the same", async () => {
    const { result } = await judge(failsOnThree, { mode: "all" });
    expect(result).toMatchObject({ verdict: "WA", passed: 3, total: 5 });
    expect(result.tests.map((each) => each.verdict)).toEqual(["AC", "AC", "WA", "RTE", "AC"]);
  });

  test("shows answers of secret tests only to who may see them", async () => {
    const hidden = await judge(failsOnThree, { mode: "all" });
    expect(JSON.stringify([hidden.result, hidden.events])).not.toMatch(/secret["\\]/);
    const shown = await judge(failsOnThree, { revealAnswers: true });
    expect(shown.result.evidence.text).toMatch(/got "no", expected "three-secret"/);
  });

  test("compiles once for all tests, and again only when the cache lost it", async () => {
    const { sandbox } = box.get();
    const compiled = compileCaches(sandbox, {
      maxEntries: 2,
      maxBytes: 1 << 20,
      platform: "test",
      store: null,
    }).of("test");
    expect((await judge("cat", { compiled })).result.compile?.cached).toBe(false);
    expect((await judge("cat", { compiled })).result.compile?.cached).toBe(true);
    expect((await judge("cat #", { compiled })).result.compile?.cached).toBe(false);
    expect(await sandbox.forget("all")).toBe(2);
    const again = await judge("cat", { compiled });
    expect(again.result).toMatchObject({ verdict: "AC", compile: { cached: false } });
    expect(again.events.filter((event) => event.type === "test")).toHaveLength(5);
    // A third program pushes out the one that was used least lately.
    await judge("cat ##", { compiled });
    expect((await judge("cat #", { compiled })).result.compile?.cached).toBe(false);
    await sandbox.forget("all");
  });

  test.each(["new", "lost"])(
    "the same program several times at once, %s: nobody takes another's artifact away",
    async (state) => {
      const { sandbox } = box.get();
      const compiled = compileCaches(sandbox, {
        maxEntries: 2,
        maxBytes: 1 << 20,
        platform: "test",
        store: null,
      }).of("test");
      await judge("cat # lost", { compiled });
      expect(await sandbox.forget("all")).toBe(1);
      const script = `cat # ${state}`;
      const all = await Promise.all(Array.from({ length: 6 }, () => judge(script, { compiled })));
      for (const { result, events } of all) {
        expect(result).toMatchObject({ verdict: "AC", passed: 5 });
        expect(events.filter((event) => event.type === "test")).toHaveLength(5);
      }
      expect(await sandbox.forget("all")).toBe(1);
    },
  );

  test("leaves no artifact behind without a cache", async () => {
    await judge("cat");
    await judge("if");
    expect(await box.get().sandbox.forget("all")).toBe(0);
  });

  test("works for a language without a compiler", async () => {
    const { result } = await judge("cat", { language: uncompiledShell });
    expect(result).toMatchObject({ verdict: "AC", compile: null });
  });

  test("rejects with the reason when it is cancelled, also in the middle", async () => {
    const controller = new AbortController();
    const cancelled = judge("read -r x; case $x in one) echo one;; *) sleep 60;; esac", {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === "test") controller.abort(new Error("fence refused"));
      },
    });
    await expect(cancelled).rejects.toThrow("fence refused");
    await expect(judge("cat", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });

  test("a test that the platform failed leaves no verdict of the tests before it", async () => {
    const failing: Language = {
      ...shell,
      run: (files, args) =>
        args?.[0] === "gone" ? { argv: ["no-such-interpreter"], env: {} } : shell.run(files, args),
    };
    const tree = { ...modern, "data/secret/3.yaml": "args: [gone]\n" };
    const { result } = await judge("echo wrong", { language: failing, mode: "all" }, tree);
    expect(result).toMatchObject({ verdict: "IE", fault: "platform" });
    expect(result.tests.map((each) => each.verdict)).toEqual(["WA", "WA", "WA", "IE", "SK"]);
    expect(result.evidence.text).toMatch(/^test secret\/3: could not be started: .*no-such-interpreter/);
    const first = await judge("echo wrong", { language: failing }, tree);
    expect(first.result.verdict).toBe("WA");
  });

  test("an image that is missing is no verdict", async () => {
    const provenance = {
      image: { name: "gone", digest: "0".repeat(64) },
      language: { id: "sh", version: "1" },
      runner: "test",
    };
    await expect(judge("cat", { provenance })).rejects.toMatchObject({ code: "unknown_image" });
  });
});

describe.skipIf(box.skip !== null)(`what a package gives to a test ${box.skip ?? ""}`, () => {
  test("arguments and files", async () => {
    const { result } = await judge(
      'if [ $# = 2 ]; then cat "$2" "table/$1"; else cat; fi',
      {},
      {
        ...modern,
        "data/secret/3.yaml": "args: ['x', '/dev/null']\n",
        "data/secret/3.files/table/x": "four-secret",
        "data/secret/3.in": "",
      },
    );
    expect(result).toMatchObject({ verdict: "AC", passed: 5 });
  });

  test("and their places, which a submission can't take", async () => {
    const tree = { ...modern, "data/secret/3.files/table/x": "", "include/default/lib": "" };
    const mine = { path: "main.sh", content: "cat" };
    for (const [path, named] of [
      ["table", "table"],
      ["lib/part.sh", "lib"],
    ] as const) {
      const { result, events } = await judge("", { files: [mine, { path, content: "x" }] }, tree);
      expect(result).toMatchObject({ verdict: "CE", fault: "submitter", compile: null });
      expect(result.evidence.text).toBe(
        `the source's "${named}" stands in the way of what the problem puts there`,
      );
      expect(events).toEqual([]);
    }
    const beside = await judge("", { files: [mine, { path: "table/x", content: "own" }] }, tree);
    expect(beside.result.verdict).toBe("AC");
  });

  test("nothing but the submission in the working directory", async () => {
    const { result } = await judge("cat >/dev/null; ls -A; ls -A /tmp", { revealAnswers: true });
    expect(result.evidence.text).toMatch(/got "main.sh", expected "one"$/);
    const twoNames = await judge('[ "$(ls -A . /tmp | tr "\\n" " ")" = ".: main.sh  /tmp: " ] && cat');
    expect(twoNames.result.verdict).toBe("AC");
  });

  test("files that are included, over those of the submission", async () => {
    const included = { ...echo, "include/bash/main.sh": ". ./part.sh\n" };
    const packageFiles = memoryFiles(included);
    const problem = await parsePackage(packageFiles);
    const { result } = await judge("exit 7", {
      package: { ...problem, includes: { sh: problem.includes["bash"] ?? [] } },
      packageFiles,
      files: [
        { path: "main.sh", content: "exit 7" },
        { path: "part.sh", content: "cat" },
      ],
    });
    expect(result.verdict).toBe("AC");
  });

  test("no files, where the problem does not allow writing them", async () => {
    const { result } = await judge("echo x >file; cat", {}, modern);
    expect(result.verdict).toBe("RTE");
    expect(result.evidence.text).toMatch(/killed by SIGXFSZ \(this problem does not allow writing files\)/);
    expect((await judge("echo x >file; cat")).result.verdict).toBe("AC");
  });
});
