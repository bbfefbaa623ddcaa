import type {
  CompileReport,
  JobEventBody,
  Limits,
  Outcome,
  Provenance,
  RunOptions,
  RunResult,
  SourceFile,
} from "@assay/contracts";
import { defaultCompileLimits, plainRun } from "@assay/contracts";
import { diagnoseRun } from "@assay/languages";
import type { Language } from "@assay/languages";
import { captured, standardStreams } from "@assay/sandbox";
import type { BoxFd, RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import { limitsOfBox } from "./box-limits.ts";
import { asArgv, compile, compileKey, forgetProgram, isArtifactLost } from "./compile.ts";
import type { CompileCache, CompileRequest, InputFile, Program } from "./compile.ts";
import { describeOutcome } from "./evidence.ts";
import { watchRun, watchedStreams } from "./live/watched-run.ts";
import type { RunInput } from "./live/watched-run.ts";
import { loadOf, measureLoad } from "./machine-load.ts";
import { asText, capturedOutput } from "./output.ts";
import { memoryOfProgram, withOverhead } from "./overhead.ts";

export interface ExecuteContext {
  readonly files: readonly SourceFile[];
  /** Files that the program finds in its working directory; the compiler sees them only if the options say so. */
  readonly dataFiles: readonly InputFile[];
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly limits: Limits;
  /** Otherwise fork fails at the process limit, and the program goes on. */
  readonly stopAtProcessLimit: boolean;
  readonly options?: RunOptions;
  /** What is said to an interactive run. */
  readonly input?: RunInput;
  readonly language: Language;
  readonly sandbox: Sandbox;
  /** Null: what is compiled is forgotten with the job. */
  readonly compiled: CompileCache | null;
  readonly provenance: Omit<Provenance, "isolation">;
  readonly signal: AbortSignal;
  readonly onEvent: (event: JobEventBody) => void;
}

/**
 * Runs one program once, without a problem: compiles it, runs it, returns what it wrote.
 *
 * Output beyond the limit is discarded and flagged, the program goes on. Throws the signal's reason
 * when cancelled, and SandboxError when the platform can't go on.
 */
export const executeProgram = async (asked: ExecuteContext): Promise<RunResult> => {
  const context = { ...asked, limits: withOverhead(asked.limits, asked.language) };
  const options = context.options ?? plainRun;
  const request: CompileRequest = {
    language: context.language,
    image: context.provenance.image.digest,
    sources: context.files,
    extra: [],
    beside: options.dataFilesAtCompile ? context.dataFiles : [],
    options: options.compilerOptions,
    limits: options.compileLimits ?? defaultCompileLimits,
    sandbox: context.sandbox,
    cache: context.compiled,
    signal: context.signal,
  };
  let compilation = await compile(request);
  if (compilation.report !== null) context.onEvent({ type: "compile", report: compilation.report });
  for (let retried = false; ; retried = true) {
    if (!compilation.succeeded) return notCompiled(context, request.limits, compilation.report);
    const { program } = compilation;
    try {
      return runResult(context, compilation.report, await runAll(context, options, program));
    } catch (error) {
      // The artifact fell out of the cache or went with a restarted sandboxd: make it again.
      if (!isArtifactLost(error) || retried) throw error;
      context.compiled?.drop(compileKey(request), program);
      compilation = await compile(request);
    } finally {
      if (context.compiled === null) await forgetProgram(context.sandbox, program);
    }
  }
};

interface MeasuredRun extends RunReport {
  readonly load: number | null;
  /** Null unless the run was watched. */
  readonly interleaved: Uint8Array | null;
}

/** One run, or as many as were asked for; the last of these had to do what those before did. */
const runAll = async (
  context: ExecuteContext,
  options: RunOptions,
  program: Program,
): Promise<readonly MeasuredRun[]> => {
  const reports: MeasuredRun[] = [];
  for (;;) {
    const report = await run(context, options, program);
    const before = reports.at(-1);
    reports.push(report);
    const failed = report.outcome.status !== "exited" || report.outcome.exitCode !== 0;
    const differs = before !== undefined && Buffer.compare(captured(before, 1), captured(report, 1)) !== 0;
    if (reports.length >= options.repeat || failed || differs) return reports;
  }
};

const run = async (context: ExecuteContext, options: RunOptions, program: Program): Promise<MeasuredRun> => {
  const command = context.language.run(
    program.paths,
    context.args,
    memoryOfProgram(context.limits, context.language),
  );
  const load = measureLoad();
  const files = [
    ...program.files,
    ...context.dataFiles.map(({ path, content }) => ({ path, mode: 0o644, content })),
  ];
  const spec: RunSpec = {
    image: context.provenance.image.digest,
    argv: asArgv(command.argv),
    env: command.env,
    limits: limitsOfBox(context.limits, program.artifact, files),
    fds: descriptorsOf(context, options),
    base: program.artifact?.id ?? null,
    files,
    keep: null,
    collect: null,
    cpus: null,
    cpuRate: null,
    stopAtProcessLimit: context.stopAtProcessLimit,
  };
  const { signal, onEvent } = context;
  const report =
    options.streams === "captured"
      ? { ...(await context.sandbox.run(spec, { signal })), interleaved: null }
      : await watchRun(context.sandbox, spec, {
          input: options.streams === "interactive" ? (context.input ?? silence) : null,
          onEvent,
          signal,
        });
  signal.throwIfAborted();
  return { ...report, load: loadOf(report.outcome, load) };
};

/** Nobody says anything. */
async function* silence(): AsyncGenerator<never> {}

const descriptorsOf = ({ stdin, limits }: ExecuteContext, options: RunOptions): BoxFd[] => {
  if (options.streams !== "captured")
    return watchedStreams(options.streams === "interactive" ? null : stdin, limits, options);
  const fds = standardStreams({
    stdin,
    outputBytes: limits.outputBytes,
    onOutputLimit: options.stopAtOutputLimit ? "stop" : "discard",
  });
  return options.stderrToStdout ? [...fds.slice(0, 2), { kind: "same", fd: 1 }] : fds;
};

const nothing = capturedOutput(new Uint8Array());

/** Which calls a compiler that gave up had tried says nothing to whom it gave its reasons. */
const ofCompiler = (outcome: Outcome): Outcome =>
  outcome.status === "exited" ? { ...outcome, refusedSyscalls: [] } : outcome;

const notCompiled = (context: ExecuteContext, limits: Limits, report: CompileReport): RunResult => ({
  kind: "run",
  compile: report,
  outcome: null,
  stdout: nothing,
  stderr: nothing,
  diagnostics: [],
  interleaved: null,
  repeats: [],
  evidence: {
    text: `not compiled: ${describeOutcome(ofCompiler(report.outcome), limits, null)}`,
    outcome: report.outcome,
    limits,
  },
  provenance: provenanceOf(context),
});

const runResult = (
  context: ExecuteContext,
  compiled: CompileReport | null,
  reports: readonly MeasuredRun[],
): RunResult => {
  const report = reports.at(-1);
  if (report === undefined) throw new RangeError("a program runs at least once");
  // Another name of standard output has what that has, which need not be said twice.
  const merged = context.options?.stderrToStdout === true;
  return {
    kind: "run",
    compile: compiled,
    outcome: report.outcome,
    stdout: capturedOutput(captured(report, 1)),
    stderr: merged ? nothing : capturedOutput(captured(report, 2)),
    diagnostics: diagnoseRun(
      context.language.messages,
      report.outcome,
      asText(captured(report, merged ? 1 : 2)),
      context.files,
    ),
    interleaved: report.interleaved === null ? null : capturedOutput(report.interleaved),
    repeats:
      reports.length === 1
        ? []
        : reports.map(({ outcome: { cpuMs, wallMs, memoryBytes } }) => ({ cpuMs, wallMs, memoryBytes })),
    evidence: {
      text: describeRun(report, context.limits, context.options?.stopAtOutputLimit === true),
      outcome: report.outcome,
      limits: context.limits,
    },
    provenance: provenanceOf(context),
  };
};

/** Unless it had to stop there, more output than the limit is cut, not an error; everything else reads as in judging. */
const describeRun = (report: MeasuredRun, limits: Limits, stops: boolean): string => {
  const { outcome, load } = report;
  const stderr = captured(report, 2);
  const said = stops ? limits : { ...limits, outputBytes: Number.MAX_SAFE_INTEGER };
  const text = describeOutcome(outcome, said, stderr, load);
  if (stops) return text;
  const cut = [outcome.stdoutTruncated ? "stdout" : "", outcome.stderrTruncated ? "stderr" : ""].filter(
    Boolean,
  );
  return cut.length === 0 ? text : `${text}; ${cut.join(" and ")} cut at ${limits.outputBytes} bytes`;
};

const provenanceOf = (context: ExecuteContext): Provenance => ({
  ...context.provenance,
  isolation: [...context.sandbox.isolation],
});
