import type { CompileReport, Evidence } from "@assay/contracts";

/** A package can't be judged with, because a program in it is broken: its author's fault (JE). */
export class JudgeError extends Error {
  /** Path of the program in the package. */
  readonly path: string;
  readonly evidence: Evidence;
  /** What its compiler or `build` said; null when it did not come to that. */
  readonly report: CompileReport | null;
  override readonly name = "JudgeError";

  constructor(path: string, evidence: Evidence, report: CompileReport | null) {
    super(evidence.text);
    this.path = path;
    this.evidence = evidence;
    this.report = report;
  }
}
