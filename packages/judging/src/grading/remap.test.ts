import { expect, test } from "vitest";
import type { JudgePolicy, TestResult, Verdict } from "@assay/contracts";
import { outcomeOf, sampleLimits } from "../outcome.fixture.ts";
import { remapped, remappedVerdict } from "./remap.ts";

const icpc: JudgePolicy["remap"] = { MLE: "RTE", OLE: "RTE", PE: "WA" };

test.each<[Verdict, boolean, JudgePolicy["remap"], Verdict]>([
  ["MLE", false, icpc, "RTE"],
  ["OLE", false, icpc, "RTE"],
  ["PE", false, icpc, "WA"],
  ["TLE", false, icpc, "TLE"],
  ["AC", false, icpc, "AC"],
  ["PE", false, { PE: "AC" }, "AC"],
  ["RTE", true, { RTE: "IR" }, "IR"],
  ["RTE", false, { RTE: "IR" }, "RTE"],
  // Once, and not again.
  ["MLE", true, { MLE: "RTE", RTE: "WA" }, "RTE"],
  // Whose fault something is can't be changed.
  ["JE", false, { JE: "WA" }, "JE"],
  ["IE", false, { IE: "AC" }, "IE"],
  ["SK", false, { SK: "AC" }, "SK"],
  ["AC", false, { AC: "WA" }, "AC"],
  ["WA", false, { WA: "IE" }, "WA"],
  ["WA", false, { WA: "JE" }, "WA"],
  ["WA", false, { WA: "SK" }, "WA"],
  ["CE", false, { CE: "RTE" }, "RTE"],
])("%s (by exit code: %s) with %j counts as %s", (verdict, byExitCode, remap, told) => {
  expect(remappedVerdict(verdict, byExitCode, remap)).toBe(told);
});

test("the evidence keeps what was measured", () => {
  const outcome = outcomeOf({ status: "memory_limit", memoryCause: "oom" });
  const result: TestResult = {
    name: "secret/1",
    verdict: "MLE",
    fault: "submitter",
    cpuMs: 1,
    wallMs: 1,
    memoryBytes: 1,
    evidence: { text: "out of memory", outcome, limits: sampleLimits },
    score: null,
    maxScore: null,
    timeCause: null,
    passes: 1,
    sameAs: null,
    teamMessage: null,
    judgeMessage: null,
    diagnostics: [],
    timing: null,
  };
  expect(remapped(result, icpc)).toEqual({
    ...result,
    verdict: "RTE",
    evidence: { text: "out of memory (MLE, counted as RTE)", outcome, limits: sampleLimits },
  });
  expect(remapped(result, {})).toBe(result);
  const exited = {
    ...result,
    verdict: "RTE" as const,
    evidence: { ...result.evidence, outcome: outcomeOf({ exitCode: 3 }) },
  };
  expect(remapped(exited, { RTE: "IR" })).toMatchObject({ verdict: "IR", fault: "submitter" });
  const killed = outcomeOf({ status: "signalled", signal: "SIGSEGV" });
  expect(
    remapped({ ...exited, evidence: { ...result.evidence, outcome: killed } }, { RTE: "IR" }),
  ).toMatchObject({
    verdict: "RTE",
  });
});
