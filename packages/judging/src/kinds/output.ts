import { outputValidatorArgs } from "../package/arguments.ts";
import type { Artifact } from "@assay/sandbox";
import { includesOf, readPlaced } from "../included.ts";
import { joinJudgements, runValidator, submissionWith } from "../validators/custom.ts";
import type { ValidatorTask } from "../validators/custom.ts";
import { compareBy } from "../comparators/compare.ts";
import type { Comparison } from "../validators/comparison.ts";
import type { Judgement } from "../validators/judgement.ts";
import { mayShow, scoresCount } from "./context.ts";
import type { TestContext } from "./context.ts";
import { judgedPass } from "./pass-end.ts";
import type { PassEnd } from "./pass-end.ts";
import type { Outcome, Limits } from "@assay/contracts";
import type { TestCase } from "../package/types.ts";
import type { PackageTool } from "../programs/tool.ts";

/** Input and answer of a pass, each read once. */
export interface TestData {
  readonly input: () => Promise<Uint8Array>;
  readonly answer: () => Promise<Uint8Array>;
}

export const testData = (context: TestContext, test: TestCase): TestData => ({
  input: once(() => context.packageFiles.read(test.inputPath)),
  answer: once(() => context.packageFiles.read(test.answerPath)),
});

const once = <Value>(get: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | null = null;
  return () => (value ??= get());
};

/** Judges an output that is there as a whole: by the package's validators, or by comparing. */
export const judgeOutput = async (
  context: TestContext,
  test: TestCase,
  data: TestData,
  output: Uint8Array,
  submission: { readonly outcome: Outcome; readonly limits: Limits } | null,
  signal: AbortSignal,
  before?: Artifact | null,
): Promise<PassEnd> => {
  const { outputValidators } = context.judge;
  const judgements: Judgement[] = [];
  let left: Artifact | null = null;
  for (const tool of outputValidators) {
    const task = await validatorTask(context, test, data, tool, before);
    const { judgement, artifact } = await runValidator(context.sandbox, task, output, signal);
    judgements.push(judgement);
    left = artifact;
    if (judgement.verdict !== "AC") break;
  }
  const [first, ...others] = judgements;
  if (first !== undefined) {
    return judgedPass(context, test, joinJudgements([first, ...others]), submission, left);
  }
  return await compare(context, test, await data.answer(), output, submission);
};

export const validatorTask = async (
  context: TestContext,
  test: TestCase,
  data: TestData,
  tool: PackageTool,
  before: Artifact | null | undefined,
  waiting: ValidatorTask["waiting"] = null,
): Promise<ValidatorTask> => {
  const { package: problem, packageFiles, language } = context;
  // Only 2025-09 lets a validator see the submission.
  const isModern = problem.formatVersion === "2025-09";
  const included = isModern ? await readPlaced(packageFiles, includesOf(problem, language)) : [];
  return {
    package: problem,
    tool,
    input: await data.input(),
    answer: await data.answer(),
    args: outputValidatorArgs(test, tool.path),
    scores: scoresCount(context, test),
    submission: isModern ? submissionWith(context.files, included) : [],
    before,
    waiting,
  };
};

const compare = async (
  context: TestContext,
  test: TestCase,
  answer: Uint8Array,
  output: Uint8Array,
  submission: { readonly outcome: Outcome; readonly limits: Limits } | null,
): Promise<PassEnd> => {
  const comparison = await compareBy(test.comparator, answer, output);
  const shown = mayShow(context, test);
  return {
    ...verdictOf(comparison, context.presentationErrors, shown),
    timeCause: null,
    diagnostics: [],
    submission: submission?.outcome ?? null,
    outcome: submission?.outcome ?? null,
    limits: submission?.limits ?? null,
    judgement: null,
    artifact: null,
  };
};

const verdictOf = (
  comparison: Comparison,
  presentationErrors: boolean,
  shown: boolean,
): Pick<PassEnd, "verdict" | "text"> => {
  if (comparison.accepted) return { verdict: "AC", text: "accepted" };
  const text = shown ? comparison.judgeMessage : comparison.publicMessage;
  if (comparison.brokenAnswer) return { verdict: "JE", text };
  return { verdict: comparison.whitespaceOnly && presentationErrors ? "PE" : "WA", text };
};
