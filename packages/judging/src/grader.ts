import type { Evidence, Limits, Outcome } from "@assay/contracts";
import { captured, standardStreams } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";
import { describeOutcome } from "./evidence.ts";
import { asText } from "./output.ts";
import { validationLimits } from "./package/limits.ts";
import type { ProblemPackage } from "./package/types.ts";
import { printable } from "./printable.ts";
import { toolSpec } from "./programs/tool-box.ts";
import { withTools } from "./programs/tool.ts";
import type { PackageTool } from "./programs/tool.ts";

/** What graders of legacy packages read and write. IF is what the format calls a broken validator. */
const verdicts = ["AC", "WA", "TLE", "RTE", "MLE", "OLE", "PE", "JE", "CE", "IF"] as const;
export type GraderVerdict = (typeof verdicts)[number];

export interface GraderLine {
  readonly verdict: GraderVerdict;
  readonly score: number;
}

/** A grader's line, or why it gave none: a JE. */
export type Grading =
  | { readonly succeeded: true; readonly line: GraderLine }
  | { readonly succeeded: false; readonly evidence: Evidence };

export interface GraderContext {
  readonly package: ProblemPackage;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/** More than this is no line. */
const outputBytes = 4096;

/** Runs a group's own grader: a line per result in, one line out, exit code 0. */
export const runGrader = async (
  { package: problem, sandbox, signal }: GraderContext,
  grader: PackageTool,
  flags: readonly string[],
  lines: readonly GraderLine[],
): Promise<Grading> => {
  const limits = validationLimits(problem.limits);
  const stdin = Buffer.from(lines.map(({ verdict, score }) => `${verdict} ${score}\n`).join(""));
  const report = await withTools([grader], () =>
    sandbox.run(
      toolSpec({
        tool: grader,
        args: flags,
        files: [],
        fds: standardStreams({ stdin, outputBytes, onOutputLimit: "stop" }),
        limits: { ...limits, outputBytes },
        base: null,
        around: null,
        keep: null,
        collect: null,
      }),
      { signal },
    ),
  );
  signal.throwIfAborted();
  const { outcome } = report;
  const broken = (what: string): Grading => failure(`the grader ${grader.path} ${what}`, outcome, limits);
  if (outcome.status !== "exited" || outcome.exitCode !== 0 || outcome.cpuMs > limits.cpuMs) {
    return broken(`is broken: ${describeOutcome(outcome, { ...limits, outputBytes }, captured(report, 2))}`);
  }
  const output = asText(captured(report, 1)).trim();
  const line = readLine(output);
  return line === null
    ? broken(`wrote "${printable(output.slice(0, 100))}" instead of one verdict and one score`)
    : { succeeded: true, line };
};

const failure = (text: string, outcome: Outcome, limits: Limits): Grading => ({
  succeeded: false,
  evidence: { text, outcome, limits },
});

const form = /^([A-Z]+)[ \t]+([+-]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][+-]?[0-9]+)?)$/u;

const readLine = (text: string): GraderLine | null => {
  const [, word, number] = form.exec(text) ?? [];
  const verdict = verdicts.find((name) => name === word);
  const score = Number(number);
  return verdict === undefined || !Number.isFinite(score) ? null : { verdict, score };
};
