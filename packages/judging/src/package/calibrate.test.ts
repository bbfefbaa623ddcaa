import { describe, expect, test } from "vitest";
import { boundOf, calibratedLimit, marginWarnings, timeBounds } from "./calibrate.ts";
import { nothingStated, promiseFor, statedByDirectory, verdictsOf } from "./promises.ts";
import type { SubmissionPromise, TimeCalibration } from "./types.ts";

const legacy: TimeCalibration = { rule: "legacy", acToTimeLimit: 5, timeLimitToTle: 2, resolutionMs: 1000 };
const modern: TimeCalibration = {
  rule: "2025-09",
  acToTimeLimit: 2,
  timeLimitToTle: 1.5,
  resolutionMs: 1000,
};

/** Slowest accepted and fastest too slow, in ms; then the limit, or a part of the sentence without one. */
type Row = [Partial<TimeCalibration>, number | null, number | null, number | RegExp];

const limitOf = (calibration: TimeCalibration, slowest: number | null, tooSlow: number | null) =>
  calibratedLimit(calibration, { slowestAcceptedMs: slowest, fastestTooSlowMs: tooSlow });

const legacyRows: Row[] = [
  [{}, 0, null, 1000],
  [{}, 1, null, 1000],
  [{}, 100, null, 1000],
  [{}, 199, null, 1000],
  [{}, 200, null, 1000],
  [{}, 200.001, null, 2000],
  [{}, 201, null, 2000],
  [{}, 400, null, 2000],
  [{}, 401, null, 3000],
  [{}, 999, null, 5000],
  [{}, 1000, null, 5000],
  [{}, 1001, null, 6000],
  [{}, 12_345, null, 62_000],
  // What must be too slow does not count in this rule: whether it is, the margin says.
  [{}, 200, 500, 1000],
  [{}, 200, 1, 1000],
  [{ acToTimeLimit: 2 }, 200, null, 1000],
  [{ acToTimeLimit: 2 }, 500, null, 1000],
  [{ acToTimeLimit: 2 }, 501, null, 2000],
  [{ acToTimeLimit: 1 }, 3000, null, 3000],
  [{ acToTimeLimit: 1.5 }, 2000, null, 3000],
  [{ acToTimeLimit: 0.5 }, 2000, null, 1000],
  [{ acToTimeLimit: 10 }, 100, null, 1000],
  [{ acToTimeLimit: 10 }, 101, null, 2000],
  [{ resolutionMs: 100 }, 0, null, 100],
  [{ resolutionMs: 100 }, 20, null, 100],
  [{ resolutionMs: 100 }, 21, null, 200],
  [{ resolutionMs: 100 }, 100, null, 500],
  [{ resolutionMs: 500 }, 150, null, 1000],
  [{ resolutionMs: 2000 }, 150, null, 2000],
  [{ resolutionMs: 2000 }, 401, null, 4000],
  [{}, null, null, /no submission gives a lower bound/],
  [{}, null, 3000, /no submission gives a lower bound/],
  [{}, Infinity, null, /did not end/],
];

const modernRows: Row[] = [
  [{}, 0, null, 1000],
  [{}, 1, null, 1000],
  [{}, 499, null, 1000],
  [{}, 500, null, 1000],
  [{}, 500.5, null, 2000],
  [{}, 501, null, 2000],
  [{}, 1000, null, 2000],
  [{}, 1001, null, 3000],
  [{}, 4999, null, 10_000],
  [{}, 400, Infinity, 1000],
  [{}, 400, 10_000, 1000],
  // Both inequalities hold at their bounds.
  [{}, 500, 1500, 1000],
  [{}, 1000, 3000, 2000],
  [{}, 500, 1499, /no multiple of 1 s .*at least 1 s .*at most 0.999 s/],
  [{}, 400, 1499, /no multiple of 1 s .*at least 0.8 s/],
  [{}, 501, 2999, /at least 1.002 s .*at most 1.999 s/],
  [{}, 501, 3000, 2000],
  [{}, 900, 1000, /at least 1.8 s .*at most 0.667 s/],
  // There is room between the bounds, but no multiple of the resolution in it.
  [{}, 600, 2000, /at least 1.2 s .*at most 1.333 s/],
  [{ resolutionMs: 100 }, 600, 2000, 1200],
  [{ resolutionMs: 100 }, 601, 2000, 1300],
  [{ resolutionMs: 100 }, 601, 1949, /no multiple of 0.1 s/],
  [{ resolutionMs: 100 }, 601, 1950, 1300],
  [{ resolutionMs: 250 }, 600, 2000, 1250],
  [{ resolutionMs: 500 }, 600, 2000, /no multiple of 0.5 s/],
  [{ resolutionMs: 500 }, 0, null, 500],
  [{ resolutionMs: 1500 }, 700, null, 1500],
  [{ resolutionMs: 1500 }, 751, null, 3000],
  // A tenth has no exact value in binary: three of them are still no fourth one.
  [{ resolutionMs: 100 }, 150, null, 300],
  [{ resolutionMs: 0.1 }, 0.15, null, 0.3],
  [{ acToTimeLimit: 1 }, 1000, null, 1000],
  [{ acToTimeLimit: 1 }, 1000.1, null, 2000],
  [{ acToTimeLimit: 3 }, 333, null, 1000],
  [{ acToTimeLimit: 3 }, 334, null, 2000],
  [{ timeLimitToTle: 1 }, 500, 1000, 1000],
  [{ timeLimitToTle: 1 }, 500, 999, /divided by 1/],
  [{ timeLimitToTle: 3 }, 500, 2999, /divided by 3/],
  [{ timeLimitToTle: 3 }, 500, 3000, 1000],
  [{ acToTimeLimit: 1, timeLimitToTle: 1 }, 1500, 2000, 2000],
  [{ acToTimeLimit: 1, timeLimitToTle: 1 }, 1500, 1999, /no multiple/],
  [{}, null, null, /no submission gives a lower bound/],
  [{}, null, 5000, /no submission gives a lower bound/],
  [{}, Infinity, Infinity, /did not end/],
];

/** The pattern itself where the sentence fits it, so that both can be compared. */
const matched = (message: string, pattern: number | RegExp): string | RegExp =>
  pattern instanceof RegExp && pattern.test(message) ? pattern : message;

describe("the time limit of legacy", () => {
  test.each(legacyRows)("%j: accepted %s ms, too slow %s ms: %s", (changes, slowest, tooSlow, expected) => {
    const limit = limitOf({ ...legacy, ...changes }, slowest, tooSlow);
    const told = "message" in limit ? matched(limit.message, expected) : limit.limitMs;
    expect(told).toEqual(expected);
  });
});

describe("the time limit of 2025-09", () => {
  test.each(modernRows)("%j: accepted %s ms, too slow %s ms: %s", (changes, slowest, tooSlow, expected) => {
    const limit = limitOf({ ...modern, ...changes }, slowest, tooSlow);
    const told = "message" in limit ? matched(limit.message, expected) : limit.limitMs;
    expect(told).toEqual(expected);
  });
});

describe("a time limit lies too near", () => {
  test.each<[TimeCalibration, number, number | null, number | null, RegExp[]]>([
    [legacy, 1000, 200, null, []],
    [legacy, 1000, 201, null, [/less than 5 times the 0.201 s/]],
    [legacy, 1000, 100, 2001, []],
    [legacy, 1000, 100, 2000, [/times 2 is 2 s.*only 2 s/]],
    [legacy, 1000, 300, 500, [/less than 5 times/, /only 0.5 s/]],
    [modern, 1000, 500, 1500, []],
    [modern, 1000, 500.1, 1500, [/less than 2 times/]],
    [modern, 1000, 500, 1499, [/times 1.5 is 1.5 s.*only 1.499 s/]],
    [modern, 1000, null, null, []],
    [modern, 1000, Infinity, Infinity, [/any time/]],
  ])("%j %s ms, accepted %s, too slow %s", (calibration, limitMs, slowest, tooSlow, expected) => {
    const bounds = { slowestAcceptedMs: slowest, fastestTooSlowMs: tooSlow };
    expect(marginWarnings(calibration, limitMs, bounds)).toEqual(
      expected.map((pattern) => expect.stringMatching(pattern)),
    );
  });
});

const promise = (
  tests: string | null,
  permitted: string[] | null,
  required: string[] | null,
  timeLimit: SubmissionPromise["timeLimit"] = null,
): SubmissionPromise =>
  promiseFor(tests, {
    ...nothingStated,
    permitted: permitted === null ? null : verdictsOf(permitted),
    required: required === null ? null : verdictsOf(required),
    timeLimit,
  });

describe("which bound a promise gives", () => {
  test.each<[string[] | null, string[] | null, SubmissionPromise["timeLimit"], "lower" | "upper" | null]>([
    [["AC"], null, null, "lower"],
    [["AC", "WA"], ["WA"], null, "lower"],
    [["AC", "RTE"], ["RTE"], null, "lower"],
    [["AC", "TLE"], ["TLE"], null, "upper"],
    [null, ["TLE"], null, "upper"],
    [null, ["TLE", "RTE"], null, null],
    [["AC", "RTE", "TLE"], ["RTE", "TLE"], null, null],
    [null, null, null, null],
    [null, ["WA", "TLE", "RTE"], null, null],
    [["AC"], null, "none", null],
    [["AC", "TLE"], ["TLE"], "none", null],
    [null, null, "lower", "lower"],
    [null, null, "upper", "upper"],
  ])("permitted %j, required %j, use %s: %s", (permitted, required, use, bound) => {
    expect(boundOf(promise(null, permitted, required, use))).toBe(bound);
  });

  test.each([
    ["accepted", "lower", "lower"],
    ["wrong_answer", null, "lower"],
    ["run_time_error", null, "lower"],
    ["time_limit_exceeded", "upper", "upper"],
    ["brute_force", null, null],
    ["rejected", null, null],
  ] as const)("%s: %s in legacy, %s in 2025-09", (directory, inLegacy, inModern) => {
    const bound = (version: "legacy" | "2025-09") => {
      const stated = statedByDirectory(directory, version);
      return stated === null ? null : boundOf(promiseFor(null, stated));
    };
    expect([bound("legacy"), bound("2025-09")]).toEqual([inLegacy, inModern]);
  });
});

test("bounds are taken over the tests that each promise speaks of", () => {
  const times = [
    { name: "sample/1", timeMs: 10 },
    { name: "secret/1-easy", timeMs: 300 },
    { name: "secret/2-hard", timeMs: 9000 },
    { name: "secret/3-hard", timeMs: 4000 },
  ];
  expect(
    timeBounds([
      { promises: [promise(null, ["AC"], null)], times: times.slice(0, 1) },
      {
        promises: [promise("secret/*-easy", ["AC"], null), promise("secret/*-hard", null, ["TLE"])],
        times,
      },
      { promises: [promise("secret/none", ["AC"], null)], times },
      { promises: [promise(null, null, ["TLE"])], times: [{ name: "secret/x", timeMs: Infinity }] },
    ]),
  ).toEqual({ slowestAcceptedMs: 300, fastestTooSlowMs: 9000 });
  expect(timeBounds([])).toEqual({ slowestAcceptedMs: null, fastestTooSlowMs: null });
});
