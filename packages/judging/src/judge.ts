import { faultOf } from "@assay/contracts";
import type {
  CompileReport,
  Evidence,
  JobEventBody,
  JudgeMode,
  JudgePolicy,
  JudgeResult,
  Limits,
  Provenance,
  SourceFile,
  Verdict,
} from "@assay/contracts";
import { isAmong } from "@assay/languages";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { clashOf } from "./clash.ts";
import { compile, compileKey, forgetProgram, isArtifactLost } from "./compile.ts";
import type { Compilation, CompileCache, CompileRequest, Program } from "./compile.ts";
import { describeOutcome, errorLine } from "./evidence.ts";
import { equalTests } from "./equal-tests.ts";
import { Course } from "./grading/course.ts";
import { GradeBook } from "./grading/grade-book.ts";
import { hasGroups, planOf } from "./grading/plan.ts";
import { remapped, remappedVerdict } from "./grading/remap.ts";
import { submissionGrade } from "./grading/submission-grade.ts";
import type { SubmissionGrade } from "./grading/submission-grade.ts";
import { includesOf, readPlaced } from "./included.ts";
import { judgeCases } from "./judge-cases.ts";
import type { Progress } from "./judge-cases.ts";
import type { PackageFiles } from "./package/files.ts";
import { compileLimits } from "./package/limits.ts";
import type { ProblemPackage } from "./package/types.ts";
import { graderOf } from "./grading/package-grader.ts";
import { JudgeError } from "./judge-error.ts";
import { judgeStatic } from "./kinds/static.ts";
import { prepareJudge } from "./prepared-judge.ts";
import type { PreparedJudge } from "./prepared-judge.ts";
import { judgeTest } from "./test-run.ts";
import { Gate } from "./timing/gate.ts";
import { limitsInForce } from "./timing/limits.ts";
import { judgeTimed } from "./timing/timed.ts";
import type { Toolbox } from "./toolbox.ts";

export interface JudgeContext {
  readonly package: ProblemPackage;
  readonly packageFiles: PackageFiles;
  readonly files: readonly SourceFile[];
  readonly language: Language;
  readonly sandbox: Sandbox;
  /** Null: what is compiled is forgotten with the job. */
  readonly compiled: CompileCache | null;
  readonly mode: JudgeMode;
  /** What the problem set decides. */
  readonly policy: JudgePolicy;
  /** CPU time per test, ms, in place of what the package states; null = that. */
  readonly timeMs: number | null;
  /** Finds what runs the programs that the package brings. */
  readonly toolbox: Toolbox;
  /** How fast this machine is beside the reference machine; null = not measured. */
  readonly speedFactor: number | null;
  /** Tests that may run at once; the sandbox's slots are a good number. */
  readonly parallel: number;
  /** Whether evidence may show the answers of secret tests: only to someone who owns the package. */
  readonly revealAnswers: boolean;
  /** Image, language version and runner, as the result will name them. */
  readonly provenance: Omit<Provenance, "isolation">;
  readonly signal: AbortSignal;
  readonly onEvent: (event: JobEventBody) => void;
}

/**
 * Judges a submission: compiles it once, runs the tests in parallel, compares, grades.
 *
 * Results and events come in the order of the package and don't depend on `parallel`; nor do verdict
 * and score depend on `mode` (see grading/course.ts). The verdict is IE if the platform failed any test
 * that counts. Throws the signal's reason when cancelled, and SandboxError when the platform can't go
 * on; neither is ever a verdict.
 */
export const judgeSubmission = async (context: JudgeContext): Promise<JudgeResult> => {
  const refusal = refusalOf(context);
  if (refusal !== null) return compileError(context, null, refusal);

  if (context.package.type.submitAnswer) return judgeWith(context, null, null);
  const request = await compileRequest(context);
  const compilation = await compile(request);
  if (compilation.report !== null) context.onEvent({ type: "compile", report: compilation.report });
  if (!compilation.succeeded) return failedCompilation(context, request, compilation.report);
  return judgeWith(context, request, compilation);
};

/** Judges what was compiled; `request` and `made` are null where nothing of the submission is run. */
const judgeWith = async (
  context: JudgeContext,
  request: CompileRequest | null,
  made: (Compilation & { readonly succeeded: true }) | null,
): Promise<JudgeResult> => {
  let current = made;
  try {
    await using judge = await prepareJudge(context);
    const progress = await startProgress(context, judge);
    for (let retried = false; ; retried = true) {
      try {
        await judgeRest(context, judge, current?.program ?? null, progress);
        return resultOf(context, current?.report ?? null, progress);
      } catch (error) {
        // The artifact fell out of the cache or went with a restarted sandboxd: make it again, and go
        // on behind the tests that were handed over already.
        if (!isArtifactLost(error) || retried || request === null || current === null) throw error;
        context.compiled?.drop(compileKey(request), current.program);
        const again = await compile(request);
        if (!again.succeeded) return failedCompilation(context, request, again.report);
        current = again;
      }
    }
  } catch (error) {
    if (!(error instanceof JudgeError)) throw error;
    return judgeResult(context, "JE", current?.report ?? null, error.evidence, notJudged(context));
  } finally {
    if (context.compiled === null && current !== null) await forgetProgram(context.sandbox, current.program);
  }
};

/** Why the submission may not even be compiled, or null. */
const refusalOf = ({ package: problem, files, language }: JudgeContext): string | null => {
  if (problem.languages !== "all" && !isAmong(language, problem.languages)) {
    return `this problem does not take ${language.name}; it takes ${problem.languages.join(", ")}`;
  }
  const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0);
  if (bytes > problem.limits.codeBytes)
    return `the source has ${bytes} bytes, more than the code limit of ${problem.limits.codeBytes}`;
  const clash = clashOf(
    files.map(({ path }) => path),
    placedPaths(problem, language),
  );
  return clash === null
    ? null
    : `the source's ${JSON.stringify(clash)} stands in the way of what the problem puts there`;
};

/** Where the package puts files of its own, for the compiler or for a test. */
const placedPaths = (problem: ProblemPackage, language: Language): Iterable<string> =>
  new Set(
    [includesOf(problem, language), ...problem.tests.map((test) => test.files)]
      .flat()
      .map(({ path }) => path),
  );

const compileRequest = async (context: JudgeContext): Promise<CompileRequest> => {
  const { limits } = context.package;
  const extra = await readPlaced(context.packageFiles, includesOf(context.package, context.language));
  return {
    language: context.language,
    image: context.provenance.image.digest,
    sources: context.files,
    extra,
    limits: compileLimits(limits),
    sandbox: context.sandbox,
    cache: context.compiled,
    signal: context.signal,
  };
};

const startProgress = async (context: JudgeContext, judge: PreparedJudge): Promise<Progress> => {
  const { package: problem, policy, mode, packageFiles } = context;
  const plan = planOf(problem);
  // What answers a test is found by its name, so tests that are the same have different answers there.
  const keys = problem.type.submitAnswer ? [] : await equalTests(packageFiles, problem.tests);
  const keyOf = new Map(problem.tests.map((test, index) => [test, keys[index] ?? null]));
  return {
    plan,
    course: new Course(plan, { mode, ranking: policy.priority }),
    book: new GradeBook(plan, {
      ranking: policy.priority,
      customScores: problem.outputValidators.length > 0,
      runGrader: graderOf(context, judge),
    }),
    equal: plan.cases.map(({ test }) => (test === null ? null : (keyOf.get(test) ?? null))),
    judged: new Map(),
    done: 0,
  };
};

/** Judges the cases that are left. */
const judgeRest = async (
  context: JudgeContext,
  judge: PreparedJudge,
  program: Program | null,
  progress: Progress,
): Promise<void> => {
  const { package: problem, policy, parallel, mode, signal, onEvent } = context;
  const limits = limitsOf(context);
  const gate = new Gate();
  const presentationErrors = policy.presentationErrors || problem.presentationErrors;
  const testContext = { ...context, judge, presentationErrors };
  await judgeCases(progress, {
    mode,
    parallel: Math.min(parallel, policy.parallel ?? parallel),
    signal,
    showGroups: hasGroups(progress.plan),
    onEvent,
    judge: async ({ test, group }, caseSignal) => {
      const judged =
        test === null
          ? await gate.together(() => judgeStatic(testContext, group.source, caseSignal))
          : await judgeTimed({
              limits,
              retimes: policy.retimes,
              gate,
              signal: caseSignal,
              judge: () => judgeTest(testContext, program, test, limits, caseSignal),
            });
      return { ...judged, result: remapped(judged.result, policy.remap) };
    },
  });
};

const limitsOf = ({ package: problem, language, timeMs, policy, speedFactor }: JudgeContext): Limits =>
  limitsInForce(problem.limits, language, { timeMs, policy, speedFactor });

const resultOf = (context: JudgeContext, report: CompileReport | null, progress: Progress): JudgeResult => {
  const { plan, book } = progress;
  const grade = submissionGrade(plan, book);
  const passed = book.results.filter(({ verdict }) => verdict === "AC").length;
  const { cause } = grade;
  const evidence: Evidence =
    cause === null
      ? { text: textOf(grade, passed, plan.cases.length), outcome: null, limits: limitsOf(context) }
      : { ...cause.evidence, text: `test ${cause.name}: ${cause.evidence.text}` };
  return judgeResult(context, grade.verdict, report, evidence, {
    score: grade.score,
    maxScore: grade.maxScore,
    passed,
    total: plan.cases.length,
    tests: [...book.results],
    groups: hasGroups(plan) ? [...book.groups] : [],
  });
};

/** Of a result that no single test decided. */
const textOf = ({ verdict, reason }: SubmissionGrade, passed: number, total: number): string => {
  if (reason !== null && verdict !== "AC") return reason;
  return passed === total ? `all ${total} tests accepted` : `${passed} of ${total} tests accepted`;
};

const failedCompilation = (
  context: JudgeContext,
  request: CompileRequest,
  report: CompileReport,
): JudgeResult => {
  const { outcome } = report;
  const text = describeOutcome(outcome, request.limits, null);
  const evidence: Evidence = {
    text: describeCompiler(report, text),
    outcome,
    limits: request.limits,
  };
  const platform = outcome.status === "platform" || outcome.status === "start_failed";
  return platform
    ? judgeResult(context, "IE", report, evidence, notJudged(context))
    : compileError(context, report, evidence);
};

const describeCompiler = ({ outcome, output }: CompileReport, text: string): string => {
  if (outcome.status !== "exited") return `the compiler: ${text}`;
  if (outcome.exitCode === 0) return "what the compiler left can't be kept";
  return `the compiler gave up: ${errorLine(output) ?? text}`;
};

const compileError = (
  context: JudgeContext,
  report: CompileReport | null,
  evidence: Evidence | string,
): JudgeResult =>
  judgeResult(
    context,
    remappedVerdict("CE", false, context.policy.remap),
    report,
    typeof evidence === "string" ? { text: evidence, outcome: null, limits: null } : evidence,
    notJudged(context),
  );

type Judged = Pick<JudgeResult, "score" | "maxScore" | "passed" | "total" | "tests" | "groups">;

const notJudged = ({ package: problem }: JudgeContext): Judged => ({
  score: problem.type.scoring ? 0 : null,
  maxScore: null,
  passed: 0,
  total: planOf(problem).cases.length,
  tests: [],
  groups: [],
});

const judgeResult = (
  context: JudgeContext,
  verdict: Verdict,
  compile: CompileReport | null,
  evidence: Evidence,
  judged: Judged,
): JudgeResult => ({
  kind: "judge",
  verdict,
  fault: faultOf(verdict),
  ...judged,
  cpuMs: Math.max(0, ...judged.tests.map((test) => test.cpuMs)),
  wallMs: Math.max(0, ...judged.tests.map((test) => test.wallMs)),
  memoryBytes: Math.max(0, ...judged.tests.map((test) => test.memoryBytes)),
  compile,
  speedFactor: context.speedFactor,
  evidence,
  provenance: { ...context.provenance, isolation: [...context.sandbox.isolation] },
});
