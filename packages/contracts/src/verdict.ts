import { z } from "zod";

/**
 * What the judge says of one test or of a whole submission.
 *
 * JE (judge error) is the author's fault, IE (internal error) the platform's; every other verdict
 * but AC is the submitter's.
 */
export const Verdict = z.enum(["AC", "PE", "WA", "TLE", "MLE", "OLE", "RTE", "CE", "JE", "IE"]);
export type Verdict = z.infer<typeof Verdict>;

/** Who is to blame for a result that is not accepted. */
export const Fault = z.enum(["submitter", "author", "platform"]);
export type Fault = z.infer<typeof Fault>;

export const faultOf = (verdict: Verdict): Fault | null => {
  switch (verdict) {
    case "AC":
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
  CE: "compile error",
  JE: "judge error",
  IE: "internal error",
};
