import { standardPolicy } from "@assay/contracts";
import type { JobEventBody, JudgePolicy, JudgeResult } from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import { captured } from "@assay/sandbox";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeSubmission } from "./judge.ts";
import type { JudgeContext } from "./judge.ts";
import { memoryFiles } from "./package/memory-files.fixture.ts";
import { parsePackage } from "./package/parse.ts";
import { shell } from "./shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 3 });
afterAll(() => box[Symbol.asyncDispose]());

type Tree = Readonly<Record<string, string>>;
type Change = Partial<Omit<JudgeContext, "policy">> & { readonly policy?: Partial<JudgePolicy> };

interface Judged {
  readonly result: JudgeResult;
  readonly events: readonly JobEventBody[];
}

/** The validators and graders of these packages are shell scripts, each of one file. */
const script: Language = {
  ...shell,
  run: (files, args = []) => ({
    argv: ["sh", `./${files[0] ?? ""}`, ...args],
    env: { PATH: "/usr/bin:/bin" },
  }),
};

const judge = async (tree: Tree, source: string, change: Change = {}): Promise<Judged> => {
  const { sandbox, image } = box.get();
  const events: JobEventBody[] = [];
  const packageFiles = memoryFiles(tree);
  const result = await judgeSubmission({
    package: await parsePackage(packageFiles),
    packageFiles,
    files: [{ path: "main.sh", content: source }],
    language: shell,
    sandbox,
    compiled: null,
    mode: "first_failure",
    timeMs: null,
    toolbox: { toolsFor: () => ({ language: script, image }) },
    speedFactor: null,
    parallel: 3,
    revealAnswers: true,
    provenance: {
      image: { name: "test", digest: image },
      language: { id: "sh", version: "1" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
    ...change,
    policy: { ...standardPolicy, ...change.policy },
  });
  return { result, events };
};

const cases = (directory: string, names: string): Tree =>
  Object.fromEntries(
    names.split(" ").flatMap((name) => [
      [`data/${directory}/${name}.in`, `${directory}-${name}\n`],
      [`data/${directory}/${name}.ans`, `${directory}-${name}\n`],
    ]),
  );

const modern: Tree = {
  "problem.yaml": `problem_format_version: 2025-09
name: Echo
uuid: 0a5b9c1e-3f8f-4f39-9f5c-6f0d1ad4a001
type: scoring
limits: {memory: 32, output: 1, time_limit: 1}
`,
  "problem.en.tex": "",
  ...cases("sample", "1"),
};
const legacy: Tree = {
  "problem.yaml": "name: Echo\ntype: scoring\nlimits: {memory: 32, output: 1}\n",
  ".timelimit": "1",
  ...cases("sample", "1"),
};

/** Echoes its input, but says "no" to what the pattern fits. */
const wrongFor = (pattern: string): string =>
  `read -r x; case $x in ${pattern}) echo no;; *) echo "$x";; esac`;

const summary = ({ tests }: JudgeResult): string => tests.map(({ verdict }) => verdict).join(" ");
const groupsOf = ({ groups }: JudgeResult) =>
  groups.map(({ name, verdict, score }) => [name, verdict, score]);

describe.skipIf(box.skip !== null)(`points ${box.skip ?? ""}`, () => {
  const grouped: Tree = {
    ...modern,
    "data/secret/1/test_group.yaml": "max_score: 30\n",
    ...cases("secret/1", "a b"),
    "data/secret/2/test_group.yaml": "max_score: 50\nscore_aggregation: sum\n",
    ...cases("secret/2", "a b"),
    "data/secret/3/test_group.yaml": "max_score: 20\nrequire_pass: secret/1\n",
    ...cases("secret/3", "a"),
  };

  test.each<[string, string, string, string, number, unknown[]]>([
    [
      "all",
      "nothing",
      "AC",
      "AC AC AC AC AC AC",
      100,
      [
        ["AC", 30],
        ["AC", 50],
        ["AC", 20],
      ],
    ],
    [
      "some of a sum group",
      "secret/2-a",
      "WA",
      "AC AC AC WA AC AC",
      75,
      [
        ["AC", 30],
        ["WA", 25],
        ["AC", 20],
      ],
    ],
    [
      "none of what depends on it",
      "secret/1-a",
      "WA",
      "AC WA SK AC AC SK",
      50,
      [
        ["WA", 0],
        ["AC", 50],
        ["SK", 0],
      ],
    ],
  ])("newer format: %s", async (_, pattern, verdict, verdicts, score, groups) => {
    const { result, events } = await judge(grouped, wrongFor(pattern));
    expect(result).toMatchObject({ verdict, score, maxScore: 100, total: 6 });
    expect(summary(result)).toBe(verdicts);
    expect(
      groupsOf(result)
        .slice(2)
        .map(([, ...rest]) => rest),
    ).toEqual(groups);
    expect(events.flatMap((event) => (event.type === "group" ? [event.result.name] : []))).toEqual([
      "sample",
      "secret/1",
      "secret/2",
      "secret/3",
      "secret",
    ]);
  });

  test("older format, with a grader of the package's own", async () => {
    const tree: Tree = {
      ...legacy,
      "data/testdata.yaml": "grader_flags: ignore_sample\non_reject: continue\n",
      "data/secret/testdata.yaml": "grader_flags: always_accept\non_reject: continue\n",
      "data/secret/1/testdata.yaml": "grader_flags: min\non_reject: break\naccept_score: 40\nrange: 0 40\n",
      ...cases("secret/1", "a b c"),
      "data/secret/2/testdata.yaml": "grading: custom\ngrader_flags: '7'\non_reject: continue\n",
      ...cases("secret/2", "a b c"),
      // Seven points for each that was accepted.
      "graders/count.sh":
        'sum=0; while read -r verdict score; do [ "$verdict" = AC ] && sum=$((sum + $1)); done; echo "AC $sum"',
    };
    const { result } = await judge(tree, wrongFor("*b"));
    expect(summary(result)).toBe("AC AC WA SK AC WA AC");
    expect(result).toMatchObject({ verdict: "AC", score: 14 });
    expect(groupsOf(result)).toEqual([
      ["", "AC", 14],
      ["sample", "AC", 1],
      ["secret", "AC", 14],
      ["secret/1", "WA", 0],
      ["secret/2", "AC", 14],
    ]);
    const broken = await judge({ ...tree, "graders/count.sh": "echo nonsense" }, wrongFor("*b"));
    expect(broken.result).toMatchObject({ verdict: "JE", fault: "author" });
    expect(broken.result.evidence.text).toMatch(
      /^group secret\/2: the grader graders\/count.sh wrote "nonsense"/,
    );
  });

  test("a static validator and scores that validators write", async () => {
    const tree: Tree = {
      ...modern,
      "data/secret/test_group.yaml": "max_score: 100\nstatic_validation_score: 40\n",
      ...cases("secret", "a b"),
      "static_validator/short.sh":
        '[ "$(wc -c <main.sh)" -lt 200 ] && exit 42; echo 0.5 >"$3/score_multiplier.txt"; exit 42',
      "output_validator/half.sh":
        'read -r x; read -r y <"$2"; [ "$x" = "$y" ] || exit 43; case $x in *b) echo 0.5 >"$3/score_multiplier.txt";; esac; exit 42',
    };
    const { result } = await judge(tree, "cat");
    expect(result.tests.map(({ name, score, maxScore }) => [name, score, maxScore])).toEqual([
      ["sample/1", null, null],
      ["secret/static", 40, 40],
      ["secret/a", 30, 30],
      ["secret/b", 15, 30],
    ]);
    expect(result).toMatchObject({ verdict: "AC", score: 85, maxScore: 100, total: 4, passed: 4 });
    const long = await judge(tree, `cat # ${"x".repeat(200)}`);
    expect(long.result).toMatchObject({ verdict: "AC", score: 65 });
  });

  test("points of single tests in a package of ours", async () => {
    const tree: Tree = {
      ...modern,
      ...cases("secret", "a b c"),
      "assay.yaml": "tests:\n  secret/a: {points: 60}\n  secret/b: {points: 10}\n",
    };
    const { result } = await judge(tree, wrongFor("secret-b"));
    expect(result).toMatchObject({ verdict: "WA", score: 90, maxScore: 100 });
  });

  test("what can't be compiled has no points", async () => {
    const { result } = await judge(grouped, "if");
    expect(result).toMatchObject({ verdict: "CE", score: 0, tests: [], total: 6 });
  });
});

const sameBoth = (name: string, input: string): Tree => ({
  [`data/secret/${name}.in`]: input,
  [`data/secret/${name}.ans`]: input,
});

describe.skipIf(box.skip !== null)(`equal tests ${box.skip ?? ""}`, () => {
  const tree: Tree = {
    ...legacy,
    "problem.yaml": "name: Echo\nlimits: {memory: 32, output: 1}\n",
    ...sameBoth("1", "x\n"),
    ...sameBoth("2", "y\n"),
    ...sameBoth("3", "x\n"),
    ...sameBoth("4", "x\n"),
    "data/secret/5.in": "x\n",
    "data/secret/5.ans": "y\n",
  };

  test.each([1, 3])("are run once, and say whose result they have; %i at a time", async (parallel) => {
    const { sandbox } = box.get();
    let runs = 0;
    const counting: Sandbox = {
      ...forwarding(sandbox),
      run: (spec, options) => {
        runs++;
        return sandbox.run(spec, options);
      },
    };
    const { result } = await judge(tree, "cat", { sandbox: counting, mode: "all", parallel });
    expect(result.tests.map(({ name, verdict, sameAs }) => [name, verdict, sameAs])).toEqual([
      ["sample/1", "AC", null],
      ["secret/1", "AC", null],
      ["secret/2", "AC", null],
      ["secret/3", "AC", "secret/1"],
      ["secret/4", "AC", "secret/1"],
      ["secret/5", "WA", null],
    ]);
    // The compiler, and four tests that differ.
    expect(runs).toBe(5);
  });

  test("are judged each with its own answer where answers are submitted", async () => {
    const answers: Tree = {
      ...modern,
      "problem.yaml": (modern["problem.yaml"] ?? "").replace("scoring", "submit-answer"),
      ...sameBoth("1", "x\n"),
      ...sameBoth("2", "x\n"),
      ...sameBoth("3", "x\n"),
    };
    const { result } = await judge(answers, "", {
      files: [
        { path: "sample/1.out", content: "sample-1\n" },
        { path: "secret/1.out", content: "x\n" },
        { path: "secret/2.out", content: "wrong\n" },
      ],
      mode: "all",
    });
    expect(result.verdict).toBe("WA");
    expect(result.tests.map(({ verdict, sameAs }) => [verdict, sameAs])).toEqual([
      ["AC", null],
      ["AC", null],
      ["WA", null],
      ["WA", null],
    ]);
  });
});

describe.skipIf(box.skip !== null)(`what a problem set decides ${box.skip ?? ""}`, () => {
  const passFail: Tree = {
    ...legacy,
    "problem.yaml": "name: Echo\nvalidator_flags: space_change_sensitive\nlimits: {memory: 32, output: 1}\n",
    ...cases("secret", "1 2 3"),
  };
  const failing =
    'read -r x; case $x in *-1) echo no;; *-2) exit 3;; *-3) kill -SEGV $$;; *) echo "$x";; esac';

  test("a ranking of verdicts, remapping, and what was measured", async () => {
    const plain = await judge(passFail, failing);
    expect(summary(plain.result)).toBe("WA SK SK SK");
    const secretOnly = `read -r x; case $x in sample*) echo "$x"; exit;; esac; ${failing.replace("read -r x; ", "")}`;
    const ranked = await judge(passFail, secretOnly, {
      policy: { priority: ["RTE", "WA"], remap: { RTE: "IR" } },
    });
    expect(summary(ranked.result)).toBe("AC WA IR RTE");
    expect(ranked.result).toMatchObject({ verdict: "RTE" });
    expect(ranked.result.tests[2]?.evidence.text).toBe("exit code 3 (RTE, counted as IR)");
  });

  test("presentation errors", async () => {
    const script = 'read -r x; echo "  $x"';
    expect((await judge(passFail, script)).result.verdict).toBe("WA");
    const { result } = await judge(passFail, script, { policy: { presentationErrors: true } });
    expect(result).toMatchObject({ verdict: "PE", fault: "submitter" });
  });

  test("how many tests run at once", async () => {
    const { sandbox } = box.get();
    let [now, most] = [0, 0];
    const counting: Sandbox = {
      ...forwarding(sandbox),
      run: async (spec, options) => {
        most = Math.max(most, ++now);
        return await sandbox.run(spec, options).finally(() => now--);
      },
    };
    await judge(passFail, "cat", { sandbox: counting, policy: { parallel: 1 } });
    expect(most).toBe(1);
    await judge(passFail, "cat", { sandbox: counting });
    expect(most).toBe(3);
  });

  test("the limits that are in force", async () => {
    const slow = { ...shell, timing: { factor: 2, offsetMs: 30 } };
    const limitsOf = async (change: Change) =>
      (await judge(passFail, "cat", change)).result.tests[0]?.evidence.limits;
    expect(await limitsOf({})).toMatchObject({ cpuMs: 1000, wallMs: 4000 });
    expect(await limitsOf({ timeMs: 300 })).toMatchObject({ cpuMs: 300, wallMs: 1900 });
    expect(await limitsOf({ language: slow })).toMatchObject({ cpuMs: 2030, wallMs: 7090 });
    expect(await limitsOf({ speedFactor: 2 })).toMatchObject({ cpuMs: 1000 });
    const scaled = await judge(passFail, "cat", { speedFactor: 2, policy: { scaleTime: true } });
    expect(scaled.result.speedFactor).toBe(2);
    expect(scaled.result.tests[0]?.evidence.limits).toMatchObject({ cpuMs: 500, wallMs: 2500 });
  });
});

/** A sandbox's methods as properties, so that one can be put around it. */
const forwarding = (sandbox: Sandbox): Sandbox => ({
  slots: sandbox.slots,
  isolation: sandbox.isolation,
  run: (spec, options) => sandbox.run(spec, options),
  open: (spec, options) => sandbox.open(spec, options),
  session: (specs, options) => sandbox.session(specs, options),
  forget: (id) => sandbox.forget(id),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** Real runs; those of secret/1 are reported to have used so much CPU time, one after the other. */
const measuring = (cpuMs: readonly number[]) => {
  const { sandbox } = box.get();
  const company: number[] = [];
  let [now, measured] = [0, 0];
  const doubtful: Sandbox = {
    ...forwarding(sandbox),
    run: async (spec: RunSpec, options): Promise<RunReport> => {
      now++;
      const beside = now;
      const report = await sandbox.run(spec, options).finally(() => now--);
      if (captured(report, 1).toString() !== "secret-1\n") return report;
      const used = cpuMs[measured++];
      company.push(beside);
      if (used === undefined) return report;
      const interference = { cpuWaitMs: 0, cpuWaitOf: "box" as const, stealMs: 0, runnable: 0 };
      return { ...report, outcome: { ...report.outcome, cpuMs: used, interference } };
    },
  };
  return { sandbox: doubtful, company };
};

describe.skipIf(box.skip !== null)(`times in doubt ${box.skip ?? ""}`, () => {
  const passFail: Tree = {
    ...legacy,
    "problem.yaml": "name: Echo\nlimits: {memory: 32, output: 1}\n",
    ...cases("secret", "1 2 3"),
  };

  test("just too slow: again, alone, and the fastest counts", async () => {
    const { sandbox, company } = measuring([1003, 1001, 998]);
    const { result } = await judge(passFail, "cat", { sandbox, mode: "all" });
    expect(summary(result)).toBe("AC AC AC AC");
    expect(result.tests[1]?.timing).toMatchObject({
      runs: [{ verdict: "TLE" }, { verdict: "TLE" }, { verdict: "AC", cpuMs: 998 }],
      spreadMs: 5,
      decision: expect.stringMatching(/run 3 decides/),
    });
    expect(result.tests.map(({ timing }) => timing === null)).toEqual([true, false, true, true]);
    // Nothing else of this submission ran beside the second and the third.
    expect(company.slice(1)).toEqual([1, 1]);
  });

  test("no more often than the problem set says", async () => {
    for (const [retimes, runs] of [
      [0, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      const { sandbox, company } = measuring([1003, 1003, 1003, 1003]);
      const { result } = await judge(passFail, "cat", { sandbox, policy: { retimes } });
      expect(summary(result)).toBe("AC TLE SK SK");
      expect(company).toHaveLength(runs);
      expect(result.tests[1]?.timing?.runs.length ?? 1).toBe(runs);
    }
  });

  test("far behind the limit: once", async () => {
    const { sandbox, company } = measuring([1500]);
    const { result } = await judge(passFail, "cat", { sandbox });
    expect(result.tests[1]).toMatchObject({ verdict: "TLE", timeCause: "cpu", timing: null });
    expect(company).toHaveLength(1);
  });

  test("a program that never ends is stopped a little behind its limit, and told by its limit", async () => {
    const problem = await parsePackage(memoryFiles(passFail));
    // However busy the machine is, it is the CPU time that runs out.
    const limits = { ...problem.limits, timeMs: 200, wallMs: 120_000 };
    const { result } = await judge(passFail, "while :; do :; done", {
      package: { ...problem, limits },
      policy: { retimes: 0 },
    });
    expect(result).toMatchObject({ verdict: "TLE", evidence: { limits: { cpuMs: 200 } } });
    expect(result.evidence.text).toMatch(/stopped at the CPU limit of 0.2 s \(used 0.2\d* s CPU/);
    expect(result.evidence.outcome?.cpuMs).toBeGreaterThanOrEqual(207);
  });
});
