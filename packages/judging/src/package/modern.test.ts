import { describe, expect, test } from "vitest";
import { withConstants } from "./constants.ts";
import { memoryFiles } from "./memory-files.fixture.ts";
import { parsePackage } from "./parse.ts";
import { modernTree, modernWith, modernYaml, yamlWith } from "./trees.fixture.ts";

const parse = (changes: Readonly<Record<string, string | null>>) =>
  parsePackage(memoryFiles(modernWith(changes)));

describe("types", () => {
  test.each([
    ["pass-fail", {}, {}],
    ["scoring", { scoring: true }, {}],
    ["[pass-fail, interactive]", { interactive: true }, { "output_validator/v.py": "" }],
    ["[interactive, multi-pass]", { interactive: true, multiPass: true }, { "output_validator/v.py": "" }],
    ["[scoring, multi-pass]", { scoring: true, multiPass: true }, { "output_validator/v/v.cpp": "" }],
    ["submit-answer", { submitAnswer: true }, {}],
    ["[submit-answer, scoring]", { submitAnswer: true, scoring: true }, {}],
  ])("%s", async (type, expected, files) => {
    const none = { scoring: false, interactive: false, multiPass: false, submitAnswer: false };
    const problem = await parse({ ...yamlWith(`type: ${type}\n`), ...files });
    expect(problem.type).toEqual({ ...none, ...expected });
  });
});

test("the output validator is one directory, or the files themselves", async () => {
  const loose = await parse({ "output_validator/v.cpp": "", "output_validator/testlib.h": "" });
  expect(loose.outputValidators).toMatchObject([
    { kind: { language: "cpp" }, files: [{ path: "testlib.h" }, { path: "v.cpp" }].toReversed() },
  ]);
  const scripts = await parse({ "output_validator/build": "", "output_validator/src/v.cpp": "" });
  expect(scripts.outputValidators).toMatchObject([
    { path: "output_validator", kind: { how: "scripts", hasBuild: true } },
  ]);
});

test("credits in all forms", async () => {
  const { credits, version } = await parse(
    yamlWith(`version: 1.10
credits:
  authors: [A One <a@x.example>, {name: B Two, email: b@x.example, orcid: 0000-0001, kattis: btwo}]
  testers: C Three
  translators: {sv: D Four, pt-BR: [E Five, {name: F Six}]}
  acknowledgements: [G]
source:
  - name: NWERC 2024
    url: https://2024.nwerc.example/contest
  - SWERC 2024
license: cc by-sa
rights_owner: The owners
embargo_until: 2027-02-28T12:00:00Z
keywords: [dp, two words]
`),
  );
  expect(version).toBe("1.10");
  expect(credits).toEqual({
    license: "cc by-sa",
    rightsOwner: "The owners",
    authors: ["A One <a@x.example>", "B Two <b@x.example>"],
    others: {
      testers: ["C Three"],
      acknowledgements: ["G"],
      translators: ["D Four", "E Five", "F Six"],
    },
    sources: [
      { name: "NWERC 2024", url: "https://2024.nwerc.example/contest" },
      { name: "SWERC 2024", url: null },
    ],
    embargoUntil: "2027-02-28T12:00:00Z",
  });
  const short = await parse(yamlWith("credits: A One\nsource: {name: X}\nembargo_until: 2027-01-01\n"));
  expect(short.credits).toMatchObject({ authors: ["A One"], sources: [{ name: "X" }] });
});

test("limits", async () => {
  const problem = await parse({
    "problem.yaml": `${modernYaml.replace("limits: {time_limit: 2}\n", "")}type: multi-pass
limits:
  time_multipliers: {ac_to_time_limit: 3, time_limit_to_tle: 2}
  time_resolution: 0.25
  validation_time: 10
  validation_memory: 128
  validation_output: 1
  validation_passes: 7
allow_file_writing: true
`,
    "output_validator/v.py": "",
  });
  expect(problem.limits).toMatchObject({
    timeStated: false,
    calibration: { rule: "2025-09", acToTimeLimit: 3, timeLimitToTle: 2, resolutionMs: 250 },
    validation: { cpuMs: 10_000, wallMs: 20_000, memoryBytes: 128 << 20, outputBytes: 1 << 20 },
    validationPasses: 7,
    fileWriting: true,
  });
});

test("groups with scores", async () => {
  const problem = await parse({
    ...yamlWith("type: scoring\n"),
    "static_validator/v.py": "",
    "data/secret/a.in": null,
    "data/secret/a.ans": null,
    "data/secret/test_group.yaml": "max_score: 60\nargs: [x]\n",
    "data/secret/1/test_group.yaml": "max_score: 20\nrequire_pass: sample\n",
    "data/secret/1/b.in": "",
    "data/secret/1/b.ans": "",
    "data/secret/1/a/deep.in": "",
    "data/secret/1/a/deep.ans": "",
    "data/secret/2/test_group.yaml":
      "max_score: 40\nscore_aggregation: sum\nrequire_pass: [sample, secret/1]\nstatic_validation_score: 10\nstatic_validator_args: [-q]\nfull_feedback: true\n",
    "data/secret/2/c.in": "",
    "data/secret/2/c.ans": "",
  });
  const [sample, secret] = problem.data.members;
  expect(sample).toMatchObject({ group: { name: "sample", rule: { aggregation: "pass-fail" } } });
  expect(secret).toMatchObject({
    group: {
      name: "secret",
      rule: { maxScore: 60, aggregation: "sum", requirePass: [] },
      members: [
        {
          group: {
            name: "secret/1",
            rule: { maxScore: 20, aggregation: "pass-fail", requirePass: ["sample"] },
            members: [{ test: 1 }, { test: 2 }],
          },
        },
        {
          group: {
            name: "secret/2",
            rule: {
              maxScore: 40,
              aggregation: "sum",
              requirePass: ["sample", "secret/1"],
              staticValidationScore: 10,
              staticValidatorArgs: ["-q"],
            },
          },
        },
      ],
    },
  });
  expect(problem.tests.map((each) => [each.name, each.group, each.args, each.fullFeedback])).toEqual([
    ["sample/1", "sample", [], true],
    ["secret/1/a/deep", "secret/1", ["x"], false],
    ["secret/1/b", "secret/1", ["x"], false],
    ["secret/2/c", "secret/2", ["x"], true],
  ]);
  expect(problem.warnings).toEqual([]);
});

test("what is shown of samples", async () => {
  const problem = await parse({
    "data/sample/1.in.statement": "",
    "data/sample/1.in.download": "",
    "data/sample/1.out": "",
  });
  expect(problem.displays).toEqual([
    {
      name: "sample/1",
      inputPath: "data/sample/1.in.statement",
      answerPath: "data/sample/1.out",
      downloadInputPath: "data/sample/1.in.download",
      downloadAnswerPath: "data/sample/1.out",
      interactionPath: null,
      outputPath: "data/sample/1.out",
      illustrationPath: null,
    },
  ]);
});

test("examples for validators", async () => {
  const problem = await parse({
    "data/invalid_input/a.in": "",
    "data/invalid_input/test_group.yaml": "input_validator_args: [q]\n",
    "data/invalid_output/b.in": "",
    "data/invalid_output/b.ans": "",
    "data/invalid_output/b.out": "",
    "data/invalid_output/b.yaml": "output_validator_args: [case_sensitive]\ndescription: wrong case\n",
    "data/valid_output/c.in": "",
    "data/valid_output/c.ans": "",
    "data/valid_output/c.out": "",
  });
  expect(problem.examples).toMatchObject([
    { name: "invalid_input/a", inputValidatorArgs: ["q"], outputPath: null },
    { name: "invalid_output/b", comparator: { flags: { caseSensitive: true } } },
    { name: "valid_output/c", outputPath: "data/valid_output/c.out" },
  ]);
});

test("constants are replaced where the format says so, and nowhere else", async () => {
  const tree = modernWith({
    ...yamlWith("constants: {n: 5, big: {value: 1000, tex: 10^3}, s: 'ä'}\n"),
    "statement/problem.en.md": "{{n}} {{big.tex}} {{other}} {{nextsample}} {{ n }}",
    "input_validators/v.py": "{{n}}{{s}}",
    "include/python/x.py": "{{big}}",
    "submissions/accepted/main.py": "print({{n}})",
    "data/secret/test_group.yaml": "args: ['{{n}}']\n",
    "data/secret/a.in": "{{n}}",
  });
  const stored = memoryFiles(tree);
  const problem = await parsePackage(stored);
  expect(problem.constants).toEqual({ n: "5", big: "1000", "big.tex": "10^3", s: "ä" });
  expect(problem.tests[1]?.args).toEqual(["5"]);
  expect(problem.warnings.map(({ where, line, message }) => [where, line, message])).toEqual([
    ["statement/problem.en.md", 1, "{{other}} names no constant and stays as it is"],
  ]);
  const files = withConstants(stored, problem.constants);
  const read = async (path: string) => Buffer.from(await files.read(path)).toString();
  expect(await read("statement/problem.en.md")).toBe("5 10^3 {{other}} {{nextsample}} {{ n }}");
  expect(await read("input_validators/v.py")).toBe("5ä");
  expect(await read("include/python/x.py")).toBe("1000");
  expect(await read("submissions/accepted/main.py")).toBe("print(5)");
  expect(await read("data/secret/a.in")).toBe("{{n}}");
  expect(withConstants(files, problem.constants)).toBe(files);
});

test("constants can't fill the memory", async () => {
  const files = withConstants(memoryFiles({ "include/c/a.h": "{{a}}".repeat(20_000) }), {
    a: "x".repeat(2000),
  });
  await expect(files.read("include/c/a.h")).rejects.toMatchObject({
    code: "package_invalid",
    message: expect.stringMatching(/^include\/c\/a.h: grows by more than 16 MiB/),
  });
});

test("submissions.yaml, whole", async () => {
  const problem = await parse({
    ...yamlWith("type: scoring\n"),
    "submissions/mine/slow.py": "",
    "submissions/mine/part/main.py": "",
    "submissions/wrong_answer/a.py": "",
    "submissions/submissions.yaml": `
accepted/main.py: {model_solution: true, authors: [A One, {name: B Two}], entrypoint: main.py}
wrong_answer: {permitted: [AC, WA, RTE]}
mine/*: {language: python3}
mine/slow.*:
  required: [TLE]
  message: too many steps
  score: [0, 30]
  secret/{a,b}: {permitted: [AC], use_for_time_limit: false}
  sample: {permitted: [AC], score: 0}
mine/part: {use_for_time_limit: lower, score: 40}
`,
  });
  expect(problem.warnings).toEqual([]);
  const [accepted, part, slow, wrong] = problem.submissions;
  expect(accepted).toMatchObject({
    modelSolution: true,
    authors: ["A One", "B Two"],
    entryPoint: "main.py",
    promises: [{ tests: null, permitted: ["AC"], required: [], timeLimit: null }],
  });
  expect(part).toMatchObject({
    promises: [{ tests: null, required: [], score: [40, 40], timeLimit: "lower" }],
  });
  expect(part?.promises[0]?.permitted).not.toContain("TLE");
  expect(slow).toMatchObject({
    expected: ["WA", "TLE", "RTE", "MLE", "OLE"],
    promises: [
      { tests: null, required: ["TLE"], message: "too many steps", score: [0, 30] },
      { tests: "secret/{a,b}", permitted: ["AC"], timeLimit: "none" },
      { tests: "sample", permitted: ["AC"], score: [0, 0] },
    ],
  });
  // The directory's own name overrides key by key, instead of adding.
  expect(wrong?.promises).toMatchObject([
    { permitted: ["AC", "WA", "PE", "RTE", "MLE", "OLE", "IR"], required: ["WA", "PE"] },
  ]);
});

test("assay.yaml chooses comparators and points", async () => {
  const problem = await parse({
    ...yamlWith("type: scoring\n"),
    "data/secret/b.in": "",
    "data/secret/b.ans": "",
    "data/secret/c.in": "",
    "data/secret/c.ans": "",
    "assay.yaml": `comparator: tokens
presentation_errors: true
tests:
  secret/a: {comparator: {kind: numbers, absolute: 1e-6}, points: 30}
  "secret/{b,c}": {points: 35}
  secret/c: {comparator: {kind: default, flags: case_sensitive}}
`,
  });
  expect(problem.presentationErrors).toBe(true);
  expect(problem.tests.map(({ comparator, points }) => [comparator, points])).toEqual([
    [{ kind: "tokens" }, null],
    [{ kind: "numbers", absolute: 1e-6, relative: null }, 30],
    [{ kind: "tokens" }, 35],
    [{ kind: "default", flags: expect.objectContaining({ caseSensitive: true }) }, 35],
  ]);
});

test("an alias stands for what it names", async () => {
  const problem = await parse({
    "data/secret/a.yaml": "args: &a [x, y]\noutput_visualizer_args: *a\n",
    "data/sample/test_group.yaml": "output_visualizer_args: &v [z]\nargs: *v\n",
  });
  expect(problem.tests.map(({ args }) => args)).toEqual([["z"], ["x", "y"]]);
});

test("the sound package has nothing to warn of", async () => {
  expect((await parsePackage(memoryFiles(modernTree))).warnings).toEqual([]);
});
