import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { compile, compileKey, forgetProgram, isArtifactLost } from "../compile.ts";
import type { CompileCache, CompileRequest, InputFile, Program } from "../compile.ts";
import { describeOutcome, errorLine } from "../evidence.ts";
import { JudgeError } from "../judge-error.ts";
import { NotHere } from "../not-here.ts";
import type { PackageFiles } from "../package/files.ts";
import { compileLimits } from "../package/limits.ts";
import type { PackageProgram, ProblemLimits } from "../package/types.ts";
import type { Toolbox, Tools } from "../toolbox.ts";
import { scriptTools } from "./scripts.ts";

/** What it takes to make the programs of a package ready. */
export interface ProgramContext {
  readonly packageFiles: PackageFiles;
  readonly limits: ProblemLimits;
  readonly toolbox: Toolbox;
  readonly sandbox: Sandbox;
  /** Null: what is compiled is forgotten when the tool is disposed of. */
  readonly compiled: CompileCache | null;
  readonly signal: AbortSignal;
}

/** A program of a package that is ready to run, any number of times and at once. */
export interface PackageTool extends AsyncDisposable {
  /** Path in the package. */
  readonly path: string;
  /** Digest of the image in which it runs. */
  readonly image: string;
  readonly language: Language;
  /** What must be in its box now; another one after `remake`. */
  readonly program: Program;
  /** Compiles again what a sandbox has forgotten. Does nothing when that was done already. */
  remake(lost: Program): Promise<void>;
}

/**
 * Compiles a program of a package.
 *
 * Throws JudgeError when it does not compile, NotHere when this machine has not the language, and what
 * `compile` throws.
 */
export const prepareTool = async (context: ProgramContext, source: PackageProgram): Promise<PackageTool> => {
  const files = await filesOf(context.packageFiles, source);
  const { language, image } = await toolsFor(context.toolbox, source, files);
  const request: CompileRequest = {
    language,
    image,
    sources: [],
    extra: files,
    limits: compileLimits(context.limits),
    sandbox: context.sandbox,
    cache: context.compiled,
    signal: context.signal,
  };
  let program = await compileTool(source.path, request);
  let remaking: Promise<void> | null = null;
  const makeAgain = async (lost: Program): Promise<void> => {
    context.compiled?.drop(compileKey(request), lost);
    program = await compileTool(source.path, request);
  };
  return {
    path: source.path,
    image,
    language,
    get program() {
      return program;
    },
    async remake(lost) {
      if (program !== lost) return;
      remaking ??= makeAgain(lost).finally(() => {
        remaking = null;
      });
      await remaking;
    },
    async [Symbol.asyncDispose]() {
      if (context.compiled === null) await forgetProgram(context.sandbox, program);
    },
  };
};

/**
 * Tries what these tools are needed for, once more with all of them made again when the sandbox had lost
 * something. What is lost then is not theirs, and the caller's to make again.
 */
export const withTools = async <Result>(
  tools: readonly PackageTool[],
  attempt: () => Promise<Result>,
): Promise<Result> => {
  const used = tools.map((tool) => ({ tool, program: tool.program }));
  try {
    return await attempt();
  } catch (error) {
    if (tools.length === 0 || !isArtifactLost(error)) throw error;
    for (const { tool, program } of used) await tool.remake(program);
    return await attempt();
  }
};

const filesOf = async (packageFiles: PackageFiles, source: PackageProgram): Promise<InputFile[]> => {
  const files: InputFile[] = [];
  // A package has lost by now which of its files were executable; scripts may call any of theirs.
  const mode = source.kind.how === "scripts" ? 0o755 : 0o644;
  for (const { packagePath, path } of source.files) {
    files.push({ path, content: await packageFiles.read(packagePath), mode });
  }
  return files;
};

const toolsFor = async (
  toolbox: Toolbox,
  { kind, path }: PackageProgram,
  files: readonly InputFile[],
): Promise<Tools> => {
  if (kind.how === "language") {
    const tools = await toolbox.toolsFor(kind.language);
    if (tools === null)
      throw new NotHere(`this machine can't run ${kind.language}, which ${path} needs`, kind.language);
    return tools;
  }
  const texts = files
    .filter((file) => file.path === "build" || file.path === "run")
    .map(({ content }) => Buffer.from(content).toString("latin1"));
  const paths = files.map((file) => file.path);
  const tools = await scriptTools(toolbox, paths, texts, kind.hasBuild);
  if (tools === null) throw new NotHere(`this machine has no image in which ${path} could be built`);
  return tools;
};

const compileTool = async (path: string, request: CompileRequest): Promise<Program> => {
  const compilation = await compile(request);
  if (compilation.succeeded) return compilation.program;
  const { report } = compilation;
  const { outcome } = report;
  const text = describeOutcome(outcome, request.limits, null);
  // The machine's own failure is nobody's verdict.
  if (outcome.status === "platform") throw new NotHere(`${path} can't be compiled here: ${text}`);
  const said = outcome.status === "exited" ? (errorLine(report.output) ?? text) : text;
  const evidence = { text: `${path} does not compile: ${said}`, outcome, limits: request.limits };
  throw new JudgeError(path, evidence, report);
};
