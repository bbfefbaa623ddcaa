import { describe, expect, test } from "vitest";
import { inputValidatorArgs, outputValidatorArgs } from "./arguments.ts";
import { memoryFiles } from "./memory-files.fixture.ts";
import { parsePackage } from "./parse.ts";
import { legacyWith } from "./trees.fixture.ts";
import type { TestGroup } from "./types.ts";

const parse = (changes: Readonly<Record<string, string | null>>) =>
  parsePackage(memoryFiles(legacyWith(changes)));

const flat = (group: TestGroup): TestGroup[] => [
  group,
  ...group.members.flatMap((member) => (member.kind === "group" ? flat(member.group) : [])),
];

describe("validation", () => {
  test.each([
    ["custom", { interactive: false, multiPass: false, scoring: false }],
    ["custom interactive", { interactive: true, multiPass: false }],
    ["custom multi-pass", { interactive: false, multiPass: true }],
    ["custom interactive multi-pass", { interactive: true, multiPass: true }],
  ])("%s", async (validation, type) => {
    const problem = await parse({
      "problem.yaml": `name: x\nvalidation: ${validation}\nvalidator_flags: a 7\n`,
      "output_validators/check.py": "",
      "output_validators/other/main.cpp": "",
      "output_validators/other/testlib.h": "",
      "output_validators/scripts/build": "",
      "data/secret/testdata.yaml": "output_validator_flags: {check: b c, scripts: [d e]}\n",
    });
    expect(problem.type).toMatchObject(type);
    expect(problem.outputValidators.map(({ path, kind }) => [path, kind])).toEqual([
      ["output_validators/check.py", { how: "language", language: "python" }],
      ["output_validators/other", { how: "language", language: "cpp" }],
      ["output_validators/scripts", { how: "scripts", hasBuild: true }],
    ]);
    const [sample, secret] = problem.tests;
    if (sample === undefined || secret === undefined) throw new Error("there are two tests");
    const args = problem.outputValidators.map(({ path }) => [
      outputValidatorArgs(sample, path),
      outputValidatorArgs(secret, path),
    ]);
    expect(args).toEqual([
      [
        ["a", "7"],
        ["a", "7", "b", "c"],
      ],
      [
        ["a", "7"],
        ["a", "7"],
      ],
      [
        ["a", "7"],
        ["a", "7", "d e"],
      ],
    ]);
  });

  test("a header beside single files comes with each of them", async () => {
    const problem = await parse({
      "problem.yaml": "validation: custom\n",
      "output_validators/check.cpp": "",
      "output_validators/testlib.h": "",
      "output_validators/README.md": "",
    });
    expect(problem.outputValidators.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ["check.cpp", "testlib.h"],
    ]);
  });

  test.each([
    ["special_compare", { interactive: false }],
    ["special_run", { interactive: true }],
  ])("by %s of domjudge-problem.ini", async (key, type) => {
    const problem = await parse({
      "domjudge-problem.ini": `; made by hand\n${key} = 'check'\nspecial_compare_args = x y\n`,
      "output_validators/check/check.py": "",
    });
    expect(problem).toMatchObject({ type, outputValidators: [{ path: "output_validators/check" }] });
    expect(problem.tests[0]?.validatorArgs).toEqual(["x", "y"]);
  });
});

test("groups inherit from all around them", async () => {
  const problem = await parse({
    "problem.yaml": "type: scoring\ngrading: {objective: min, show_test_data_groups: true}\n",
    "graders/grade.py": "",
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: min ignore_sample\nrange: 0 100\n",
    "data/secret/testdata.yaml": "accept_score: 30\ninput_validator_flags: --n 5\n",
    "data/secret/one/1.in": "",
    "data/secret/one/1.ans": "",
    "data/secret/one/testdata.yaml": "reject_score: -1.5\nrange: -inf +inf\n",
    "data/secret/one/deep/er/1.in": "",
    "data/secret/one/deep/er/1.ans": "",
    "data/secret/one/deep/testdata.yaml":
      "grading: custom\ngrader_flags: anything at all\non_reject: break\ninput_validator_flags: {v: q}\n",
  });
  expect(problem.objective).toBe("min");
  const rules = Object.fromEntries(flat(problem.data).map(({ name, rule }) => [name, rule]));
  expect(Object.keys(rules)).toEqual([
    "",
    "sample",
    "secret",
    "secret/one",
    "secret/one/deep",
    "secret/one/deep/er",
  ]);
  expect(rules[""]).toMatchObject({ onReject: "continue", acceptScore: 1, range: [0, 100], grader: null });
  expect(rules["sample"]).toEqual(rules[""]);
  expect(rules["secret"]).toMatchObject({ acceptScore: 30, graderFlags: ["min", "ignore_sample"] });
  expect(rules["secret/one"]).toMatchObject({
    acceptScore: 30,
    rejectScore: -1.5,
    range: [-Infinity, Infinity],
    onReject: "continue",
  });
  expect(rules["secret/one/deep/er"]).toMatchObject({
    grader: { path: "graders/grade.py" },
    graderFlags: ["anything", "at", "all"],
    acceptScore: 30,
    onReject: "break",
  });
  expect(problem.tests.map((each) => [each.name, each.group])).toEqual([
    ["sample/1", "sample"],
    ["secret/a", "secret"],
    ["secret/one/1", "secret/one"],
    ["secret/one/deep/er/1", "secret/one/deep/er"],
  ]);
  const args = problem.tests.map((each) => inputValidatorArgs(each, "input_validators/v.py"));
  expect(args).toEqual([[], ["--n", "5"], ["--n", "5"], ["q"]]);
});

test("flags may be for one validator by its name", async () => {
  const problem = await parse({
    "data/secret/testdata.yaml": "input_validator_flags: {name: limits, flags: 8 sorted}\n",
  });
  const [, secret] = problem.tests;
  if (secret === undefined) throw new Error("there are two tests");
  expect(inputValidatorArgs(secret, "input_validators/limits")).toEqual(["8", "sorted"]);
  expect(inputValidatorArgs(secret, "input_validators/limits.py")).toEqual(["8", "sorted"]);
  expect(inputValidatorArgs(secret, "input_validators/other.py")).toEqual([]);
});

test("members stand in lexicographic order, tests and groups among each other", async () => {
  const problem = await parse({
    "data/secret/0/1.in": "",
    "data/secret/0/1.ans": "",
    "data/secret/b/1.in": "",
    "data/secret/b/1.ans": "",
  });
  const secret = flat(problem.data).find(({ name }) => name === "secret");
  expect(
    secret?.members.map((member) =>
      member.kind === "test" ? problem.tests[member.test]?.name : member.group.name,
    ),
  ).toEqual(["secret/0", "secret/a", "secret/b"]);
});

test("hints, descriptions, examples and samples", async () => {
  const problem = await parse({
    "data/secret/a.hint": "Think of zero.\n",
    "data/secret/a.desc": "the smallest input\n",
    "data/sample/1.png": "",
    "data/sample/2.interaction": "<1\n>2\n",
    "data/invalid_input/x.in": "",
  });
  expect(problem.tests[1]).toMatchObject({ hint: "Think of zero.", description: "the smallest input" });
  expect(problem.tests.map((each) => each.fullFeedback)).toEqual([true, false]);
  expect(problem.displays).toMatchObject([
    { name: "sample/1", inputPath: "data/sample/1.in", illustrationPath: "data/sample/1.png" },
    { name: "sample/2", inputPath: null, interactionPath: "data/sample/2.interaction" },
  ]);
  expect(problem.examples).toMatchObject([
    { name: "invalid_input/x", kind: "invalid_input", answerPath: null },
  ]);
});

test("credits and calibration", async () => {
  const problem = await parse({
    "problem.yaml":
      "author: A. One, B. Two and C. Three\nsource: Contest\nsource_url: https://contest.example/1\nlicense: cc by\nkeywords: dp graphs\nlimits: {time_multiplier: 3, time_safety_margin: 1.5, time_resolution: 0.5}\n",
  });
  expect(problem).toMatchObject({
    credits: {
      license: "cc by",
      authors: ["A. One", "B. Two", "C. Three"],
      sources: [{ name: "Contest", url: "https://contest.example/1" }],
    },
    keywords: ["dp", "graphs"],
    limits: {
      calibration: { rule: "legacy", acToTimeLimit: 3, timeLimitToTle: 1.5, resolutionMs: 500 },
    },
  });
});

test("input validators of every kind, and attachments", async () => {
  const problem = await parse({
    "input_validators/v.py": "",
    "input_validators/w/run": "",
    "input_validators/x.ctd": "",
    "input_format_validators/y.cpp": "",
    "input_validators/Old.klingon": "",
    "attachments/tool.py": "",
    "attachments/templates/python3/start.py": "",
  });
  expect(problem.inputValidators).toMatchObject([
    { kind: "program", path: "input_validators/v.py" },
    { kind: "program", path: "input_validators/w", program: { kind: { how: "scripts", hasBuild: false } } },
    { kind: "checktestdata", path: "input_validators/x.ctd" },
    { kind: "program", path: "input_format_validators/y.cpp" },
  ]);
  expect(problem.warnings).toEqual([
    {
      where: "input_validators/Old.klingon",
      line: null,
      message: expect.stringMatching(/is in no language.*inputs are not checked by it/),
    },
  ]);
  expect(problem.attachments).toEqual([
    { path: "attachments/templates/python3/start.py", templateFor: "python", size: 0 },
    { path: "attachments/tool.py", templateFor: null, size: 0 },
  ]);
});

test("promises of the directories", async () => {
  const problem = await parse({
    "problem.yaml": "type: scoring\n",
    "submissions/wrong_answer/a.py": "# @EXPECTED_RESULTS@: TIMELIMIT\n",
    "submissions/time_limit_exceeded/a.py": "",
    "submissions/run_time_error/a.py": "",
    "submissions/partially_accepted/a.py": "",
    "submissions/mixed/a.py": "# @EXPECTED_RESULTS@: RUN-ERROR\n",
  });
  expect(
    problem.submissions.map(({ directory, expected, promises }) => [
      directory,
      expected,
      promises.map(({ permitted, required }) => [permitted.join(), required.join()]),
    ]),
  ).toEqual([
    ["accepted", ["AC"], [["AC", ""]]],
    ["mixed", ["RTE", "MLE"], []],
    ["partially_accepted", ["AC"], []],
    ["run_time_error", ["RTE", "MLE", "OLE"], [["AC,WA,PE,TLE,RTE,MLE,OLE,IR", "RTE,MLE,OLE,IR"]]],
    ["time_limit_exceeded", ["TLE", "WA"], [["AC,WA,PE,TLE", "TLE"]]],
    ["wrong_answer", ["WA"], [["AC,WA,PE", "WA,PE"]]],
  ]);
});
