import type { Limits } from "@assay/contracts";
import type { Program } from "./compile.ts";
import type { JudgedTest } from "./judged-test.ts";
import type { TestContext } from "./kinds/context.ts";
import { interactivePass } from "./kinds/interactive.ts";
import { judgeMultiPass } from "./kinds/multi-pass.ts";
import { testData } from "./kinds/output.ts";
import { judgedTest } from "./kinds/pass-end.ts";
import { plainPass } from "./kinds/plain.ts";
import { judgeAnswer } from "./kinds/submit-answer.ts";
import type { TestCase } from "./package/types.ts";
import { withTools } from "./programs/tool.ts";

export type { TestContext } from "./kinds/context.ts";

/**
 * Judges one test of any kind of problem in fresh boxes.
 *
 * Throws the signal's reason when cancelled, NotHere when this machine can't, and SandboxError when the
 * platform can't go on; `unknown_artifact` then means the submission's.
 *
 * @param program null only where nothing of the submission is run
 */
export const judgeTest = async (
  context: TestContext,
  program: Program | null,
  test: TestCase,
  limits: Limits,
  signal: AbortSignal,
): Promise<JudgedTest> => {
  const { type } = context.package;
  return await withTools(context.judge.outputValidators, async () => {
    const data = testData(context, test);
    if (type.submitAnswer) return await judgeAnswer(context, test, data, signal);
    if (program === null) throw new Error("a submission that is run has a program");
    const run = { context, program, test, limits, signal };
    if (type.multiPass) return await judgeMultiPass(run, data);
    const pass = type.interactive ? await interactivePass(run, data) : await plainPass(run, data);
    return judgedTest(context, test, [pass]);
  });
};
