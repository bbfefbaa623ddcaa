import type { SourceFile } from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { compile } from "./compile.ts";
import type { CompileCache, Program } from "./compile.ts";
import type { JudgedTest } from "./judged-test.ts";
import { includesOf, readPlaced } from "./included.ts";
import { testLimits, compileLimits } from "./package/limits.ts";
import { memoryFiles } from "./package/memory-files.fixture.ts";
import { parsePackage } from "./package/parse.ts";
import type {
  PackageProgram,
  ProblemLimits,
  ProblemPackage,
  ProblemType,
  TestCase,
} from "./package/types.ts";
import { prepareJudge } from "./prepared-judge.ts";
import { judgeTest } from "./test-run.ts";
import type { TestContext } from "./test-run.ts";
import type { Tools } from "./toolbox.ts";

/** A problem with programs of its own, and what a test wants to change of it. */
export interface ProblemFixture {
  /** Files beside a pass-fail problem with one secret test. */
  readonly tree?: Readonly<Record<string, string>>;
  readonly type?: Partial<ProblemType>;
  readonly formatVersion?: ProblemPackage["formatVersion"];
  readonly limits?: Partial<ProblemLimits>;
  readonly validation?: Partial<ProblemLimits["validation"]>;
  /** Sources of output validators in `language`. */
  readonly validators?: readonly string[];
  /** Programs as a parser would give them, instead of `validators`. */
  readonly outputValidators?: readonly PackageProgram[];
  readonly staticValidator?: PackageProgram;
  readonly test?: Partial<TestCase>;
}

/** Where it runs. */
export interface Place {
  readonly sandbox: Sandbox;
  readonly tools: Tools;
  readonly validatorTools?: Tools;
  readonly compiled?: CompileCache | null;
}

const types: ProblemType = { scoring: false, interactive: false, multiPass: false, submitAnswer: false };

const baseTree: Readonly<Record<string, string>> = {
  "problem.yaml": "name: Fixture\nlimits:\n  memory: 64\n  output: 1\n",
  ".timelimit": "1",
  "data/secret/1.in": "secret-input\n",
  "data/secret/1.ans": "secret-answer\n",
};

export interface JudgeOptions {
  readonly files?: readonly SourceFile[];
  readonly revealAnswers?: boolean;
  readonly signal?: AbortSignal;
}

/** Everything up to the tests, for those that want to look into it. */
export const contextOf = async (
  place: Place,
  fixture: ProblemFixture,
  files: readonly SourceFile[],
  { revealAnswers = true, signal = new AbortController().signal }: JudgeOptions = {},
): Promise<TestContext & AsyncDisposable> => {
  const { tools, validatorTools = tools, sandbox, compiled = null } = place;
  const validatorFile = validatorTools.language.defaultSource;
  const validators = (fixture.validators ?? []).map((source, index) => ({
    path: `output_validators/v${index}`,
    source,
  }));
  const tree: Record<string, string> = { ...baseTree, ...fixture.tree };
  for (const { path, source } of validators) tree[`${path}/${validatorFile}`] = source;
  const packageFiles = memoryFiles(tree);
  const parsed = await parsePackage(memoryFiles(baseTree));
  const outputValidators = validators.map(({ path }): PackageProgram => ({
    path,
    files: [{ packagePath: `${path}/${validatorFile}`, path: validatorFile }],
    kind: { how: "language", language: validatorTools.language.id },
  }));
  const problem: ProblemPackage = {
    ...parsed,
    formatVersion: fixture.formatVersion ?? "legacy",
    type: { ...types, ...fixture.type },
    limits: {
      ...parsed.limits,
      // The machine may be busy: only tests that want to see the clock run out make it short.
      wallMs: 30_000,
      ...fixture.limits,
      validation: {
        ...parsed.limits.validation,
        memoryBytes: 64 << 20,
        cpuMs: 1000,
        wallMs: 30_000,
        outputBytes: 1 << 20,
        ...fixture.validation,
      },
    },
    outputValidators: fixture.outputValidators ?? outputValidators,
    staticValidator: fixture.staticValidator ?? null,
    tests: parsed.tests.map((test) => ({ ...test, ...fixture.test })),
  };
  const known = [tools, validatorTools];
  const toolbox = {
    toolsFor: (id: string): Tools | null => known.find(({ language }) => language.id === id) ?? null,
  };
  const judge = await prepareJudge({ package: problem, packageFiles, toolbox, sandbox, compiled, signal });
  return {
    package: problem,
    packageFiles,
    files,
    language: tools.language,
    sandbox,
    judge,
    revealAnswers,
    presentationErrors: false,
    provenance: { image: { digest: tools.image } },
    [Symbol.asyncDispose]: () => judge[Symbol.asyncDispose](),
  };
};

const compileFor = async (
  context: TestContext,
  { tools, sandbox }: Place,
  signal: AbortSignal,
): Promise<Program> => {
  const { package: problem, packageFiles, language, files } = context;
  const compilation = await compile({
    language,
    image: tools.image,
    sources: files,
    extra: await readPlaced(packageFiles, includesOf(problem, language)),
    limits: compileLimits(problem.limits),
    sandbox,
    cache: null,
    signal,
  });
  if (!compilation.succeeded) throw new Error(compilation.report.output);
  return compilation.program;
};

/** Judges one test with this submission; boxes, artifacts and all are gone afterwards. */
export const judgeOne = async (
  place: Place,
  fixture: ProblemFixture,
  submission: string,
  options: JudgeOptions = {},
): Promise<JudgedTest> => {
  const { signal = new AbortController().signal } = options;
  const files = options.files ?? [{ path: place.tools.language.defaultSource, content: submission }];
  await using context = await contextOf(place, fixture, files, options);
  const [test] = context.package.tests;
  if (test === undefined) throw new Error("the fixture has a test");
  const limits = testLimits(context.package.limits);
  if (context.package.type.submitAnswer) return await judgeTest(context, null, test, limits, signal);
  const program = await compileFor(context, place, signal);
  try {
    return await judgeTest(context, program, test, limits, signal);
  } finally {
    if (program.artifact !== null) await place.sandbox.forget(program.artifact.id);
  }
};

/** Tools of a language whose image a test has. */
export const toolsOf = (language: Language, image: string): Tools => ({ language, image });
