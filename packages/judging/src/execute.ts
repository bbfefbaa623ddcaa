import type {
  CompileReport,
  JobEventBody,
  Limits,
  Provenance,
  RunResult,
  SourceFile,
} from "@assay/contracts";
import { defaultCompileLimits } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { captured, standardStreams } from "@assay/sandbox";
import type { RunReport, Sandbox } from "@assay/sandbox";
import { asArgv, compile, compileKey, forgetProgram, isArtifactLost, limitsOfBox } from "./compile.ts";
import type { CompileCache, CompileRequest, InputFile, Program } from "./compile.ts";
import { describeOutcome } from "./evidence.ts";
import { loadOf, measureLoad } from "./machine-load.ts";
import { capturedOutput } from "./output.ts";

export interface ExecuteContext {
  readonly files: readonly SourceFile[];
  /** Files that the program finds in its working directory; the compiler does not see them. */
  readonly dataFiles: readonly InputFile[];
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly limits: Limits;
  /** Otherwise fork fails at the process limit, and the program goes on. */
  readonly stopAtProcessLimit: boolean;
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
export const executeProgram = async (context: ExecuteContext): Promise<RunResult> => {
  const request: CompileRequest = {
    language: context.language,
    image: context.provenance.image.digest,
    sources: context.files,
    extra: [],
    limits: defaultCompileLimits,
    sandbox: context.sandbox,
    cache: context.compiled,
    signal: context.signal,
  };
  let compilation = await compile(request);
  if (compilation.report !== null) context.onEvent({ type: "compile", report: compilation.report });
  for (let retried = false; ; retried = true) {
    if (!compilation.succeeded) return notCompiled(context, compilation.report);
    const { program } = compilation;
    try {
      const report = await run(context, program);
      return runResult(context, compilation.report, report);
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
}

const run = async (context: ExecuteContext, program: Program): Promise<MeasuredRun> => {
  const command = context.language.run(program.paths, context.args);
  const load = measureLoad();
  const files = [
    ...program.files,
    ...context.dataFiles.map(({ path, content }) => ({ path, mode: 0o644, content })),
  ];
  const report = await context.sandbox.run(
    {
      image: context.provenance.image.digest,
      argv: asArgv(command.argv),
      env: command.env,
      limits: limitsOfBox(context.limits, program.artifact, files),
      fds: standardStreams({
        stdin: context.stdin,
        outputBytes: context.limits.outputBytes,
        onOutputLimit: "discard",
      }),
      base: program.artifact?.id ?? null,
      files,
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: context.stopAtProcessLimit,
    },
    { signal: context.signal },
  );
  context.signal.throwIfAborted();
  return { ...report, load: loadOf(report.outcome, load) };
};

const nothing = capturedOutput(new Uint8Array());

const notCompiled = (context: ExecuteContext, report: CompileReport): RunResult => ({
  kind: "run",
  compile: report,
  outcome: null,
  stdout: nothing,
  stderr: nothing,
  evidence: {
    text: `not compiled: ${describeOutcome(report.outcome, defaultCompileLimits, null)}`,
    outcome: report.outcome,
    limits: defaultCompileLimits,
  },
  provenance: provenanceOf(context),
});

const runResult = (
  context: ExecuteContext,
  compiled: CompileReport | null,
  report: MeasuredRun,
): RunResult => ({
  kind: "run",
  compile: compiled,
  outcome: report.outcome,
  stdout: capturedOutput(captured(report, 1)),
  stderr: capturedOutput(captured(report, 2)),
  evidence: {
    text: describeRun(report, context.limits),
    outcome: report.outcome,
    limits: context.limits,
  },
  provenance: provenanceOf(context),
});

/** Here more output than the limit is cut, not an error; everything else reads as in judging. */
const describeRun = (report: MeasuredRun, limits: Limits): string => {
  const { outcome, load } = report;
  const stderr = captured(report, 2);
  const text = describeOutcome(outcome, { ...limits, outputBytes: Number.MAX_SAFE_INTEGER }, stderr, load);
  const cut = [outcome.stdoutTruncated ? "stdout" : "", outcome.stderrTruncated ? "stderr" : ""].filter(
    Boolean,
  );
  return cut.length === 0 ? text : `${text}; ${cut.join(" and ")} cut at ${limits.outputBytes} bytes`;
};

const provenanceOf = (context: ExecuteContext): Provenance => ({
  ...context.provenance,
  isolation: [...context.sandbox.isolation],
});
