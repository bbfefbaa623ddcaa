import { describe, expect, test } from "vitest";
import type { Interference, Outcome, Verdict } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import { outcomeOf, sampleLimits } from "../outcome.fixture.ts";
import { decided, decidingRun, isInDoubt, needsAnotherRun } from "./decide.ts";
import { disturbanceOf, graceMs, noiseMs } from "./disturbance.ts";

// 1 s of CPU and 4 s of real time; the noise is 15 ms.
const limits = sampleLimits;
const quiet: Interference = { cpuWaitMs: 0, cpuWaitOf: "box", stealMs: 0, runnable: 0 };
const disturbed: Interference = { ...quiet, cpuWaitMs: 300 };
const stolen: Interference = { ...quiet, stealMs: 120 };

const run = (verdict: Verdict, change: Partial<Outcome> = {}): JudgedTest => {
  const outcome = outcomeOf({ cpuMs: 500, wallMs: 1000, interference: quiet, ...change });
  return {
    result: {
      name: "secret/1",
      verdict,
      fault: null,
      cpuMs: outcome.cpuMs,
      wallMs: outcome.wallMs,
      memoryBytes: 0,
      evidence: { text: "", outcome, limits },
      score: null,
      maxScore: null,
      timeCause: null,
      passes: 1,
      sameAs: null,
      teamMessage: null,
      judgeMessage: null,
      diagnostics: [],
      timing: null,
    },
    score: null,
    multiplier: null,
  };
};

test("noise and grace grow with the limit", () => {
  expect([100, 1000, 10_000].map(noiseMs)).toEqual([6, 15, 105]);
  expect([50, 1000].map(graceMs)).toEqual([6, 15]);
});

describe("what disturbed a run", () => {
  test.each<[string, Partial<Outcome>, { waitedMs: number; cpuMs: number; share: number }]>([
    ["nothing", {}, { waitedMs: 0, cpuMs: 0, share: 0 }],
    ["waiting of the box", { interference: disturbed }, { waitedMs: 300, cpuMs: 0, share: 0.3 }],
    [
      "no more than it was off",
      { interference: { ...quiet, cpuWaitMs: 9000 } },
      { waitedMs: 500, cpuMs: 0, share: 0.5 },
    ],
    ["steal", { interference: stolen }, { waitedMs: 0, cpuMs: 120, share: 0.12 }],
    ["lost turns", { involuntarySwitches: 100 }, { waitedMs: 0, cpuMs: 5, share: 0 }],
    [
      "a busy machine, and a program that sleeps",
      { interference: { ...disturbed, cpuWaitOf: "machine" } },
      { waitedMs: 0, cpuMs: 0, share: 0 },
    ],
    [
      "a busy machine, and a program that loses its turns",
      { interference: { ...disturbed, cpuWaitOf: "machine" }, involuntarySwitches: 2 },
      { waitedMs: 200, cpuMs: 0.1, share: 0.2 },
    ],
    [
      "nothing known",
      { interference: { ...disturbed, cpuWaitOf: null } },
      { waitedMs: 0, cpuMs: 0, share: 0 },
    ],
  ])("%s", (_, change, expected) => {
    expect(disturbanceOf(outcomeOf({ cpuMs: 500, wallMs: 1000, interference: quiet, ...change }))).toEqual(
      expected,
    );
  });
});

describe("in doubt", () => {
  test.each<[string, Verdict, Partial<Outcome>, boolean]>([
    // Accepted
    ["far from the limit", "AC", { interference: disturbed }, false],
    ["just accepted and undisturbed", "AC", { cpuMs: 999 }, false],
    ["just accepted and disturbed", "AC", { cpuMs: 999, wallMs: 1400, interference: disturbed }, true],
    [
      "accepted, disturbed, but outside of the noise",
      "AC",
      { cpuMs: 980, wallMs: 1400, interference: disturbed },
      false,
    ],
    ["accepted within what was stolen", "AC", { cpuMs: 900, interference: stolen }, true],
    // Too slow by CPU time
    ["just too slow", "TLE", { cpuMs: 1001 }, true],
    ["at the end of the noise", "TLE", { cpuMs: 1015 }, true],
    ["behind it", "TLE", { cpuMs: 1016 }, false],
    ["behind it, with lost turns", "TLE", { cpuMs: 1016, involuntarySwitches: 100 }, true],
    ["within what was stolen", "TLE", { cpuMs: 1100, interference: stolen }, true],
    ["behind what was stolen", "TLE", { cpuMs: 1200, interference: stolen }, false],
    [
      "more than a quarter is never believed",
      "TLE",
      { cpuMs: 1300, interference: { ...quiet, stealMs: 5000 } },
      false,
    ],
    // Stopped
    ["stopped on a quiet machine", "TLE", { status: "cpu_limit", cpuMs: 1016 }, false],
    [
      "stopped while much was stolen",
      "TLE",
      { status: "cpu_limit", cpuMs: 1016, interference: stolen },
      true,
    ],
    [
      "stopped with few lost turns",
      "TLE",
      { status: "cpu_limit", cpuMs: 1016, involuntarySwitches: 50 },
      false,
    ],
    // Too slow by real time
    ["stopped for a validator that waited in vain", "TLE", { status: "cancelled", wallMs: 6000 }, false],
    ["asleep", "TLE", { status: "wall_limit", cpuMs: 1, wallMs: 4000 }, false],
    [
      "kept from a processor",
      "TLE",
      { status: "wall_limit", cpuMs: 200, wallMs: 4000, interference: { ...quiet, cpuWaitMs: 3700 } },
      true,
    ],
    [
      "asleep on a busy machine",
      "TLE",
      {
        status: "wall_limit",
        cpuMs: 1,
        wallMs: 4000,
        interference: { ...quiet, cpuWaitMs: 4000, cpuWaitOf: "machine" },
      },
      false,
    ],
    [
      "kept from a processor, as far as the machine knows",
      "TLE",
      {
        status: "wall_limit",
        cpuMs: 200,
        wallMs: 4000,
        involuntarySwitches: 40,
        interference: { ...quiet, cpuWaitMs: 4000, cpuWaitOf: "machine" },
      },
      true,
    ],
    ["idle", "TLE", { status: "idle_limit", cpuMs: 1, wallMs: 3000, interference: disturbed }, false],
    // Nothing that a clock decides
    ["wrong", "WA", { cpuMs: 999, interference: stolen }, false],
    ["crashed", "RTE", { cpuMs: 999, interference: stolen }, false],
    ["out of memory", "MLE", { status: "memory_limit", cpuMs: 999, interference: stolen }, false],
    ["the platform's failure", "IE", { status: "platform", cpuMs: 999, interference: stolen }, false],
  ])("%s: %s", (_, verdict, change, expected) => {
    expect(isInDoubt(run(verdict, change), limits)).toBe(expected);
  });

  test("without an outcome there is nothing to doubt", () => {
    const { result, ...rest } = run("TLE", { cpuMs: 1001 });
    expect(
      isInDoubt({ ...rest, result: { ...result, evidence: { ...result.evidence, outcome: null } } }, limits),
    ).toBe(false);
  });
});

const slow = run("TLE", { cpuMs: 1005, wallMs: 1100 });
const slower = run("TLE", { cpuMs: 1014, wallMs: 1100 });
const fast = run("AC", { cpuMs: 990, wallMs: 1100 });
const fastDisturbed = run("AC", { cpuMs: 988, wallMs: 1400, interference: disturbed });
const slowDisturbed = run("TLE", { cpuMs: 1010, wallMs: 1400, interference: disturbed });
const wrong = run("WA", { cpuMs: 980, wallMs: 1100 });
const far = run("TLE", { cpuMs: 1500, wallMs: 1600 });
const failed = run("IE", { status: "platform" });
const starved = run("TLE", {
  status: "wall_limit",
  cpuMs: 10,
  wallMs: 4000,
  interference: { ...quiet, cpuWaitMs: 3900 },
});

test.each<[string, JudgedTest[], boolean]>([
  ["in doubt", [slow], true],
  ["still in doubt", [slow, slower], true],
  ["in no doubt any more", [slow, far], false],
  ["accepted and undisturbed", [slow, fast], false],
  ["accepted, but disturbed", [slow, fastDisturbed], true],
  ["accepted and undisturbed before", [fast, slow], false],
  ["wrong", [slow, wrong], false],
  ["failed", [slow, failed], false],
  ["nothing", [], false],
])("another run after %s: %#", (_, runs, expected) => {
  expect(needsAnotherRun(runs, limits)).toBe(expected);
});

test.each<[string, JudgedTest[], JudgedTest]>([
  ["the only one", [slow], slow],
  ["the fastest of undisturbed ones", [slower, slow, fast], fast],
  ["the fastest of those that were too slow", [slower, slow], slow],
  ["an undisturbed one before a faster disturbed one", [fastDisturbed, slow], slow],
  ["the fastest of all where each was disturbed", [slowDisturbed, fastDisturbed], fastDisturbed],
  ["one that was not too slow before one that was stopped early", [starved, fast], fast],
  ["what it says is told whatever it is", [slow, wrong], wrong],
  ["what the platform failed is never passed over", [fast, failed], failed],
])("the run that counts: %s", (_, runs, expected) => {
  expect(decidingRun(runs, limits)).toBe(expected);
});

test("the evidence: all runs, their spread, and why", () => {
  expect(decided([slow], limits)).toBe(slow);
  const { result } = decided([slowDisturbed, slow, fast], limits);
  expect(result).toMatchObject({ verdict: "AC", cpuMs: 990 });
  expect(result.timing).toEqual({
    runs: [
      { cpuMs: 1010, wallMs: 1400, verdict: "TLE", interference: expect.closeTo(0.214, 3) },
      { cpuMs: 1005, wallMs: 1100, verdict: "TLE", interference: 0 },
      { cpuMs: 990, wallMs: 1100, verdict: "AC", interference: 0 },
    ],
    spreadMs: 20,
    decision:
      "too close to the limit to be trusted and run 3 times in all: run 3 decides (the fastest of 2 undisturbed), AC",
  });
  expect(decided([slowDisturbed, fastDisturbed], limits).result.timing?.decision).toMatch(
    /run 2 decides \(the fastest, since none was undisturbed\), AC$/,
  );
  expect(decided([slow, failed], limits).result.timing?.decision).toBe("the platform failed run 2 of 2");
});
