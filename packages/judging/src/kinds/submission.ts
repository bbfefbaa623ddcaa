import type { Limits, Outcome, TestResult, Verdict } from "@assay/contracts";
import { diagnoseRun } from "@assay/languages";
import type { Command } from "@assay/languages";
import type { BoxFd, BoxFile, RunSpec } from "@assay/sandbox";
import { limitsOfBox, writtenBytes } from "../box-limits.ts";
import { asArgv } from "../compile.ts";
import { asText } from "../output.ts";
import { memoryOfProgram } from "../overhead.ts";
import { describeOutcome, describeWritten } from "../evidence.ts";
import { readPlaced } from "../included.ts";
import { graceMs } from "../timing/disturbance.ts";
import { verdictOf } from "../verdict.ts";
import { mayShow } from "./context.ts";
import type { TestContext, TestRun } from "./context.ts";

/** What a submission's run says by itself. */
export interface SubmissionEnd {
  /** Null = its output decides. */
  readonly verdict: Verdict | null;
  readonly text: string;
  readonly timeCause: TestResult["timeCause"];
  /** What its standard error says of why it failed, where that may be shown; at most one. */
  readonly diagnostics: TestResult["diagnostics"];
}

/** A submission's box for one test, to be run with different descriptors and limits. */
export interface SubmissionBox {
  readonly spec: (fds: readonly BoxFd[], limits: Limits) => RunSpec;
  /** @param load how busy the machine was meanwhile; null = not known */
  readonly end: (outcome: Outcome, limits: Limits, stderr: Uint8Array, load: number | null) => SubmissionEnd;
}

const inBox = ({ argv, env }: Command): Pick<RunSpec, "argv" | "env"> => ({ argv: asArgv(argv), env });

export const submissionBox = async (run: TestRun): Promise<SubmissionBox> => {
  const { context, program, test } = run;
  const placed = await readPlaced(context.packageFiles, test.files);
  const files: BoxFile[] = [
    ...program.files,
    ...placed.map(({ path, content }) => ({ path, mode: 0o644, content })),
  ];
  const commandFor = (memoryBytes?: number) => context.language.run(program.paths, test.args, memoryBytes);
  const [started = ""] = commandFor().argv;
  return {
    spec: (fds, limits) => ({
      image: context.provenance.image.digest,
      ...inBox(commandFor(memoryOfProgram(limits, context.language))),
      // A little more CPU time, so that what is just too slow can be told from what never ends.
      limits: limitsOfBox(
        { ...limits, cpuMs: limits.cpuMs + graceMs(limits.cpuMs) },
        program.artifact,
        files,
      ),
      fds,
      base: program.artifact?.id ?? null,
      files,
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: true,
    }),
    end: (outcome, limits, stderr, load) => {
      const fileBytes = writtenBytes(outcome, program.artifact, files);
      const verdict = verdictOf(outcome, limits, isOwnProgram(started), fileBytes);
      const printed = outcome.stdoutBytes + outcome.stderrBytes;
      let text: string;
      if (verdict === "IE" && outcome.status === "exited") text = "the sandbox lost output of the program";
      else if (verdict === "OLE" && printed <= limits.outputBytes) {
        text = describeWritten(printed, fileBytes, limits);
      } else {
        // What a program says on stderr may be a secret test's input, so it is told like the answers.
        text = describeOutcome(outcome, limits, mayShow(context, test) ? stderr : null, load);
      }
      return {
        verdict,
        text,
        timeCause: verdict === "TLE" ? timeCauseOf(outcome) : null,
        diagnostics: verdict !== null && mayShow(context, test) ? whyFailed(context, outcome, stderr) : [],
      };
    },
  };
};

const whyFailed = (context: TestContext, outcome: Outcome, stderr: Uint8Array): TestResult["diagnostics"] =>
  diagnoseRun(context.language.messages, outcome, asText(stderr), context.files).slice(0, 1);

/** Interpreters stand in the image; what was compiled stands in the working directory. */
const isOwnProgram = (program: string): boolean => program.startsWith("/w/") || program.startsWith("./");

const timeCauseOf = ({ status }: Outcome): TestResult["timeCause"] => {
  if (status === "wall_limit") return "wall";
  return status === "idle_limit" ? "idle" : "cpu";
};
