import { constants } from "node:os";
import type { CapturedOutput, CompileReport, Outcome, RunResult } from "@assay/contracts";

/** How one stage of a run ended, in the terms that other systems tell it in. */
export type Ending =
  | { readonly how: "exited"; readonly code: number }
  | { readonly how: "signalled"; readonly signal: string; readonly number: number }
  /** Out of memory; with the code of a program that gave up by itself. */
  | { readonly how: "memory"; readonly code: number | null }
  | { readonly how: "timeout"; readonly clock: "cpu" | "wall" }
  | { readonly how: "output"; readonly stream: "stdout" | "stderr" }
  | { readonly how: "not-started"; readonly message: string }
  | { readonly how: "platform"; readonly message: string };

/** A stage with what it wrote. Times in ms, memory in bytes. */
export interface Stage {
  readonly ending: Ending;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Both in the order in which they came; of a compiler, standard output first. */
  readonly output: Buffer;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryBytes: number;
}

export interface Stages {
  /** Null for a language that has no compiler in the other systems' eyes. */
  readonly compile: Stage | null;
  /** Null when compilation failed. */
  readonly run: Stage | null;
}

const nothing = Buffer.alloc(0);

const bytesOf = ({ text, base64 }: CapturedOutput): Buffer =>
  base64 === null ? Buffer.from(text) : Buffer.from(base64, "base64");

const signalNumber = (name: string): number =>
  Object.entries(constants.signals).find(([known]) => known === name)?.[1] ?? 0;

/**
 * The stages of a run. Other systems compile no scripts: where we check one before it runs and find it
 * broken, they start it and it fails with the same words, so that is how it is told.
 */
export function stagesOf(result: RunResult, compiled: boolean): Stages {
  const check = result.compile === null ? null : compileStage(result.compile);
  const run = result.outcome === null ? null : runStage(result, result.outcome);
  if (compiled) return { compile: check, run };
  return { compile: null, run: run ?? check };
}

/** What a compiler did. */
export const compileStage = ({ output, outcome, succeeded }: CompileReport): Stage => ({
  // What was compiled too large to be kept exited with 0 and is no program all the same.
  ending:
    !succeeded && outcome.status === "exited" && outcome.exitCode === 0
      ? { how: "exited", code: 1 }
      : endingOf(outcome),
  stdout: nothing,
  stderr: Buffer.from(output),
  output: Buffer.from(output),
  ...usageOf(outcome),
});

function runStage(result: RunResult, outcome: Outcome): Stage {
  const [stdout, stderr] = [bytesOf(result.stdout), bytesOf(result.stderr)];
  const { interleaved } = result;
  const output = interleaved === null ? Buffer.concat([stdout, stderr]) : bytesOf(interleaved);
  return { ending: endingOf(outcome), stdout, stderr, output, ...usageOf(outcome) };
}

const usageOf = ({ cpuMs, wallMs, memoryBytes }: Outcome) => ({ cpuMs, wallMs, memoryBytes });

function endingOf(outcome: Outcome): Ending {
  switch (outcome.status) {
    case "exited":
      return { how: "exited", code: outcome.exitCode ?? 0 };
    case "signalled":
      return signalled(outcome.signal ?? "SIGKILL");
    case "file_limit":
      return signalled("SIGXFSZ");
    case "refused_syscall":
      return signalled("SIGSYS");
    case "process_limit":
      return signalled("SIGKILL");
    case "memory_limit":
      return { how: "memory", code: outcome.exitCode };
    case "cpu_limit":
      return { how: "timeout", clock: "cpu" };
    case "wall_limit":
    case "idle_limit":
      return { how: "timeout", clock: "wall" };
    case "output_limit":
      return { how: "output", stream: outcome.stdoutTruncated ? "stdout" : "stderr" };
    case "start_failed":
      return { how: "not-started", message: outcome.message ?? "the program could not be started" };
    case "cancelled":
    case "platform":
      return { how: "platform", message: outcome.message ?? "the platform failed" };
  }
}

const signalled = (signal: string): Ending => ({ how: "signalled", signal, number: signalNumber(signal) });
