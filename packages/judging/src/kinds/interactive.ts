import type { Limits } from "@assay/contracts";
import { captured } from "@assay/sandbox";
import type { Artifact, BoxFd, RunReport, RunSpec } from "@assay/sandbox";
import { NotHere } from "../not-here.ts";
import { forgetArtifact } from "./artifact.ts";
import { validationLimits } from "../package/limits.ts";
import type { PackageTool } from "../programs/tool.ts";
import { joinJudgements, validatorBox } from "../validators/custom.ts";
import type { ValidatorBox } from "../validators/custom.ts";
import { mayShow } from "./context.ts";
import type { TestRun } from "./context.ts";
import { validatorTask } from "./output.ts";
import type { TestData } from "./output.ts";
import { failedPass, judgedPass } from "./pass-end.ts";
import type { PassEnd } from "./pass-end.ts";
import { wasFirst } from "./first-end.ts";
import { submissionBox } from "./submission.ts";
import type { SubmissionBox } from "./submission.ts";
import { describeTalk, recordBytes } from "./transcript.ts";

/** A submission that waits for so long for a validator that does nothing will wait for ever, ms. */
const idleMs = 2000;
/** The same where the machine did not let it run when it could have, ms. */
const busyIdleMs = 6000;
/** From this much CPU time on, a validator may have let a submission wait because it computed, ms. */
const computedMs = 100;
/** How long a validator has to see that a submission has failed and to say something of it, ms. */
const graceMs = 1000;
/**
 * How long a submission may live on after a validator that did not accept, ms. It may have ended first,
 * and a busy machine has not noticed yet; stopped at once it would have no end of its own to be judged by.
 */
const notedMs = 250;

const toValidator = 1;
const toSubmission = 2;

/** The submission talks with each validator of the package in turn. It never sees the input. */
export const interactivePass = async (
  run: TestRun,
  data: TestData,
  before?: Artifact | null,
): Promise<PassEnd> => {
  const { context, test } = run;
  if (context.sandbox.slots < 2) {
    throw new NotHere("an interactive problem needs two slots at once, and this runner has one");
  }
  const accepted: PassEnd[] = [];
  for (const tool of context.judge.outputValidators) {
    const pass = await talkWith(run, data, tool, before);
    if (pass.verdict !== "AC" || context.judge.outputValidators.length === 1) return pass;
    accepted.push(pass);
  }
  const [first, ...others] = accepted.flatMap(({ judgement }) => (judgement === null ? [] : [judgement]));
  const slowest = accepted.toSorted((a, b) => cpuOf(b) - cpuOf(a))[0];
  if (first === undefined || slowest === undefined) throw new Error("an interactive problem has a validator");
  const { outcome, limits } = slowest;
  const submission = outcome === null || limits === null ? null : { outcome, limits };
  return judgedPass(context, test, joinJudgements([first, ...others]), submission);
};

const cpuOf = ({ submission }: PassEnd): number => submission?.cpuMs ?? 0;

/** What a conversation has to be repeated with: a submission was stopped for waiting, not by its own fault. */
interface Again {
  readonly idle: number | null;
}

const talkWith = async (
  run: TestRun,
  data: TestData,
  tool: PackageTool,
  before: Artifact | null | undefined,
): Promise<PassEnd> => {
  let idle: number | null = idleMs;
  for (;;) {
    const talked: PassEnd | Again = await talkOnce(run, data, tool, before, idle);
    if ("verdict" in talked) return talked;
    ({ idle } = talked);
  }
};

const talkOnce = async (
  run: TestRun,
  data: TestData,
  tool: PackageTool,
  before: Artifact | null | undefined,
  idle: number | null,
): Promise<PassEnd | Again> => {
  const { context, test, limits, signal } = run;
  const { package: problem } = context;
  const validation = validationLimits(problem.limits);
  const box = await submissionBox(run);
  // Waiting for the validator is part of the real time.
  const talking: Limits = { ...limits, wallMs: limits.wallMs + validation.cpuMs, idleMs: idle };
  // A submission that computes can let it wait for as long as that.
  const waiting = { wallMs: talking.wallMs, idleMs: limits.wallMs + idleMs };
  const task = await validatorTask(context, test, data, tool, before, waiting);
  const submission = box.spec(fdsOf(toSubmission, toValidator, limits.outputBytes), talking);
  const judge = validatorBox(task, fdsOf(toValidator, toSubmission, validation.outputBytes));
  const reports = await runBoth(run, submission, judge);
  const again = signal.aborted ? null : repetitionOf(reports, idle);
  if (signal.aborted || again !== null) await forgetArtifact(context.sandbox, reports.validator.artifact);
  signal.throwIfAborted();
  return again ?? decide(run, box, judge, talking, reports);
};

/** Null when what was said stands. */
const repetitionOf = ({ submission, validator }: Reports, idle: number | null): Again | null => {
  if (submission.outcome.status !== "idle_limit") return null;
  if (validator.outcome.cpuMs >= computedMs) return { idle: null };
  const disturbed = submission.outcome.interference.cpuWaitMs >= idleMs / 4;
  return disturbed && idle === idleMs ? { idle: busyIdleMs } : null;
};

/**
 * Recorded, whether or not the record may be shown: then what goes through counts, nobody is killed by
 * SIGPIPE for writing to a partner that has gone, and it is known who was first to go.
 */
const fdsOf = (read: number, write: number, stderrBytes: number): BoxFd[] => [
  { kind: "pipe-read", pipe: read },
  { kind: "pipe-write", pipe: write, recordBytes },
  { kind: "capture", maxBytes: stderrBytes, onLimit: "stop" },
];

interface Reports {
  readonly submission: RunReport;
  readonly validator: RunReport;
}

/** Runs both to their ends. Whoever can't change the verdict any more is stopped. */
const runBoth = async (
  { context, signal }: TestRun,
  submissionSpec: RunSpec,
  judge: ValidatorBox,
): Promise<Reports> => {
  const [submission, validator] = await context.sandbox.session([submissionSpec, judge.spec], { signal });
  if (submission === undefined || validator === undefined) throw new Error("a session has its two runs");
  const timers: NodeJS.Timeout[] = [];
  const grantGrace = ({ outcome }: RunReport): void => {
    if (outcome.status === "exited" && outcome.exitCode === 0) return;
    timers.push(setTimeout(() => validator.cancel(), graceMs));
  };
  const stopUnlessAccepted = (report: RunReport): void => {
    if (judge.judge(report).verdict === "AC") return;
    timers.push(setTimeout(() => submission.cancel(), notedMs));
  };
  try {
    const [submissionReport, validatorReport] = await Promise.all([
      submission.report.then((report) => (grantGrace(report), report)),
      validator.report.then((report) => (stopUnlessAccepted(report), report)),
    ]);
    return { submission: submissionReport, validator: validatorReport };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all([submission[Symbol.asyncDispose](), validator[Symbol.asyncDispose]()]);
  }
};

const noStderr = new Uint8Array();

const waitedFor = ({ idleMs: limit }: Limits): string => `${(limit ?? 0) / 1000} s`;

/**
 * Whose end decides. The first that fails: a submission that fails by itself before the validator has
 * ended gets the verdict for that; a validator that rejects or breaks decides whatever the submission
 * does when it finds itself alone, unless the submission is what broke it. An accepted submission has to
 * end well on its own too.
 */
const decide = (
  { context, test }: TestRun,
  box: SubmissionBox,
  judge: ValidatorBox,
  limits: Limits,
  reports: Reports,
): PassEnd => {
  const { outcome } = reports.submission;
  const end = box.end(outcome, limits, captured(reports.submission, 2), null);
  const judgement = judge.judge(reports.validator);
  const { artifact } = reports.validator;
  const shown = mayShow(context, test);
  const talk = shown ? describeTalk(reports.validator, reports.submission) : "";
  const cancelled = outcome.status === "cancelled";
  const failed = !cancelled && end.verdict !== null;
  const wentFirst = wasFirst(reports.submission, reports.validator);

  if (failed && end.verdict !== null && (judgement.verdict === "AC" || wentFirst)) {
    const said = judgement.verdict === "IE" ? null : judgement;
    const failure = failedPass({ ...end, verdict: end.verdict }, outcome, limits, said);
    return { ...failure, text: `${end.text}${talk}`, artifact };
  }
  if (reports.validator.outcome.status === "idle_limit" && !wentFirst) {
    // It had nothing to do for longer than a test may take, and the submission was still there: one that
    // dozes and is never quite idle must not pass for a broken validator.
    const text = `kept the validator waiting for ${waitedFor(judgement.limits)}, and then was stopped${talk}`;
    return {
      ...failedPass({ verdict: "TLE", text, timeCause: "wall", diagnostics: [] }, outcome, limits),
      artifact,
    };
  }
  if (judgement.verdict === "JE") {
    // More than it may write is what broke the validator, whichever of them was stopped for it.
    const written = box.end(
      { ...outcome, status: "exited", exitCode: 0, signal: null },
      limits,
      noStderr,
      null,
    );
    if (written.verdict === "OLE") {
      const text = `${written.text}${talk}`;
      return { ...failedPass({ ...written, verdict: "OLE", text }, outcome, limits), artifact };
    }
  }
  const pass = judgedPass(context, test, judgement, { outcome, limits }, artifact);
  return pass.verdict === "AC" ? pass : { ...pass, text: `${pass.text}${talk}` };
};
