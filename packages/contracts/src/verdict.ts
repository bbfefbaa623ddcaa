import { z } from "zod";

/**
 * What the judge says of one test or of a whole submission.
 *
 * JE (judge error) is the author's fault, IE (internal error) the platform's; SK is a test that was
 * not needed for the verdict and therefore not run. IR (invalid return) is a run-time error by exit
 * code, for who tells it from a signal: judges only give it when a policy asks for it. Every other
 * verdict but AC is the submitter's.
 */
export const Verdict = z.enum(["AC", "PE", "WA", "TLE", "MLE", "OLE", "RTE", "IR", "CE", "SK", "JE", "IE"]);
export type Verdict = z.infer<typeof Verdict>;

/** Who is to blame for a result that is not accepted. */
export const Fault = z.enum(["submitter", "author", "platform"]);
export type Fault = z.infer<typeof Fault>;

export const faultOf = (verdict: Verdict): Fault | null => {
  switch (verdict) {
    case "AC":
    case "SK":
      return null;
    case "JE":
      return "author";
    case "IE":
      return "platform";
    case "PE":
    case "WA":
    case "TLE":
    case "MLE":
    case "OLE":
    case "RTE":
    case "IR":
    case "CE":
      return "submitter";
  }
};

export const verdictNames: Record<Verdict, string> = {
  AC: "accepted",
  PE: "presentation error",
  WA: "wrong answer",
  TLE: "time limit exceeded",
  MLE: "memory limit exceeded",
  OLE: "output limit exceeded",
  RTE: "run-time error",
  IR: "invalid return",
  CE: "compile error",
  SK: "skipped",
  JE: "judge error",
  IE: "internal error",
};
