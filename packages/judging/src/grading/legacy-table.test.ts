import { describe, expect, test } from "vitest";
import type { Verdict } from "@assay/contracts";
import { legacyRule, simulate } from "./simulation.fixture.ts";
import type { Branch } from "./simulation.fixture.ts";

/**
 * What the default grader makes of tests with accept_score 10 and reject_score 2, each worked out by
 * hand: with on_reject continue, and with break, where what is behind the first failure does not count.
 */
interface Row {
  readonly tests: string;
  readonly worst: Verdict;
  readonly first: Verdict;
  readonly anyAccepted: boolean;
  readonly sum: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  readonly broken: {
    readonly verdict: Verdict;
    readonly anyAccepted: boolean;
    readonly sum: number;
    readonly avg: number;
    readonly min: number;
    readonly max: number;
  };
}

const row = (
  tests: string,
  [worst, first, anyAccepted, sum, avg, min, max]: [
    Verdict,
    Verdict,
    boolean,
    number,
    number,
    number,
    number,
  ],
  [verdict, brokenAny, bSum, bAvg, bMin, bMax]: [Verdict, boolean, number, number, number, number],
): Row => ({
  tests,
  worst,
  first,
  anyAccepted,
  sum,
  avg,
  min,
  max,
  broken: { verdict, anyAccepted: brokenAny, sum: bSum, avg: bAvg, min: bMin, max: bMax },
});

const rows: readonly Row[] = [
  row("AC", ["AC", "AC", true, 10, 10, 10, 10], ["AC", true, 10, 10, 10, 10]),
  row("WA", ["WA", "WA", false, 2, 2, 2, 2], ["WA", false, 2, 2, 2, 2]),
  row("AC AC AC", ["AC", "AC", true, 30, 10, 10, 10], ["AC", true, 30, 10, 10, 10]),
  row("AC:7 AC:1.5 AC", ["AC", "AC", true, 18.5, 18.5 / 3, 1.5, 10], ["AC", true, 18.5, 18.5 / 3, 1.5, 10]),
  row("AC:-4 AC:4", ["AC", "AC", true, 0, 0, -4, 4], ["AC", true, 0, 0, -4, 4]),
  row("AC WA AC", ["WA", "WA", true, 22, 22 / 3, 2, 10], ["WA", true, 12, 6, 2, 10]),
  row("WA TLE AC", ["TLE", "WA", true, 14, 14 / 3, 2, 10], ["WA", false, 2, 2, 2, 2]),
  row("AC TLE RTE", ["RTE", "TLE", true, 14, 14 / 3, 2, 10], ["TLE", true, 12, 6, 2, 10]),
  row("WA OLE TLE MLE RTE", ["RTE", "WA", false, 10, 2, 2, 2], ["WA", false, 2, 2, 2, 2]),
  row("OLE WA", ["OLE", "OLE", false, 4, 2, 2, 2], ["OLE", false, 2, 2, 2, 2]),
  row("WA OLE", ["OLE", "WA", false, 4, 2, 2, 2], ["WA", false, 2, 2, 2, 2]),
  row("TLE OLE", ["TLE", "TLE", false, 4, 2, 2, 2], ["TLE", false, 2, 2, 2, 2]),
  row("TLE MLE", ["MLE", "TLE", false, 4, 2, 2, 2], ["TLE", false, 2, 2, 2, 2]),
  row("MLE IR", ["IR", "MLE", false, 4, 2, 2, 2], ["MLE", false, 2, 2, 2, 2]),
  row("IR RTE", ["RTE", "IR", false, 4, 2, 2, 2], ["IR", false, 2, 2, 2, 2]),
  row("PE WA", ["WA", "PE", false, 4, 2, 2, 2], ["PE", false, 2, 2, 2, 2]),
  row("AC:99 WA:99", ["WA", "WA", true, 101, 50.5, 2, 99], ["WA", true, 101, 50.5, 2, 99]),
];

const verdictModes = ["", "worst_error", "first_error", "always_accept"] as const;
const scoreModes = ["", "sum", "avg", "min", "max"] as const;

interface Case {
  readonly tests: string;
  readonly flags: string;
  readonly onReject: "break" | "continue";
  readonly verdict: Verdict;
  readonly score: number;
}

/** Every combination of flags with every row: which of its numbers counts is all that is said here. */
const cases: readonly Case[] = rows.flatMap((each) =>
  (["continue", "break"] as const).flatMap((onReject) =>
    verdictModes.flatMap((verdictMode) =>
      scoreModes.flatMap((scoreMode) =>
        ["", "accept_if_any_accepted"].map((any): Case => {
          const { broken } = each;
          const isBreak = onReject === "break";
          const failure = isBreak ? broken.verdict : verdictMode === "first_error" ? each.first : each.worst;
          const saved = any !== "" && (isBreak ? broken.anyAccepted : each.anyAccepted);
          const verdict = verdictMode === "always_accept" || saved ? "AC" : failure;
          const numbers = isBreak ? broken : each;
          return {
            tests: each.tests,
            flags: [verdictMode, scoreMode, any].filter((word) => word !== "").join(" "),
            onReject,
            verdict,
            // A score only counts where the group is accepted.
            score: verdict === "AC" ? numbers[scoreMode === "" ? "sum" : scoreMode] : 2,
          };
        }),
      ),
    ),
  ),
);

const packageOf = ({ tests, flags, onReject }: Case): Branch => ({
  name: "",
  rule: legacyRule({ onReject: "continue", flags: "ignore_sample", rejectScore: 2 }),
  members: [
    { name: "sample", rule: legacyRule(), members: ["WA", "AC"] },
    {
      name: "secret",
      rule: legacyRule({ onReject, flags, acceptScore: 10, rejectScore: 2 }),
      members: tests.split(" "),
    },
  ],
});

describe("the default grader of legacy packages", () => {
  test("there are hundreds of combinations", () => expect(cases.length).toBeGreaterThan(1000));

  test.each(rows.map(({ tests }) => tests))(
    "%s: all flags, both modes, any number at once",
    async (tests) => {
      for (const each of cases.filter((one) => one.tests === tests)) {
        for (const mode of ["first_failure", "all"] as const) {
          for (const parallel of [1, 3]) {
            const { grade } = await simulate(packageOf(each), { scoring: true, mode, parallel });
            const expected = { ...each, score: Number(each.score.toPrecision(12)) };
            expect({ ...each, verdict: grade.verdict, score: grade.score }).toEqual(expected);
          }
        }
      }
    },
  );
});
