import { faultOf } from "@assay/contracts";
import type {
  CompileReport,
  Evidence,
  JobEventBody,
  JudgeMode,
  JudgeResult,
  Provenance,
  SourceFile,
  TestResult,
  Verdict,
} from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { clashOf } from "./clash.ts";
import { compile, compileKey, forgetProgram, isArtifactLost } from "./compile.ts";
import type { CompileCache, CompileRequest, InputFile, Program } from "./compile.ts";
import { describeOutcome, errorLine } from "./evidence.ts";
import { runOrdered } from "./ordered.ts";
import type { PackageFiles } from "./package/files.ts";
import { compileLimits, testLimits } from "./package/limits.ts";
import type { PlacedFile, ProblemPackage, TestCase } from "./package/types.ts";
import type { PreparedJudge } from "./prepared-judge.ts";
import { judgeTest } from "./test-run.ts";

export interface JudgeContext {
  readonly package: ProblemPackage;
  readonly packageFiles: PackageFiles;
  readonly files: readonly SourceFile[];
  readonly language: Language;
  readonly sandbox: Sandbox;
  /** Null: what is compiled is forgotten with the job. */
  readonly compiled: CompileCache | null;
  readonly mode: JudgeMode;
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
 * Judges a submission: compiles it once, runs the tests in parallel, compares.
 *
 * Results and events come in the order of the package and don't depend on `parallel`. The verdict is
 * that of the first test that is not accepted, in either mode, or IE if the platform failed any. Throws the signal's reason when
 * cancelled, and SandboxError when the platform can't go on; neither is ever a verdict.
 */
export const judgeSubmission = async (context: JudgeContext): Promise<JudgeResult> => {
  const refusal = refusalOf(context);
  if (refusal !== null) return compileError(context, null, refusal);

  const request = await compileRequest(context);
  let compilation = await compile(request);
  if (compilation.report !== null) context.onEvent({ type: "compile", report: compilation.report });
  const tests: TestResult[] = [];
  for (let retried = false; ; retried = true) {
    if (!compilation.succeeded) return failedCompilation(context, request, compilation.report);
    const { program } = compilation;
    try {
      await runTests(context, program, tests);
      return resultOf(context, compilation.report, tests);
    } catch (error) {
      // The artifact fell out of the cache or went with a restarted sandboxd: make it again, and go
      // on behind the tests that were handed over already.
      if (!isArtifactLost(error) || retried) throw error;
      context.compiled?.drop(compileKey(request), program);
      compilation = await compile(request);
    } finally {
      if (context.compiled === null) await forgetProgram(context.sandbox, program);
    }
  }
};

/** Why the submission may not even be compiled, or null. */
const refusalOf = ({ package: problem, files, language }: JudgeContext): string | null => {
  if (problem.languages !== "all" && !problem.languages.includes(language.id)) {
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

const includesOf = ({ includes }: ProblemPackage, language: Language): readonly PlacedFile[] =>
  includes[language.id] ?? includes["default"] ?? [];

const compileRequest = async (context: JudgeContext): Promise<CompileRequest> => {
  const { limits } = context.package;
  const extra: InputFile[] = [];
  for (const { packagePath, path } of includesOf(context.package, context.language)) {
    extra.push({ path, content: await context.packageFiles.read(packagePath) });
  }
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

/** Runs the tests behind those in `tests` and appends their results. */
const runTests = async (context: JudgeContext, program: Program, tests: TestResult[]): Promise<void> => {
  const { package: problem, mode } = context;
  const isLast = ({ verdict }: TestResult): boolean =>
    verdict === "IE" || (mode === "first_failure" && verdict !== "AC");
  await runOrdered<TestCase, TestResult>({
    items: problem.tests.slice(tests.length),
    parallel: context.parallel,
    signal: context.signal,
    run: async (test, signal) => {
      const tested = { ...context, judge: noPrograms, presentationErrors: problem.presentationErrors };
      return (await judgeTest(tested, program, test, testLimits(problem.limits), signal)).result;
    },
    stopAt: isLast,
    onResult: (result) => {
      tests.push(result);
      context.onEvent({ type: "test", result, done: tests.length, total: problem.tests.length });
    },
  });
};

/** Outputs are compared. */
const noPrograms: PreparedJudge = {
  outputValidators: [],
  staticValidator: null,
  grader: ({ path }) => {
    throw new Error(`no grader ${path} was prepared`);
  },
  async [Symbol.asyncDispose]() {},
};

const resultOf = (
  context: JudgeContext,
  report: CompileReport | null,
  tests: readonly TestResult[],
): JudgeResult => {
  const total = context.package.tests.length;
  // A test that the platform failed leaves the whole result open, whatever the tests before it say.
  const failed = tests.find((test) => test.verdict === "IE") ?? tests.find((test) => test.verdict !== "AC");
  const evidence: Evidence =
    failed === undefined
      ? {
          text: `all ${total} tests accepted`,
          outcome: null,
          limits: testLimits(context.package.limits),
        }
      : { ...failed.evidence, text: `test ${failed.name}: ${failed.evidence.text}` };
  return judgeResult(context, failed?.verdict ?? "AC", report, tests, evidence);
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
    ? judgeResult(context, "IE", report, [], evidence)
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
    "CE",
    report,
    [],
    typeof evidence === "string" ? { text: evidence, outcome: null, limits: null } : evidence,
  );

const judgeResult = (
  context: JudgeContext,
  verdict: Verdict,
  compile: CompileReport | null,
  tests: readonly TestResult[],
  evidence: Evidence,
): JudgeResult => ({
  kind: "judge",
  verdict,
  fault: faultOf(verdict),
  score: null,
  maxScore: null,
  passed: tests.filter((test) => test.verdict === "AC").length,
  total: context.package.tests.length,
  tests: [...tests],
  groups: [],
  cpuMs: Math.max(0, ...tests.map((test) => test.cpuMs)),
  wallMs: Math.max(0, ...tests.map((test) => test.wallMs)),
  memoryBytes: Math.max(0, ...tests.map((test) => test.memoryBytes)),
  compile,
  speedFactor: null,
  evidence,
  provenance: { ...context.provenance, isolation: [...context.sandbox.isolation] },
});
