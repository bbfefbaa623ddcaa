import type { GroupResult, TestResult, Verdict } from "@assay/contracts";
import { describe, expect, test } from "vitest";
import { nothingStated, promiseFor, verdictsOf } from "../package/promises.ts";
import type { StatedPromise } from "../package/promises.ts";
import type { SubmissionPromise } from "../package/types.ts";
import { brokenPromises, promiseInWords } from "./kept.ts";

const testResult = (name: string, verdict: Verdict, judgeMessage: string | null = null): TestResult => ({
  name,
  verdict,
  fault: null,
  cpuMs: 1,
  wallMs: 1,
  memoryBytes: 1,
  evidence: { text: "why", outcome: null, limits: null },
  score: null,
  maxScore: null,
  timeCause: null,
  passes: 1,
  sameAs: null,
  teamMessage: null,
  judgeMessage,
  diagnostics: [],
  timing: null,
});

const group = (name: string, score: number): GroupResult => ({
  name,
  verdict: "AC",
  score,
  maxScore: 100,
  total: 1,
  passed: 1,
  reason: null,
});

const result = (verdict: Verdict, tests: readonly TestResult[], score: number | null = null) => ({
  verdict,
  score,
  maxScore: score === null ? null : 100,
  evidence: { text: "why", outcome: null, limits: null },
  tests: [...tests],
  groups: [group("sample", 0), group("secret/1-easy", 30), group("secret/2-hard", 20)],
});

const tests = (...verdicts: Verdict[]): TestResult[] =>
  verdicts.map((verdict, index) =>
    testResult(index === 0 ? "sample/1" : `secret/${index}-${index === 1 ? "easy" : "hard"}/a`, verdict),
  );

const promise = (
  on: string | null,
  permitted: string[] | null,
  required: string[] | null,
  more: Partial<StatedPromise> = {},
): SubmissionPromise =>
  promiseFor(on, {
    ...nothingStated,
    permitted: permitted === null ? null : verdictsOf(permitted),
    required: required === null ? null : verdictsOf(required),
    ...more,
  });

const submission = (promises: readonly SubmissionPromise[], expected: readonly Verdict[] = []) => ({
  promises,
  expected,
  directory: "other",
});

describe("a promise for tests", () => {
  test.each<[SubmissionPromise, Verdict[], RegExp[]]>([
    [promise(null, ["AC"], null), ["AC", "AC", "AC"], []],
    [
      promise(null, ["AC"], null),
      ["AC", "WA", "SK"],
      [/^test secret\/1-easy\/a gets WA, but only AC is permitted \(why\)$/],
    ],
    [promise(null, ["AC", "WA"], ["WA"]), ["AC", "WA", "AC"], []],
    [promise(null, ["AC", "WA"], ["WA"]), ["AC", "PE", "AC"], []],
    [promise(null, ["AC", "WA"], ["WA"]), ["AC", "AC", "AC"], [/^no test gets WA; the tests get AC$/]],
    [promise(null, ["AC", "WA"], ["WA"]), ["AC", "TLE", "WA"], [/gets TLE, but only AC or WA is permitted/]],
    [promise(null, null, ["RTE"]), ["AC", "MLE", "WA"], []],
    [promise(null, null, ["RTE"]), ["AC", "OLE", "AC"], []],
    [promise(null, null, ["TLE"]), ["AC", "WA", "RTE"], [/no test gets TLE; the tests get AC, WA, RTE/]],
    [promise("sample", ["AC"], null), ["AC", "WA", "WA"], []],
    [promise("sample", ["AC"], null), ["WA", "AC", "AC"], [/^in sample: test sample\/1 gets WA/]],
    [promise("secret/*-hard", ["WA"], null), ["AC", "AC", "WA"], []],
    [promise("secret/{1-easy,2-hard}", ["AC"], null), ["WA", "AC", "AC"], []],
    [
      promise("secret/9", ["AC"], null),
      ["AC", "AC", "AC"],
      [/^in secret\/9: there is no such test or group$/],
    ],
    [promise(null, null, null), ["AC", "WA", "TLE"], []],
  ])("%j: %j", (promised, verdicts, expected) => {
    const broken = brokenPromises(submission([promised]), result("WA", tests(...verdicts)));
    expect(broken).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  test("may be open where judging stopped early, if the verdict is one of those that were left", () => {
    const stopped = result("WA", tests("AC", "WA", "SK"));
    const promised = promise(null, ["AC", "WA", "TLE"], ["TLE"]);
    expect(brokenPromises(submission([promised], ["TLE", "WA"]), stopped)).toEqual([]);
    expect(brokenPromises(submission([promised], ["TLE"]), stopped)).toHaveLength(1);
  });
});

describe("a promise of points", () => {
  test.each<[string | null, [number, number], RegExp[]]>([
    [null, [50, 50], []],
    [null, [40, 60], []],
    [null, [0, 49], [/^the submission gets 50 points instead of 0 to 49$/]],
    ["secret/1-easy", [30, 30], []],
    ["secret/1-easy", [31, 31], [/^in secret\/1-easy: secret\/1-easy gets 30 points instead of 31$/]],
    ["secret/*", [20, 30], []],
    ["secret/*", [25, 30], [/secret\/2-hard gets 20 points instead of 25 to 30/]],
  ])("%s: %j", (on, score, expected) => {
    const broken = brokenPromises(
      submission([promise(on, null, null, { score })]),
      result("AC", tests("AC", "AC", "AC"), 50),
    );
    expect(broken).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});

test("a promise of a message is kept by any of its tests", () => {
  const judged = result("WA", [
    testResult("secret/1-easy/a", "WA", "too many words"),
    testResult("secret/2-hard/a", "WA"),
  ]);
  const says = (on: string | null, message: string) =>
    brokenPromises(submission([promise(on, null, null, { message })]), judged);
  expect(says(null, "many words")).toEqual([]);
  expect(says("secret/1-easy", "Many")).toEqual(['in secret/1-easy: no judge message contains "Many"']);
  expect(says("secret/2-hard", "many")).toHaveLength(1);
});

describe("a promise of the whole submission", () => {
  test.each<[Verdict[], Verdict, number]>([
    [["MLE"], "MLE", 0],
    [["MLE"], "RTE", 1],
    [["WA"], "PE", 0],
    [["CE"], "CE", 0],
    [["RTE", "MLE"], "WA", 1],
    [[], "WA", 0],
  ])("%j: %s", (expected, verdict, count) => {
    expect(brokenPromises(submission([], expected), result(verdict, []))).toHaveLength(count);
  });

  test("is never kept by what does not compile, unless that is it", () => {
    expect(brokenPromises(submission([promise(null, null, null)]), result("CE", []))).toEqual(["why"]);
  });

  test("for a part of the points is not kept by all of them", () => {
    const partial = { promises: [], expected: ["AC" as const], directory: "partially_accepted" };
    expect(brokenPromises(partial, result("AC", [], 60))).toEqual([]);
    expect(brokenPromises(partial, result("AC", [], 100))).toEqual([
      "gets all 100 points, but is partially accepted",
    ]);
  });
});

test.each<[SubmissionPromise[], Verdict[], string]>([
  [[], [], "nothing"],
  [[], ["MLE"], "MLE"],
  [[promise(null, ["AC"], null)], [], "each test AC"],
  [[promise(null, ["AC", "RTE"], ["RTE"])], [], "each test AC or RTE, at least one RTE"],
  [
    [promise(null, null, null, { score: [10, 20], message: "x" })],
    [],
    '10 to 20 points, a judge message with "x"',
  ],
  [[promise("secret/1", ["AC"], null), promise(null, null, null)], [], "secret/1: each test AC; anything"],
])("%j, %j in words", (promises, expected, words) => {
  expect(promiseInWords({ promises, expected })).toBe(words);
});
