import { faultOf } from "@assay/contracts";
import type { Limits, Outcome, TestResult, Verdict } from "@assay/contracts";
import type { Artifact } from "@assay/sandbox";
import type { JudgedTest } from "../judged-test.ts";
import type { TestCase } from "../package/types.ts";
import { firstLine } from "../validators/messages.ts";
import type { Judgement } from "../validators/judgement.ts";
import { mayShow } from "./context.ts";
import type { TestContext } from "./context.ts";
import type { SubmissionEnd } from "./submission.ts";

/** What became of one pass: the submission ran, or answered, and perhaps was judged. */
export interface PassEnd {
  readonly verdict: Verdict;
  readonly text: string;
  readonly timeCause: TestResult["timeCause"];
  readonly diagnostics: TestResult["diagnostics"];
  /** Of the submission; null when nothing of it ran. */
  readonly submission: Outcome | null;
  /** Whose end the verdict is about, and what it might use. */
  readonly outcome: Outcome | null;
  readonly limits: Limits | null;
  /** Null when no validator of the package came to judge. */
  readonly judgement: Judgement | null;
  /** What the validator left for the next pass, to be forgotten. */
  readonly artifact: Artifact | null;
}

/** A submission that failed by itself; `judgement` is what a validator had to say nevertheless. */
export const failedPass = (
  end: SubmissionEnd & { readonly verdict: Verdict },
  outcome: Outcome,
  limits: Limits,
  judgement: Judgement | null = null,
): PassEnd => ({ ...end, submission: outcome, outcome, limits, judgement, artifact: null });

/** An output that was judged by a validator of the package. */
export const judgedPass = (
  context: TestContext,
  test: TestCase,
  judgement: Judgement,
  submission: { readonly outcome: Outcome; readonly limits: Limits } | null,
  artifact: Artifact | null = null,
): PassEnd => {
  const broken = judgement.verdict === "JE" || judgement.verdict === "IE";
  return {
    verdict: judgement.verdict,
    text: textOf(judgement, mayShow(context, test)),
    timeCause: null,
    diagnostics: [],
    submission: submission?.outcome ?? null,
    outcome: broken ? judgement.outcome : (submission?.outcome ?? null),
    limits: broken ? judgement.limits : (submission?.limits ?? null),
    judgement,
    artifact,
  };
};

/** One sentence on what a validator said, with its own words as far as they may be shown. */
const textOf = (judgement: Judgement, shown: boolean): string => {
  if (judgement.verdict === "AC") return "accepted";
  const text = shown ? judgement.judgeText : judgement.text;
  const message = (shown ? judgement.judgeMessage : null) ?? judgement.teamMessage;
  return judgement.verdict === "WA" && message !== null ? `${text}: ${firstLine(message)}` : text;
};

/** The whole test's result by its last pass, which decides. CPU time and memory are the largest of a pass. */
export const judgedTest = (
  context: TestContext,
  test: TestCase,
  passes: readonly [PassEnd, ...PassEnd[]],
): JudgedTest => {
  const last = passes.at(-1) ?? passes[0];
  const largest = (measure: "cpuMs" | "wallMs" | "memoryBytes"): number =>
    Math.max(0, ...passes.map(({ submission }) => submission?.[measure] ?? 0));
  // A submission that fails in a later pass leaves what the validator had said before.
  const said = passes.findLast(({ judgement }) => judgement !== null)?.judgement ?? null;
  const accepted = last.verdict === "AC";
  // What decides is shown; where all passes did, the one that was nearest to the limit.
  const slowest = passes.reduce((most, pass) => (cpuOf(pass) > cpuOf(most) ? pass : most));
  const shown = accepted ? slowest : last;
  return {
    result: {
      name: test.name,
      verdict: last.verdict,
      fault: faultOf(last.verdict),
      cpuMs: largest("cpuMs"),
      wallMs: largest("wallMs"),
      memoryBytes: largest("memoryBytes"),
      evidence: {
        text: passes.length === 1 ? last.text : `${last.text}${inPasses(last, passes.length)}`,
        outcome: shown.outcome,
        limits: shown.limits,
      },
      score: null,
      maxScore: null,
      timeCause: last.timeCause,
      passes: passes.length,
      sameAs: null,
      teamMessage: said?.teamMessage ?? null,
      diagnostics: last.diagnostics,
      judgeMessage: mayShow(context, test) ? (said?.judgeMessage ?? null) : null,
      timing: null,
    },
    score: accepted ? (last.judgement?.score ?? null) : null,
    multiplier: accepted ? (last.judgement?.multiplier ?? null) : null,
  };
};

const cpuOf = ({ submission }: PassEnd): number => submission?.cpuMs ?? 0;

const inPasses = ({ verdict }: PassEnd, count: number): string => {
  const where = verdict === "AC" ? `in ${count} passes` : `in pass ${count}`;
  return ` (${where}; time and memory are the largest of a pass)`;
};
