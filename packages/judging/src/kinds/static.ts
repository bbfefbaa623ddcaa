import { standardStreams } from "@assay/sandbox";
import { faultOf } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import { includesOf, readPlaced } from "../included.ts";
import { formatNameOf } from "../package/languages.ts";
import { validationLimits } from "../package/limits.ts";
import type { TestGroup } from "../package/types.ts";
import { toolSpec } from "../programs/tool-box.ts";
import { withTools } from "../programs/tool.ts";
import type { PackageTool } from "../programs/tool.ts";
import { around } from "../validators/around.ts";
import { submissionFiles, submissionWith } from "../validators/custom.ts";
import { collectFeedback, feedbackDirectory, judgePlaces } from "../validators/feedback.ts";
import { judgementOf } from "../validators/judgement.ts";
import type { Judgement } from "../validators/judgement.ts";
import { firstLine } from "../validators/messages.ts";
import type { TestContext } from "./context.ts";

/**
 * The static validation of a group: `<validator> language entry_point feedback_dir/ [args]` beside the
 * submission's files, which are not run. One test named "<group>/static".
 */
export const judgeStatic = async (
  context: TestContext,
  group: TestGroup,
  signal: AbortSignal,
): Promise<JudgedTest> => {
  const tool = context.judge.staticValidator;
  if (tool === null)
    throw new Error(`the group ${group.name} has a static validation and no validator for it`);
  return resultOf(context, group, await withTools([tool], () => validate(context, group, tool, signal)));
};

const validate = async (
  { package: problem, packageFiles, files, language, sandbox }: TestContext,
  group: TestGroup,
  tool: PackageTool,
  signal: AbortSignal,
): Promise<Judgement> => {
  const { rule } = group;
  const submission = submissionWith(files, await readPlaced(packageFiles, includesOf(problem, language)));
  const limits = validationLimits(problem.limits);
  const spec = toolSpec({
    tool,
    args: [
      formatNameOf(language),
      language.entryPoint(submission.map(({ path }) => path)),
      `/w/${judgePlaces.feedback}/`,
      ...(rule.generation === "2025-09" ? rule.staticValidatorArgs : []),
    ],
    files: [feedbackDirectory, ...submissionFiles(submission)],
    fds: standardStreams({
      stdin: new Uint8Array(),
      outputBytes: limits.outputBytes,
      onOutputLimit: "stop",
    }),
    limits,
    base: null,
    around: around({ besideSubmission: true, multiPass: null }),
    keep: null,
    collect: collectFeedback(limits.outputBytes),
  });
  const report = await sandbox.run(spec, { signal });
  signal.throwIfAborted();
  const rules = {
    formatVersion: problem.formatVersion,
    path: tool.path,
    limits,
    scores: problem.type.scoring,
    passes: false,
  };
  return judgementOf(rules, report, { base: tool.program.artifact, files: spec.files }, false);
};

const resultOf = (context: TestContext, group: TestGroup, judgement: Judgement): JudgedTest => {
  const { verdict, outcome, limits } = judgement;
  // It judges the submission's own text, so only what the author wrote is kept from the submitter.
  const shown = context.revealAnswers;
  const message = (shown ? judgement.judgeMessage : null) ?? judgement.teamMessage;
  const rejected = `rejected by the static validator${message === null ? "" : `: ${firstLine(message)}`}`;
  const broken = shown ? judgement.judgeText : judgement.text;
  const text = verdict === "AC" ? "accepted" : verdict === "WA" ? rejected : broken;
  return {
    result: {
      name: `${group.name}/static`,
      verdict,
      fault: faultOf(verdict),
      cpuMs: 0,
      wallMs: 0,
      memoryBytes: 0,
      evidence: { text, outcome, limits },
      score: null,
      maxScore: null,
      timeCause: null,
      passes: 1,
      sameAs: null,
      teamMessage: judgement.teamMessage,
      judgeMessage: shown ? judgement.judgeMessage : null,
      diagnostics: [],
      timing: null,
    },
    score: verdict === "AC" ? judgement.score : null,
    multiplier: verdict === "AC" ? judgement.multiplier : null,
  };
};
