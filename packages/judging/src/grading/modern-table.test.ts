import { describe, expect, test } from "vitest";
import type { Verdict } from "@assay/contracts";
import type { ModernRule } from "../package/types.ts";
import { modernRule, simulate } from "./simulation.fixture.ts";
import type { Branch } from "./simulation.fixture.ts";

type Rule = Partial<ModernRule>;
const sum = (maxScore: number | null, more: Rule = {}): Rule => ({ aggregation: "sum", maxScore, ...more });
const min = (maxScore: number | null, more: Rule = {}): Rule => ({ aggregation: "min", maxScore, ...more });
const passFail = (maxScore: number | null, more: Rule = {}): Rule => ({
  aggregation: "pass-fail",
  maxScore,
  ...more,
});

const packageOf = (
  secret: Rule,
  members: Branch["members"],
  more: { static?: string; sample?: string } = {},
): Branch => ({
  name: "",
  rule: modernRule(),
  members: [
    { name: "sample", rule: modernRule(), members: (more.sample ?? "AC").split(" ") },
    {
      name: "secret",
      rule: modernRule(secret),
      members,
      ...(more.static === undefined ? {} : { static: more.static }),
    },
  ],
});

const group = (name: string, rule: Rule, tests: string, statically?: string): Branch => ({
  name: `secret/${name}`,
  rule: modernRule(rule),
  members: tests.split(" "),
  ...(statically === undefined ? {} : { static: statically }),
});

/** Verdict and score of one group, worked out by hand from the format's text. */
const single: readonly [string, Rule, string, Verdict, number][] = [
  // sum: the tests share max_score evenly
  ["sum", sum(100), "AC", "AC", 100],
  ["sum", sum(100), "WA", "WA", 0],
  ["sum", sum(100), "AC AC", "AC", 100],
  ["sum", sum(100), "AC WA", "WA", 50],
  ["sum", sum(100), "AC WA TLE AC", "WA", 50],
  ["sum", sum(100), "TLE WA AC AC", "TLE", 50],
  ["thirds make a whole", sum(100), "AC AC AC", "AC", 100],
  ["sevenths make a whole", sum(100), "AC AC AC AC AC AC AC", "AC", 100],
  ["two sevenths", sum(70), "AC WA AC WA WA WA WA", "WA", 20],
  ["score.txt is absolute", sum(100), "AC:10 AC:20", "AC", 30],
  ["up to what a test can give", sum(100), "AC:50 AC:50", "AC", 100],
  ["of 0", sum(100), "AC:0 AC", "AC", 50],
  ["a multiplier is of the test's share", sum(100), "AC*0.5 AC*0.1", "AC", 30],
  ["from 0", sum(100), "AC*0 AC", "AC", 50],
  ["to 1", sum(100), "AC*1 AC*1", "AC", 100],
  ["both kinds in one group", sum(100), "AC:10 AC*0.5 AC WA", "WA", 47.5],
  ["max_score 0", sum(0), "AC AC", "AC", 0],
  ["points of single tests", sum(100), "AC@70 AC@30", "AC", 100],
  ["points, one rejected", sum(100), "AC@70 WA@30", "WA", 70],
  ["points, the others share the rest", sum(100), "AC@70 AC WA", "WA", 85],
  ["points and a multiplier", sum(100), "AC*0.5@40 AC@60", "AC", 80],
  ["points take all", sum(100), "AC@100 AC", "AC", 100],
  ["unbounded", sum(null), "AC:1000 AC:0.5", "AC", 1000.5],
  ["unbounded, one rejected", sum(null), "AC:1000 WA", "WA", 1000],
  // min: each test can give all of max_score
  ["min", min(40), "AC AC", "AC", 40],
  ["min", min(40), "AC WA", "WA", 0],
  ["min", min(40), "RTE AC", "RTE", 0],
  ["min of score.txt", min(40), "AC:10 AC:20", "AC", 10],
  ["min of score.txt and the whole", min(40), "AC AC:20", "AC", 20],
  ["min of multipliers", min(40), "AC*0.5 AC*0.25", "AC", 10],
  ["min of both", min(40), "AC*0.5 AC:30", "AC", 20],
  ["min unbounded", min(null), "AC:7 AC:3", "AC", 3],
  ["min with points", min(40), "AC@5 AC", "AC", 5],
  // pass-fail
  ["pass-fail", passFail(30), "AC AC AC", "AC", 30],
  ["pass-fail", passFail(30), "AC WA AC", "WA", 0],
  ["pass-fail", passFail(30), "MLE", "MLE", 0],
  ["pass-fail of 0", passFail(0), "AC", "AC", 0],
  // judge errors
  ["both files", sum(100), "AC:1*0.5 AC", "JE", 50],
  ["both files", min(100), "AC:1*0.5", "JE", 0],
  ["score.txt of a rejected test", sum(100), "AC WA:3", "JE", 50],
  ["a multiplier of a rejected test", sum(100), "AC WA*0.3", "JE", 50],
  ["score.txt beyond the test's share", sum(100), "AC:51 AC", "JE", 50],
  ["score.txt beyond max_score", min(40), "AC:41", "JE", 0],
  ["score.txt beyond points", sum(100), "AC:6@5 AC@95", "JE", 95],
  ["score.txt in a pass-fail group", passFail(30), "AC:30", "JE", 0],
  ["a multiplier in a pass-fail group", passFail(30), "AC*1", "JE", 0],
  ["a multiplier where there is no bound", sum(null), "AC*0.5", "JE", 0],
  ["nothing where there is no bound", sum(null), "AC", "JE", 0],
  ["nothing where there is no bound", min(null), "AC:3 AC", "JE", 0],
  ["a score below 0", sum(100), "AC:-1 AC", "JE", 50],
  ["a multiplier above 1", sum(100), "AC*1.5 AC", "JE", 50],
  ["a multiplier below 0", sum(100), "AC*-0.5 AC", "JE", 50],
  ["a score without end", sum(null), "AC:Infinity", "JE", 0],
  ["scores beyond all numbers together", sum(null), "AC:1e308 AC:1e308", "JE", 0],
  ["no number", sum(100), "AC:x AC", "JE", 50],
  ["points beyond max_score", sum(100), "AC@80 AC@80", "JE", 0],
  ["a pass-fail group without bound", passFail(null), "AC", "JE", 0],
  ["a judge error is not covered by a wrong answer", sum(100), "WA AC:1*1 AC", "JE", 100 / 3],
  // the file of an earlier pass, when the program failed by itself
  ["score.txt and too slow", sum(100), "AC TLE:3", "TLE", 50],
  ["a multiplier and a crash", min(100), "RTE*0.5", "RTE", 0],
];

describe("one group", () => {
  describe.each(["secret itself", "a group in it"])("%s", (place) => {
    test.each(single)("%s: %j %j", async (_, rule, tests, verdict, score) => {
      const inner = packageOf(sum(rule.maxScore ?? null), [group("1", rule, tests)]);
      const tree = place === "secret itself" ? packageOf(rule, tests.split(" ")) : inner;
      for (const parallel of [1, 3]) {
        const first = await simulate(tree, { scoring: true, parallel });
        expect(first.grade).toMatchObject({ verdict });
        const { grade } = await simulate(tree, { scoring: true, mode: "all", parallel });
        expect(grade).toMatchObject({ verdict, score: Number(score.toPrecision(12)) });
        expect(first.grade.score).toBe(grade.score);
      }
    });
  });
});

test.each<[string, Rule, string, string, Verdict, number]>([
  ["shares what it leaves", sum(100, { staticValidationScore: 40 }), "AC", "AC AC", "AC", 100],
  ["rejected", sum(100, { staticValidationScore: 40 }), "WA", "AC AC", "WA", 60],
  ["one test rejected", sum(100, { staticValidationScore: 40 }), "AC", "AC WA", "WA", 70],
  ["its own score.txt", sum(100, { staticValidationScore: 40 }), "AC:15", "AC AC", "AC", 75],
  ["its multiplier", sum(100, { staticValidationScore: 40 }), "AC*0.5", "AC AC", "AC", 80],
  ["beyond its score", sum(100, { staticValidationScore: 40 }), "AC:41", "AC AC", "JE", 60],
  ["of 0", sum(100, { staticValidationScore: 0 }), "AC", "AC AC", "AC", 100],
  ["bounded where the group is not", sum(null, { staticValidationScore: 5 }), "AC", "AC:7", "AC", 12],
  ["in a min group", min(40, { staticValidationScore: 30 }), "AC", "AC AC", "AC", 30],
  ["rejected in a min group", min(40, { staticValidationScore: 30 }), "WA", "AC AC", "WA", 0],
  ["pass-fail", passFail(20, { staticValidationScore: "pass-fail" }), "AC", "AC", "AC", 20],
  ["pass-fail, rejected", passFail(20, { staticValidationScore: "pass-fail" }), "WA", "AC", "WA", 0],
  ["broken", passFail(20, { staticValidationScore: "pass-fail" }), "JE", "AC", "JE", 0],
])("a static validator: %s", async (_, rule, statically, tests, verdict, score) => {
  const ofSecret = packageOf(rule, tests.split(" "), { static: statically });
  const ofGroup = packageOf(sum(rule.maxScore ?? null), [group("1", rule, tests, statically)]);
  for (const tree of [ofSecret, ofGroup]) {
    const { grade, results } = await simulate(tree, { scoring: true, mode: "all" });
    expect(grade).toMatchObject({ verdict, score });
    expect(results.filter(({ name }) => name.endsWith("/static"))).toHaveLength(1);
  }
});

/** Several groups: [secret, groups, sample, verdict, score, score by group]. */
const several: readonly [string, Rule, readonly Branch[], string, Verdict, number, readonly number[]][] = [
  [
    "sum of groups",
    sum(100),
    [group("1", passFail(40), "AC"), group("2", passFail(60), "AC AC")],
    "AC",
    "AC",
    100,
    [40, 60],
  ],
  [
    "one is lost",
    sum(100),
    [group("1", passFail(40), "WA"), group("2", passFail(60), "AC AC")],
    "AC",
    "WA",
    60,
    [0, 60],
  ],
  [
    "mixed",
    sum(100),
    [group("1", sum(50), "AC WA"), group("2", min(50), "AC*0.5 AC")],
    "AC",
    "WA",
    50,
    [25, 25],
  ],
  [
    "min of groups",
    min(50),
    [group("1", passFail(40), "AC"), group("2", sum(50), "AC WA")],
    "AC",
    "WA",
    25,
    [40, 25],
  ],
  [
    "all groups have to pass",
    passFail(10),
    [group("1", passFail(4), "AC"), group("2", passFail(6), "AC")],
    "AC",
    "AC",
    10,
    [4, 6],
  ],
  [
    "and one does not",
    passFail(10),
    [group("1", passFail(4), "AC"), group("2", passFail(6), "WA")],
    "AC",
    "WA",
    0,
    [4, 0],
  ],
  [
    "groups beyond max_score",
    sum(50),
    [group("1", passFail(40), "AC"), group("2", passFail(60), "AC")],
    "AC",
    "JE",
    0,
    [40, 60],
  ],
  [
    "unbounded",
    sum(null),
    [group("1", sum(null), "AC:3"), group("2", min(null), "AC:5 AC:9")],
    "AC",
    "AC",
    8,
    [3, 5],
  ],
  ["samples give nothing", sum(10), [group("1", passFail(10), "AC")], "WA", "AC", 10, [10]],
  ["nor are their scores wrong", sum(10), [group("1", passFail(10), "AC")], "AC:5 AC*0.5", "AC", 10, [10]],
  [
    "require_pass, passed",
    sum(100),
    [group("1", passFail(40), "AC"), group("2", passFail(60, { requirePass: ["secret/1"] }), "AC")],
    "AC",
    "AC",
    100,
    [40, 60],
  ],
  [
    "require_pass, not passed",
    sum(100),
    [group("1", passFail(40), "WA"), group("2", passFail(60, { requirePass: ["secret/1"] }), "AC")],
    "AC",
    "WA",
    0,
    [0, 0],
  ],
  [
    "require_pass of what was not run",
    sum(100),
    [
      group("1", passFail(40), "TLE"),
      group("2", passFail(30, { requirePass: ["secret/1"] }), "AC"),
      group("3", passFail(30, { requirePass: ["secret/2"] }), "AC"),
    ],
    "AC",
    "TLE",
    0,
    [0, 0, 0],
  ],
  [
    "another one goes on",
    sum(100),
    [
      group("1", passFail(40), "TLE"),
      group("2", passFail(30, { requirePass: ["secret/1"] }), "AC"),
      group("3", passFail(30), "AC"),
    ],
    "AC",
    "TLE",
    30,
    [0, 0, 30],
  ],
  [
    "require_pass: sample",
    sum(100),
    [group("1", passFail(40, { requirePass: ["sample"] }), "AC"), group("2", passFail(60), "AC")],
    "WA",
    "WA",
    60,
    [0, 60],
  ],
];

test.each(several)("groups: %s", async (_, secret, groups, sample, verdict, score, scores) => {
  for (const mode of ["first_failure", "all"] as const) {
    for (const parallel of [1, 4]) {
      const simulated = await simulate(packageOf(secret, groups, { sample }), {
        scoring: true,
        mode,
        parallel,
      });
      const inSecret = simulated.groups.filter(({ name }) => name.startsWith("secret/"));
      expect(simulated.grade).toMatchObject({ verdict, score });
      expect(inSecret.map((each) => each.score)).toEqual(scores);
    }
  }
});

test("what is told of tests and groups: points, the most there is, how many passed", async () => {
  const tree = packageOf(sum(100), [
    group("1", passFail(10), "AC AC"),
    group("2", sum(60, { staticValidationScore: 20 }), "AC WA AC:5 AC*0.25", "AC"),
    group("3", min(30, { requirePass: ["secret/1"] }), "AC:12 AC"),
  ]);
  const { results, groups, grade, events } = await simulate(tree, { scoring: true, mode: "all" });
  expect(results.map(({ name, score, maxScore }) => [name, score, maxScore])).toEqual([
    ["sample/1", null, null],
    ["secret/1/1", null, null],
    ["secret/1/2", null, null],
    ["secret/2/static", 20, 20],
    ["secret/2/1", 10, 10],
    ["secret/2/2", 0, 10],
    ["secret/2/3", 5, 10],
    ["secret/2/4", 2.5, 10],
    ["secret/3/1", 12, 30],
    ["secret/3/2", 30, 30],
  ]);
  expect(
    groups.map(({ name, verdict, score, maxScore, passed, total }) => [
      name,
      verdict,
      score,
      maxScore,
      passed,
      total,
    ]),
  ).toEqual([
    ["sample", "AC", null, null, 1, 1],
    ["secret", "WA", 59.5, 100, 8, 9],
    ["secret/1", "AC", 10, 10, 2, 2],
    ["secret/2", "WA", 37.5, 60, 4, 5],
    ["secret/3", "AC", 12, 30, 2, 2],
  ]);
  expect(grade).toMatchObject({ verdict: "WA", score: 59.5, maxScore: 100, cause: { name: "secret/2/2" } });
  expect(
    events.map((event) => (event.type === "test" || event.type === "group" ? event.result.name : "")),
  ).toEqual([
    "sample/1",
    "sample",
    "secret/1/1",
    "secret/1/2",
    "secret/1",
    "secret/2/static",
    "secret/2/1",
    "secret/2/2",
    "secret/2/3",
    "secret/2/4",
    "secret/2",
    "secret/3/1",
    "secret/3/2",
    "secret/3",
    "secret",
  ]);
});
