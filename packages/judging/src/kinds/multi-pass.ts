import type { Artifact } from "@assay/sandbox";
import type { JudgedTest } from "../judged-test.ts";
import { forgetArtifact } from "./artifact.ts";
import type { TestRun } from "./context.ts";
import { interactivePass } from "./interactive.ts";
import type { TestData } from "./output.ts";
import { judgedTest } from "./pass-end.ts";
import type { PassEnd } from "./pass-end.ts";
import { plainPass } from "./plain.ts";

/**
 * The submission runs again and again, each time on the input that the validator made of its last
 * output, until the validator makes none or is not content. Each pass has the limits for itself.
 */
export const judgeMultiPass = async (run: TestRun, data: TestData): Promise<JudgedTest> => {
  const { context, test } = run;
  const { type, limits } = context.package;
  const runPass = type.interactive ? interactivePass : plainPass;
  const passes: PassEnd[] = [];
  let before: Artifact | null = null;
  let { input } = data;
  try {
    for (;;) {
      const pass: PassEnd = await runPass(run, { ...data, input }, before);
      await forgetArtifact(context.sandbox, before);
      before = pass.artifact;
      passes.push(pass);
      const next = pass.verdict === "AC" ? (pass.judgement?.nextPass ?? null) : null;
      if (next === null) break;
      if (passes.length === limits.validationPasses) {
        passes[passes.length - 1] = tooMany(pass, limits.validationPasses);
        break;
      }
      // What is collected is a view of a message that holds more.
      const own = Uint8Array.from(next);
      input = () => Promise.resolve(own);
    }
  } finally {
    await forgetArtifact(context.sandbox, before);
  }
  const [first, ...others] = passes;
  if (first === undefined) throw new Error("a test has at least one pass");
  return judgedTest(context, test, [first, ...others]);
};

const tooMany = (pass: PassEnd, most: number): PassEnd => ({
  ...pass,
  verdict: "JE",
  text: `the validator wants a pass more than the ${most} that limits.validation_passes allows`,
  outcome: pass.judgement?.outcome ?? null,
  limits: pass.judgement?.limits ?? null,
});
