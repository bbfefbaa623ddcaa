import { faultOf } from "@assay/contracts";
import type { Limits, Outcome, TestResult, Verdict } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { captured, standardStreams } from "@assay/sandbox";
import type { BoxFile, Sandbox } from "@assay/sandbox";
import { asArgv, limitsOfBox } from "./compile.ts";
import type { Program } from "./compile.ts";
import { describeOutcome } from "./evidence.ts";
import { loadOf, measureLoad } from "./machine-load.ts";
import type { PackageFiles } from "./package/files.ts";
import type { TestCase } from "./package/types.ts";
import { compareOutput } from "./validators/default.ts";
import { defaultValidatorFlags } from "./validators/flags.ts";
import { graceMs } from "./timing/disturbance.ts";
import { verdictOf } from "./verdict.ts";

interface TestContext {
  readonly packageFiles: PackageFiles;
  readonly language: Language;
  readonly sandbox: Sandbox;
  readonly revealAnswers: boolean;
  readonly provenance: { readonly image: { readonly digest: string } };
}

/** Runs one test in a fresh box and says what is to be said of it. */
export const runTest = async (
  context: TestContext,
  program: Program,
  test: TestCase,
  limits: Limits,
  signal: AbortSignal,
): Promise<TestResult> => {
  const { packageFiles, language, sandbox } = context;
  const placed: BoxFile[] = [...program.files];
  for (const { packagePath, path } of test.files) {
    placed.push({ path, mode: 0o644, content: await packageFiles.read(packagePath) });
  }
  const command = language.run(program.paths, test.args);
  const argv = asArgv(command.argv);
  const load = measureLoad();
  const report = await sandbox.run(
    {
      image: context.provenance.image.digest,
      argv,
      env: command.env,
      limits: limitsOfBox({ ...limits, cpuMs: limits.cpuMs + graceMs(limits.cpuMs) }, program, placed),
      fds: standardStreams({
        stdin: await packageFiles.read(test.inputPath),
        outputBytes: limits.outputBytes,
        onOutputLimit: "stop",
      }),
      base: program.artifact?.id ?? null,
      files: placed,
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: true,
    },
    { signal },
  );
  signal.throwIfAborted();

  const { outcome } = report;
  // What a program says on stderr may be a secret test's input, so it is told like the answers.
  const mayShow = test.sample || context.revealAnswers;
  let verdict: Verdict | null = verdictOf(outcome, limits, isOwnProgram(argv[0]));
  let text = describeOutcome(outcome, limits, mayShow ? captured(report, 2) : null, loadOf(outcome, load));
  if (verdict === "IE" && outcome.status === "exited") text = "the sandbox lost output of the program";
  if (verdict === null) {
    const comparison = compareOutput(
      await packageFiles.read(test.answerPath),
      captured(report, 1),
      test.comparator.kind === "default" ? test.comparator.flags : defaultValidatorFlags,
    );
    verdict = comparison.accepted ? "AC" : "WA";
    if (comparison.accepted) text = "accepted";
    else text = mayShow ? comparison.judgeMessage : comparison.publicMessage;
  }
  return {
    name: test.name,
    verdict,
    fault: faultOf(verdict),
    cpuMs: outcome.cpuMs,
    wallMs: outcome.wallMs,
    memoryBytes: outcome.memoryBytes,
    evidence: { text, outcome, limits },
    score: null,
    maxScore: null,
    timeCause: verdict === "TLE" ? timeCauseOf(outcome) : null,
    passes: 1,
    sameAs: null,
    teamMessage: null,
    judgeMessage: null,
    timing: null,
  };
};

/** Interpreters stand in the image; what was compiled stands in the working directory. */
const isOwnProgram = (program: string): boolean => program.startsWith("/w/") || program.startsWith("./");

const timeCauseOf = ({ status }: Outcome): TestResult["timeCause"] => {
  if (status === "wall_limit") return "wall";
  return status === "idle_limit" ? "idle" : "cpu";
};
