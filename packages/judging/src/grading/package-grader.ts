import type { Verdict } from "@assay/contracts";
import { runGrader } from "../grader.ts";
import type { GraderContext } from "../grader.ts";
import type { PreparedJudge } from "../prepared-judge.ts";
import type { RunGrader } from "./grade-book.ts";

/** Runs the graders that a legacy package brings, and puts verdicts into the words of its format. */
export const graderOf =
  (context: GraderContext, judge: PreparedJudge): RunGrader =>
  async ({ rule, results }) => {
    const { grader, graderFlags } = rule;
    if (grader === null) throw new Error("a group with the default grader has no program to run");
    const lines = results.map(({ verdict, score }) => ({ verdict: asFormat(verdict), score }));
    return await runGrader(context, judge.grader(grader), graderFlags, lines);
  };

/** A grader is promised AC, WA, RTE and TLE; limits that it does not know are run-time errors to it. */
const asFormat = (verdict: Verdict): Verdict => {
  switch (verdict) {
    case "AC":
    case "WA":
    case "TLE":
    case "RTE":
    case "JE":
    case "CE":
      return verdict;
    case "PE":
      return "WA";
    case "MLE":
    case "OLE":
    case "IR":
      return "RTE";
    case "SK":
    case "IE":
      return "JE";
  }
};
