import type { RunResult } from "@assay/contracts";
import { isCompiled } from "../compatible/catalogue.ts";
import { stagesOf } from "../compatible/stages.ts";
import type { Stage } from "../compatible/stages.ts";
import { sameOutput } from "./compare.ts";
import { failedCompile } from "./multi-file.ts";
import { status, statusOfSignal } from "./statuses.ts";
import type { StatusId } from "./statuses.ts";
import type { Stored } from "./store.ts";

/** What became of a submission, as Judge0 tells it; null where there is nothing to tell. */
export interface Told {
  readonly status: StatusId;
  readonly stdout: Buffer | null;
  readonly stderr: Buffer | null;
  readonly compileOutput: Buffer | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly exitSignal: number | null;
  /** Seconds with three digits. */
  readonly time: string | null;
  readonly wallTime: string | null;
  /** KB. */
  readonly memory: number | null;
}

const untold = {
  stdout: null,
  stderr: null,
  compileOutput: null,
  message: null,
  exitCode: null,
  exitSignal: null,
  time: null,
  wallTime: null,
  memory: null,
};

/** How a bash that ran the program reports its death by SIGKILL; clients know memory limits by it. */
const killedCode = 137;

export function tell(stored: Stored): Told {
  switch (stored.state) {
    case "queued":
      return { ...untold, status: status.inQueue };
    case "leased":
    case "running":
      return { ...untold, status: status.processing };
    case "failed":
      return { ...untold, status: status.internalError, message: stored.failure?.message ?? null };
    case "cancelled":
      return { ...untold, status: status.internalError, message: "the submission was withdrawn" };
    case "completed":
      return stored.result?.kind === "run"
        ? tellResult(stored, stored.result)
        : { ...untold, status: status.internalError, message: "the job is no run" };
  }
}

function tellResult({ request }: Stored, result: RunResult): Told {
  const { compile, run } = stagesOf(result, isCompiled(result.provenance.language.id));
  const compileOutput = compile === null ? null : orNull(compile.stderr);
  if (run === null) return { ...untold, status: status.compilationError, compileOutput };
  const failed = failedCompile(request.mark, request.redirectStderr ? run.stdout : run.stderr);
  if (failed !== null) return { ...untold, status: status.compilationError, compileOutput: orNull(failed) };
  const taken = average(result, run);
  return {
    ...how(run, request),
    stdout: orNull(run.stdout),
    stderr: orNull(run.stderr),
    compileOutput,
    time: seconds(taken.cpuMs),
    wallTime: seconds(taken.wallMs),
    memory: Math.round(taken.memoryBytes / 1024),
  };
}

const told = (id: StatusId, message: string | null, exitCode: number | null, exitSignal: number | null) => ({
  status: id,
  message,
  exitCode,
  exitSignal,
});

const exited = (code: number) => told(status.nonZeroExit, `Exited with error status ${code}`, code, null);

function how(
  { ending, stdout, cpuMs }: Stage,
  { cpuTimeLimit, expectedOutputBase64 }: Stored["request"],
): Pick<Told, "status" | "message" | "exitCode" | "exitSignal"> {
  switch (ending.how) {
    case "timeout":
      return told(
        status.timeLimit,
        `Time limit exceeded${ending.clock === "wall" ? " (wall clock)" : ""}`,
        null,
        9,
      );
    case "memory":
      return exited(ending.code ?? killedCode);
    case "signalled":
      return told(statusOfSignal(ending.signal), `Caught fatal signal ${ending.number}`, null, ending.number);
    case "output":
      // There standard output is a file, and a file that grows too large ends its program.
      return told(statusOfSignal("SIGXFSZ"), "Caught fatal signal 25", null, 25);
    case "not-started":
      return told(status.execFormatError, ending.message, null, null);
    case "platform":
      return told(status.internalError, ending.message, null, null);
    case "exited":
      // The time beyond the limit only lets a program that is nearly done end by itself.
      if (cpuMs > cpuTimeLimit * 1000)
        return told(status.timeLimit, "Time limit exceeded", ending.code, null);
      if (ending.code !== 0) return exited(ending.code);
      return told(
        expectedOutputBase64 === null || sameOutput(Buffer.from(expectedOutputBase64, "base64"), stdout)
          ? status.accepted
          : status.wrongAnswer,
        null,
        0,
        null,
      );
  }
}

/** Over all runs of the program where several were asked for. */
function average({ repeats }: RunResult, { cpuMs, wallMs, memoryBytes }: Stage) {
  const all = repeats.length === 0 ? [{ cpuMs, wallMs, memoryBytes }] : repeats;
  const mean = (of: (one: (typeof all)[number]) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    cpuMs: mean((one) => one.cpuMs),
    wallMs: mean((one) => one.wallMs),
    memoryBytes: mean((one) => one.memoryBytes),
  };
}

const orNull = (bytes: Buffer): Buffer | null => (bytes.length === 0 ? null : bytes);
const seconds = (ms: number): string => (ms / 1000).toFixed(3);
