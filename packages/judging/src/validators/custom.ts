import { randomBytes } from "node:crypto";
import type { Limits, SourceFile } from "@assay/contracts";
import type { Artifact, BoxFd, BoxFile, RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import { standardStreams } from "@assay/sandbox";
import type { InputFile, Program } from "../compile.ts";
import { forgetArtifact } from "../kinds/artifact.ts";
import { validationLimits } from "../package/limits.ts";
import type { ProblemPackage } from "../package/types.ts";
import { toolSpec } from "../programs/tool-box.ts";
import type { PackageTool } from "../programs/tool.ts";
import { around } from "./around.ts";
import { collectFeedback, feedbackDirectory, judgePlaces } from "./feedback.ts";
import { judgementOf } from "./judgement.ts";
import type { Judgement } from "./judgement.ts";

/** What a validator judges, besides the output. */
export interface ValidatorTask {
  readonly package: ProblemPackage;
  readonly tool: PackageTool;
  readonly input: Uint8Array;
  readonly answer: Uint8Array;
  readonly args: readonly string[];
  /** Whether score files mean anything for this test. */
  readonly scores: boolean;
  /** The submission's sources with what the package includes. */
  readonly submission: readonly InputFile[];
  /** What a validator gets on top for the time that it waits for a submission; null = it does not wait. */
  readonly waiting?: Pick<Limits, "wallMs" | "idleMs"> | null;
  /** Of a multi-pass problem: what the pass before left. Undefined = one pass only. */
  readonly before: Artifact | null | undefined;
}

/** A validator's box with what is needed to read its end. */
export interface ValidatorBox {
  readonly spec: RunSpec;
  readonly judge: (report: RunReport) => Judgement;
}

/** `<validator> input answer feedback_dir/ [args]` with these descriptors. */
export const validatorBox = (task: ValidatorTask, fds: readonly BoxFd[]): ValidatorBox => {
  const { package: problem, tool, before } = task;
  const multiPass = before !== undefined;
  const limits = limitsOf(task);
  const besideSubmission = problem.formatVersion === "2025-09";
  const isFirst = (before ?? null) === null;
  // What an earlier pass might leave in the way of the next input must not stop it from being written.
  const inputPath = isFirst
    ? judgePlaces.input
    : `${judgePlaces.laterInput}${randomBytes(8).toString("hex")}.in`;
  const files: BoxFile[] = [{ path: inputPath, mode: 0o644, content: task.input }];
  // A later pass finds the rest where the pass before had it.
  if (isFirst) {
    files.push({ path: judgePlaces.answer, mode: 0o644, content: task.answer }, feedbackDirectory);
    if (besideSubmission) files.push(...submissionFiles(task.submission));
  }
  const spec = toolSpec({
    tool,
    args: [`/w/${inputPath}`, `/w/${judgePlaces.answer}`, `/w/${judgePlaces.feedback}/`, ...task.args],
    files,
    fds,
    limits,
    base: before ?? null,
    around: around({ besideSubmission, multiPass: multiPass ? inputPath : null }),
    keep: multiPass ? { maxBytes: keptBytes(tool.program, task, limits.outputBytes) } : null,
    collect: collectFeedback(limits.outputBytes),
  });
  const rules = {
    formatVersion: problem.formatVersion,
    path: tool.path,
    limits,
    scores: task.scores,
    passes: multiPass,
  };
  const placed = { base: before ?? tool.program.artifact, files: spec.files };
  return { spec, judge: (report) => judgementOf(rules, report, placed, multiPass) };
};

const limitsOf = ({ package: problem, waiting = null }: ValidatorTask): Limits => {
  const limits = validationLimits(problem.limits);
  return waiting === null
    ? limits
    : { ...limits, wallMs: limits.wallMs + waiting.wallMs, idleMs: waiting.idleMs };
};

/** Where the submission stands for a validator that runs beside it. */
export const submissionFiles = (submission: readonly InputFile[]): BoxFile[] =>
  submission.map(({ path, content }) => ({
    path: `${judgePlaces.submission}/${path}`,
    mode: 0o644,
    content,
  }));

/** A submission's sources, and over them what the package includes: what was compiled. */
export const submissionWith = (
  sources: readonly SourceFile[],
  included: readonly InputFile[],
): readonly InputFile[] => {
  const files = new Map<string, InputFile>();
  for (const { path, content } of sources) files.set(path, { path, content: Buffer.from(content) });
  for (const file of included) files.set(file.path, file);
  return [...files.values()];
};

const keptBytes = (program: Program, task: ValidatorTask, outputBytes: number): number => {
  const submission = task.submission.reduce((sum, { content }) => sum + content.byteLength, 0);
  const own =
    program.artifact?.bytes ?? program.files.reduce((sum, { content }) => sum + content.byteLength, 0);
  // Of each pass a next input, and what it adds to its other feedback.
  const passes = task.package.limits.validationPasses + 1;
  return own + submission + task.input.byteLength + task.answer.byteLength + passes * outputBytes;
};

/**
 * Runs one output validator on an output that is there as a whole. `artifact` is what a multi-pass
 * validator left for the next pass: the caller forgets it.
 */
export const runValidator = async (
  sandbox: Sandbox,
  task: ValidatorTask,
  output: Uint8Array,
  signal: AbortSignal,
): Promise<{ readonly judgement: Judgement; readonly artifact: Artifact | null }> => {
  const { outputBytes } = validationLimits(task.package.limits);
  const fds = standardStreams({ stdin: output, outputBytes, onOutputLimit: "stop" });
  const { spec, judge } = validatorBox(task, fds);
  const report = await sandbox.run(spec, { signal });
  if (signal.aborted) await forgetArtifact(sandbox, report.artifact);
  signal.throwIfAborted();
  return { judgement: judge(report), artifact: report.artifact };
};

/**
 * What several validators say together: an output must please all of them, so the first that does not
 * decides. At most one of them may give a score.
 */
export const joinJudgements = (judgements: readonly [Judgement, ...Judgement[]]): Judgement => {
  const decisive = judgements.find(({ verdict }) => verdict !== "AC") ?? judgements[0];
  const scored = judgements.filter(({ score }) => score !== null);
  if (decisive.verdict === "AC" && scored.length > 1) {
    const text = "two output validators wrote a score.txt";
    return { ...decisive, verdict: "JE", text, judgeText: text };
  }
  return {
    ...decisive,
    judgeMessage: joined(judgements.map(({ judgeMessage }) => judgeMessage)),
    teamMessage: joined(judgements.map(({ teamMessage }) => teamMessage)),
    score: decisive.verdict === "AC" ? (scored[0]?.score ?? null) : null,
  };
};

const joined = (messages: readonly (string | null)[]): string | null => {
  const said = messages.filter((message) => message !== null);
  return said.length === 0 ? null : said.join("\n");
};
