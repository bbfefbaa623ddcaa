import { describe, expect, test } from "vitest";
import type { JudgePolicy, Verdict } from "@assay/contracts";
import { legacyRule, modernRule, simulate } from "./simulation.fixture.ts";
import type { Branch, Simulated } from "./simulation.fixture.ts";

const legacyTree = (
  secret: Branch["members"],
  flags = "",
  onReject: "break" | "continue" = "break",
): Branch => ({
  name: "",
  rule: legacyRule({ flags: "ignore_sample", onReject: "continue" }),
  members: [
    { name: "sample", rule: legacyRule(), members: ["AC"] },
    { name: "secret", rule: legacyRule({ flags, onReject }), members: secret },
  ],
});
const legacyGroup = (name: string, tests: string, change: Parameters<typeof legacyRule>[0] = {}): Branch => ({
  name: `secret/${name}`,
  rule: legacyRule(change),
  members: tests.split(" "),
});

const modernTree = (secret: Branch["rule"], members: Branch["members"], sample = "AC"): Branch => ({
  name: "",
  rule: modernRule(),
  members: [
    { name: "sample", rule: modernRule(), members: sample.split(" ") },
    { name: "secret", rule: secret, members },
  ],
});
const modernGroup = (name: string, tests: string, change: Parameters<typeof modernRule>[0] = {}): Branch => ({
  name: `secret/${name}`,
  rule: modernRule({ maxScore: 10, ...change }),
  members: tests.split(" "),
});

const verdictsOf = ({ results }: Simulated): string => results.map(({ verdict }) => verdict).join(" ");

interface Row {
  readonly name: string;
  readonly tree: Branch;
  readonly scoring: boolean;
  readonly priority?: JudgePolicy["priority"];
  /** Verdicts of all tests in mode first_failure: what is SK was not run. */
  readonly lazily: string;
  /** And in mode all. */
  readonly all: string;
  readonly verdict: Verdict;
  readonly score: number | null;
}

const failing = (...verdicts: Verdict[]) => ({ priority: verdicts });

/** What is run, by hand. */
const rows: readonly Row[] = [
  {
    name: "pass-fail, older: all behind the first failure",
    tree: legacyTree(["AC", "WA", "TLE"]),
    scoring: false,
    lazily: "AC AC WA SK",
    all: "AC AC WA TLE",
    verdict: "WA",
    score: null,
  },
  {
    name: "pass-fail, older, on_reject: continue: the first failure counts all the same",
    tree: legacyTree(["AC", "WA", "RTE"], "", "continue"),
    scoring: false,
    lazily: "AC AC WA SK",
    all: "AC AC WA RTE",
    verdict: "WA",
    score: null,
  },
  {
    name: "pass-fail, newer: all groups behind the first failure",
    tree: modernTree(modernRule(), [modernGroup("1", "AC RTE"), modernGroup("2", "WA AC")]),
    scoring: false,
    lazily: "AC AC RTE SK SK",
    all: "AC AC RTE WA AC",
    verdict: "RTE",
    score: null,
  },
  {
    name: "pass-fail, newer: samples count",
    tree: modernTree(modernRule(), ["AC", "AC"], "AC WA"),
    scoring: false,
    lazily: "AC WA SK SK",
    all: "AC WA AC AC",
    verdict: "WA",
    score: null,
  },
  {
    name: "a ranking of verdicts keeps what might be worse",
    tree: modernTree(modernRule(), ["WA", "AC", "RTE", "TLE"]),
    scoring: false,
    ...failing("RTE", "TLE", "WA"),
    lazily: "AC WA AC RTE SK",
    all: "AC WA AC RTE TLE",
    verdict: "RTE",
    score: null,
  },
  {
    name: "a ranking of verdicts, none of the first rank",
    tree: legacyTree(["WA", "PE", "TLE", "AC"]),
    scoring: false,
    ...failing("RTE", "TLE", "WA"),
    lazily: "AC WA PE TLE AC",
    all: "AC WA PE TLE AC",
    verdict: "TLE",
    score: null,
  },
  {
    name: "on_reject: break ends a group, and what is behind it does not count",
    tree: legacyTree([legacyGroup("1", "AC WA AC", { flags: "always_accept" }), legacyGroup("2", "AC AC")]),
    scoring: true,
    lazily: "AC AC WA SK AC AC",
    all: "AC AC WA AC AC AC",
    verdict: "AC",
    score: 3,
  },
  {
    name: "on_reject: continue",
    tree: legacyTree([
      legacyGroup("1", "AC WA AC", { flags: "always_accept", onReject: "continue" }),
      legacyGroup("2", "AC AC"),
    ]),
    scoring: true,
    lazily: "AC AC WA AC AC AC",
    all: "AC AC WA AC AC AC",
    verdict: "AC",
    score: 4,
  },
  {
    name: "a group that fails breaks the group around it",
    tree: legacyTree([legacyGroup("1", "WA AC"), legacyGroup("2", "AC AC")], "always_accept"),
    scoring: true,
    lazily: "AC WA SK SK SK",
    all: "AC WA AC AC AC",
    verdict: "AC",
    score: 0,
  },
  {
    name: "one whose failure is covered does not",
    tree: legacyTree(
      [
        legacyGroup("1", "WA AC", { flags: "accept_if_any_accepted max", onReject: "continue" }),
        legacyGroup("2", "AC AC"),
      ],
      "sum",
    ),
    scoring: true,
    lazily: "AC WA AC AC AC",
    all: "AC WA AC AC AC",
    verdict: "AC",
    score: 3,
  },
  {
    name: "accept_if_any_accepted, and none was",
    tree: legacyTree(
      [
        legacyGroup("1", "WA TLE", { flags: "accept_if_any_accepted", onReject: "continue" }),
        legacyGroup("2", "AC AC"),
      ],
      "",
    ),
    scoring: true,
    lazily: "AC WA TLE SK SK",
    all: "AC WA TLE AC AC",
    verdict: "TLE",
    score: 0,
  },
  {
    name: "pass-fail and min groups of the newer format end with their first failure, sum groups don't",
    tree: modernTree(modernRule({ aggregation: "sum", maxScore: 30 }), [
      modernGroup("1", "AC WA AC"),
      modernGroup("2", "WA AC", { aggregation: "min" }),
      modernGroup("3", "WA AC", { aggregation: "sum" }),
    ]),
    scoring: true,
    lazily: "AC AC WA SK WA SK WA AC",
    all: "AC AC WA AC WA AC WA AC",
    verdict: "WA",
    score: 5,
  },
  {
    name: "secret as the least of its groups: over once one of them has 0",
    tree: modernTree(modernRule({ aggregation: "min", maxScore: 10 }), [
      modernGroup("1", "AC WA", { aggregation: "sum" }),
      modernGroup("2", "WA AC"),
      modernGroup("3", "AC"),
    ]),
    scoring: true,
    lazily: "AC AC WA WA SK SK",
    all: "AC AC WA WA AC AC",
    verdict: "WA",
    score: 0,
  },
  {
    name: "failed samples don't stop the secret tests of a scoring problem",
    tree: modernTree(modernRule({ aggregation: "sum", maxScore: 10 }), ["AC", "AC"], "WA RTE"),
    scoring: true,
    lazily: "WA SK AC AC",
    all: "WA RTE AC AC",
    verdict: "AC",
    score: 10,
  },
  {
    name: "what requires a group is not run in any mode when that did not pass",
    tree: modernTree(modernRule({ aggregation: "sum", maxScore: 30 }), [
      modernGroup("1", "WA AC"),
      modernGroup("2", "AC AC", { requirePass: ["secret/1"] }),
      modernGroup("3", "AC", { requirePass: ["secret/2"] }),
      modernGroup("4", "AC", { requirePass: ["sample"] }),
    ]),
    scoring: true,
    lazily: "AC WA SK SK SK SK AC",
    all: "AC WA AC SK SK SK AC",
    verdict: "WA",
    score: 10,
  },
  {
    name: "secret requires the samples",
    tree: modernTree(
      modernRule({ aggregation: "sum", maxScore: 30, requirePass: ["sample"] }),
      ["AC", "AC"],
      "AC TLE",
    ),
    scoring: true,
    lazily: "AC TLE SK SK",
    all: "AC TLE SK SK",
    verdict: "TLE",
    score: 0,
  },
  {
    name: "a judge error is a failure like any other",
    tree: modernTree(modernRule(), ["JE", "AC"]),
    scoring: false,
    lazily: "AC JE SK",
    all: "AC JE AC",
    verdict: "JE",
    score: null,
  },
  {
    name: "a judge error behind a failure that left no points does not count, run or not",
    tree: modernTree(modernRule({ aggregation: "sum", maxScore: 20 }), [
      modernGroup("1", "WA JE"),
      modernGroup("2", "AC AC:30"),
    ]),
    scoring: true,
    lazily: "AC WA SK AC JE",
    all: "AC WA JE AC JE",
    verdict: "JE",
    score: 0,
  },
  {
    name: "the same in a min group",
    tree: modernTree(modernRule({ aggregation: "min", maxScore: 20 }), ["AC", "TLE", "JE"]),
    scoring: true,
    lazily: "AC AC TLE SK",
    all: "AC AC TLE JE",
    verdict: "TLE",
    score: 0,
  },
  {
    name: "a group that may not run does not stop those that may",
    tree: modernTree(
      modernRule({ maxScore: 20 }),
      [modernGroup("1", "AC", { requirePass: ["sample"] }), modernGroup("2", "AC TLE")],
      "WA",
    ),
    scoring: true,
    lazily: "WA SK AC TLE",
    all: "WA SK AC TLE",
    verdict: "TLE",
    score: 0,
  },
  {
    name: "the same in groups of a pass-fail secret",
    tree: modernTree(modernRule({ maxScore: 20 }), [modernGroup("1", "AC RTE"), modernGroup("2", "JE")]),
    scoring: true,
    lazily: "AC AC RTE SK",
    all: "AC AC RTE JE",
    verdict: "RTE",
    score: 0,
  },
];

/** Deterministic pseudo-random numbers: a failure must come again. */
const randomBelow = (seed: number): ((limit: number) => number) => {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe.each(rows)("$name", ({ tree, scoring, priority, lazily, all, verdict, score }) => {
  const policy = priority === undefined ? {} : { priority };

  test("what is run, and that both modes give the same", async () => {
    const first = await simulate(tree, { scoring, policy });
    expect(verdictsOf(first)).toBe(lazily);
    expect(first.ran).toHaveLength(lazily.split(" ").filter((each) => each !== "SK").length);
    const whole = await simulate(tree, { scoring, policy, mode: "all" });
    expect(verdictsOf(whole)).toBe(all);
    for (const { grade } of [first, whole]) expect(grade).toMatchObject({ verdict, score });
    // What is told on the way is what comes in the end, in order, without what was skipped.
    for (const { events, results } of [first, whole]) {
      expect(events.flatMap((event) => (event.type === "test" ? [event.result] : []))).toEqual(
        results.filter((each) => each.verdict !== "SK"),
      );
    }
  });

  test.each([1, 2, 3, 8])(
    "nothing depends on how many run at once, and how long each takes: %i",
    async (parallel) => {
      const random = randomBelow(parallel);
      for (const mode of ["first_failure", "all"] as const) {
        const alone = await simulate(tree, { scoring, policy, mode });
        for (let round = 0; round < 10; round++) {
          const delay = (): Promise<void> => turns(random(6));
          const { grade, results, groups, events } = await simulate(tree, {
            scoring,
            policy,
            mode,
            parallel,
            delay,
          });
          expect({ grade, results, groups, events }).toEqual({
            grade: alone.grade,
            results: alone.results,
            groups: alone.groups,
            events: alone.events,
          });
        }
      }
    },
  );
});

test("a test that the platform failed ends all of it", async () => {
  const tree = modernTree(modernRule({ aggregation: "sum", maxScore: 10 }), ["AC", "IE", "AC"]);
  for (const mode of ["first_failure", "all"] as const) {
    const simulated = await simulate(tree, { scoring: true, mode });
    expect(verdictsOf(simulated)).toBe("AC AC IE SK");
    expect(simulated.grade).toMatchObject({ verdict: "IE", score: null, cause: { name: "secret/2" } });
  }
});

/** The second test of the first group has failed before the first one has ended. */
const secondFirst = (name: string): Promise<void> => turns(name === "secret/1/1" ? 5 : 0);

test("one behind a failure that ends its group is no harm to the others", async () => {
  const tree = modernTree(modernRule({ aggregation: "sum", maxScore: 20 }), [
    modernGroup("1", "WA IE"),
    modernGroup("2", "AC AC AC"),
  ]);
  const simulated = await simulate(tree, { scoring: true, parallel: 4, delay: secondFirst });
  expect(verdictsOf(simulated)).toBe("AC WA SK AC AC AC");
  expect(simulated.grade).toMatchObject({ verdict: "WA", score: 10 });
});

describe("custom graders", () => {
  const grader = { path: "graders/own", files: [], kind: { how: "language", language: "python" } } as const;
  const tree = legacyTree([
    {
      name: "secret/1",
      rule: legacyRule({ grader, onReject: "continue", rejectScore: 3, range: [0, 50] }),
      members: ["AC:5", "WA", "MLE"],
    },
    legacyGroup("2", "AC"),
  ]);

  test("gets the results in order with their scores, and says what the group gives", async () => {
    const asked: unknown[] = [];
    const simulated = await simulate(tree, {
      scoring: true,
      runGrader: ({ group, results }) => {
        asked.push({ group, results });
        return Promise.resolve({ ok: true, verdict: "AC", score: 42 });
      },
    });
    expect(asked).toEqual([
      {
        group: "secret/1",
        results: [
          { verdict: "AC", score: 5 },
          { verdict: "WA", score: 3 },
          { verdict: "MLE", score: 3 },
        ],
      },
    ]);
    expect(verdictsOf(simulated)).toBe("AC AC WA MLE AC");
    expect(simulated.grade).toMatchObject({ verdict: "AC", score: 43 });
    expect(simulated.groups.find(({ name }) => name === "secret/1")).toMatchObject({
      verdict: "AC",
      score: 42,
      maxScore: 50,
      reason: "by the package's own grader",
    });
  });

  test.each([
    [{ ok: true, verdict: "TLE", score: 42 } as const, "TLE", /^by the package's own grader$/],
    [{ ok: true, verdict: "AC", score: 51 } as const, "JE", /51 is outside of the group's range 0 to 50/],
    [{ ok: false, text: "the grader graders/own wrote nothing" } as const, "JE", /wrote nothing/],
  ])("says %j", async (answer, verdict, reason) => {
    const simulated = await simulate(tree, { scoring: true, runGrader: () => Promise.resolve(answer) });
    const own = simulated.groups.find(({ name }) => name === "secret/1");
    expect(own).toMatchObject({ verdict, score: 3 });
    expect(own?.reason).toMatch(reason);
    expect(simulated.grade.verdict).toBe(verdict);
    // The group around it has on_reject: break.
    expect(simulated.results.at(-1)).toMatchObject({ verdict: "SK" });
  });

  test("is not asked of what was not judged right", async () => {
    const broken = legacyTree([{ name: "secret/1", rule: legacyRule({ grader }), members: ["JE", "AC"] }]);
    const simulated = await simulate(broken, { scoring: true });
    expect(simulated.grade).toMatchObject({ verdict: "JE", cause: { name: "secret/1/1" } });
  });

  test("that fails rejects: nobody knows the score", async () => {
    const failing = simulate(tree, {
      scoring: true,
      runGrader: () => Promise.reject(new Error("sandbox gone")),
    });
    await expect(failing).rejects.toThrow("sandbox gone");
  });
});

const nested = (onReject: "break" | "continue"): Branch => ({
  name: "",
  rule: legacyRule({ flags: "sum", range: [0, 100] }),
  members: [
    { name: "sample", rule: legacyRule({ acceptScore: 0 }), members: ["AC"] },
    {
      name: "secret",
      rule: legacyRule({ flags: "sum always_accept", onReject, range: [0, 100] }),
      members: [
        {
          name: "secret/a",
          rule: legacyRule({ flags: "max accept_if_any_accepted", onReject: "continue" }),
          members: [
            {
              name: "secret/a/1",
              rule: legacyRule({ flags: "min", acceptScore: 30 }),
              members: ["AC", "WA", "AC"],
            },
            {
              name: "secret/a/2",
              rule: legacyRule({ flags: "min", acceptScore: 20 }),
              members: ["AC", "AC"],
            },
          ],
        },
        { name: "secret/b", rule: legacyRule({ flags: "avg", acceptScore: 50 }), members: ["AC", "AC:20"] },
      ],
    },
  ],
});

const ranged = (range: [number, number], tests: string): Branch =>
  legacyTree([legacyGroup("1", tests, { acceptScore: 10, rejectScore: 0, range, onReject: "continue" })]);

describe("older groups within groups", () => {
  test.each(["break", "continue"] as const)("each by its own rule; on_reject: %s", async (onReject) => {
    const { grade, groups, results } = await simulate(nested(onReject), { scoring: true });
    expect(results.map(({ name, verdict, score }) => [name, verdict, score])).toEqual([
      ["sample/1", "AC", 0],
      ["secret/a/1/1", "AC", 30],
      ["secret/a/1/2", "WA", 0],
      ["secret/a/1/3", "SK", null],
      ["secret/a/2/1", "AC", 20],
      ["secret/a/2/2", "AC", 20],
      ["secret/b/1", "AC", 50],
      ["secret/b/2", "AC", 20],
    ]);
    expect(groups.map(({ name, verdict, score }) => [name, verdict, score])).toEqual([
      ["", "AC", 55],
      ["sample", "AC", 0],
      ["secret", "AC", 55],
      ["secret/a", "AC", 20],
      ["secret/a/1", "WA", 0],
      ["secret/a/2", "AC", 20],
      ["secret/b", "AC", 35],
    ]);
    expect(grade).toMatchObject({ verdict: "AC", score: 55, maxScore: 100 });
  });

  test("a score outside of the range is a judge error, and one that is not accepted is not looked at", async () => {
    for (const [range, tests, verdict, score] of [
      [[0, 20], "AC AC", "AC", 20],
      [[0, 19], "AC AC", "JE", 0],
      [[30, 40], "AC AC", "JE", 0],
      [[30, 40], "AC WA", "WA", 0],
      [[0, 100], "AC:-1", "JE", 0],
      [[-Infinity, Infinity], "AC:1e308 AC:1e308", "JE", 0],
      [[-Infinity, Infinity], "AC:-1e308 AC:-1e308", "JE", 0],
      [[0, 0.3], "AC:0.1 AC:0.2", "AC", 0.3],
    ] as const) {
      const { grade } = await simulate(ranged([...range], tests), { scoring: true });
      expect({ tests, range, verdict: grade.verdict, score: grade.score }).toEqual({
        tests,
        range,
        verdict,
        score,
      });
    }
  });

  test("largest scores beyond all numbers are without bound", async () => {
    const tree = legacyTree([legacyGroup("1", "AC AC", { acceptScore: 1e308, flags: "sum" })]);
    const { grade, groups } = await simulate(tree, { scoring: true, customScores: false });
    expect(groups.map(({ maxScore }) => maxScore)).toEqual([null, 1, null, null]);
    expect(grade).toMatchObject({ verdict: "JE", maxScore: null });
  });

  test("largest scores follow from what tests give, where no validator may say otherwise", async () => {
    const { grade, groups } = await simulate(
      legacyTree(
        [
          legacyGroup("1", "AC WA", { acceptScore: 10, flags: "sum", onReject: "continue" }),
          legacyGroup("2", "AC AC", { acceptScore: 8, flags: "avg" }),
          legacyGroup("3", "AC@7 AC", { acceptScore: 5, flags: "min" }),
          legacyGroup("4", "AC@7 AC", { acceptScore: 5, flags: "max" }),
        ],
        "sum always_accept",
        "continue",
      ),
      { scoring: true, customScores: false },
    );
    expect(groups.map(({ name, maxScore }) => [name, maxScore])).toEqual([
      ["", 40],
      ["sample", 1],
      ["secret", 40],
      ["secret/1", 20],
      ["secret/2", 8],
      ["secret/3", 5],
      ["secret/4", 7],
    ]);
    expect(grade).toMatchObject({ score: 20, maxScore: 40 });
  });
});
