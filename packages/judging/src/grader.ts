import { Verdict } from "@assay/contracts";
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

/** One result as a grader reads it. */
export interface GraderLine {
  readonly verdict: Verdict;
  readonly score: number;
}

/** What a grader says, or why it said nothing that can be used: a JE. */
export type GraderAnswer =
  | { readonly ok: true; readonly verdict: Verdict; readonly score: number | null }
  | { readonly ok: false; readonly text: string; readonly evidence: Evidence };

export interface GraderContext {
  readonly package: ProblemPackage;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

/** More than this is no line. */
const outputBytes = 4096;

/**
 * Runs a group's own grader: a line such as "AC 30" per result in, one such line out, exit code 0. In a
 * problem without scoring it may leave the score away.
 */
export const runGrader = async (
  { package: problem, sandbox, signal }: GraderContext,
  grader: PackageTool,
  flags: readonly string[],
  lines: readonly GraderLine[],
): Promise<GraderAnswer> => {
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
  const broken = (what: string): GraderAnswer =>
    failure(`the grader ${grader.path} ${what}`, outcome, limits);
  if (outcome.status !== "exited" || outcome.exitCode !== 0 || outcome.cpuMs > limits.cpuMs) {
    return broken(`is broken: ${describeOutcome(outcome, { ...limits, outputBytes }, captured(report, 2))}`);
  }
  const output = asText(captured(report, 1)).trim();
  return (
    readLine(output) ??
    broken(`wrote "${printable(output.slice(0, 100))}" instead of one verdict and one score`)
  );
};

const failure = (text: string, outcome: Outcome, limits: Limits): GraderAnswer => ({
  ok: false,
  text,
  evidence: { text, outcome, limits },
});

/** Whether the platform failed, or nothing was run, is not a grader's to say. */
const sayable = Verdict.options.filter((name) => name !== "IE" && name !== "SK");

const form = /^([A-Z]+)(?:[ \t]+([+-]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][+-]?[0-9]+)?))?$/u;

const readLine = (text: string): GraderAnswer | null => {
  const [, word, number] = form.exec(text) ?? [];
  const verdict = sayable.find((name) => name === word);
  if (verdict === undefined) return null;
  if (number === undefined) return { ok: true, verdict, score: null };
  const score = Number(number);
  return Number.isFinite(score) ? { ok: true, verdict, score } : null;
};
