import { constants } from "node:os";
import type { JobEventBody, JobInputBody, Limits, RunOptions } from "@assay/contracts";
import type { BoxFd } from "@assay/sandbox";
import { SandboxError } from "@assay/sandbox";
import type { LiveRun, RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import { OutputTeller } from "./output-teller.ts";

/** A run whose output was read as it came. */
export interface WatchedReport extends RunReport {
  /** Both streams in the order in which their pieces came. */
  readonly interleaved: Uint8Array;
}

/** What is said to a run while it goes on, in order; ends when nobody will say anything more. */
export type RunInput = (signal: AbortSignal) => AsyncIterable<JobInputBody>;

export interface Watching {
  /** Null: standard input is what the spec has. */
  readonly input: RunInput | null;
  readonly onEvent: (event: JobEventBody) => void;
  readonly signal: AbortSignal;
}

/** The usual three descriptors as streams; standard input has these bytes, or is null for one that is talked to. */
export function watchedStreams(
  stdin: Uint8Array | null,
  limits: Pick<Limits, "outputBytes">,
  options: Pick<RunOptions, "stderrToStdout" | "stopAtOutputLimit">,
): BoxFd[] {
  const output: BoxFd = {
    kind: "output",
    maxBytes: limits.outputBytes,
    onLimit: options.stopAtOutputLimit ? "stop" : "discard",
  };
  return [
    stdin === null
      ? { kind: "input" }
      : stdin.byteLength === 0
        ? { kind: "null" }
        : { kind: "content", content: stdin },
    output,
    options.stderrToStdout ? { kind: "same", fd: 1 } : output,
  ];
}

/**
 * Runs a program and reads its streams while it runs.
 *
 * Two pipes have no common order: what a program writes to both within one look of sandboxd may come
 * in another order than it was written in.
 *
 * @throws SandboxError, and what `input` throws
 */
export async function watchRun(sandbox: Sandbox, spec: RunSpec, watching: Watching): Promise<WatchedReport> {
  await using live = await sandbox.open(spec, { signal: watching.signal });
  const teller = watching.input === null ? null : new OutputTeller(watching.onEvent);
  const pieces: { readonly fd: number; readonly bytes: Buffer }[] = [];
  const read = async (fd: number, stream: "stdout" | "stderr"): Promise<void> => {
    for await (const piece of live.output(fd)) {
      const bytes = Buffer.from(piece);
      pieces.push({ fd, bytes });
      teller?.push(stream, bytes);
    }
  };
  const over = new AbortController();
  const reading = [read(1, "stdout")];
  if (spec.fds[2]?.kind === "output") reading.push(read(2, "stderr"));
  const talking = watching.input === null ? null : talk(live, watching.input(over.signal));
  try {
    // Whoever can't be heard any more must not leave a program that waits for him.
    const failed = talking === null ? [] : [talking.then(() => live.report)];
    await Promise.race([live.report, ...failed]);
    const report = await live.report;
    await Promise.all(reading);
    const kept = (fd: number): Buffer =>
      Buffer.concat(pieces.filter((piece) => piece.fd === fd).map(({ bytes }) => bytes));
    const fds = report.fds.map((one, fd) => (fd === 1 || fd === 2 ? { ...one, content: kept(fd) } : one));
    return { ...report, fds, interleaved: Buffer.concat(pieces.map(({ bytes }) => bytes)) };
  } finally {
    over.abort();
    live.cancel();
    await Promise.allSettled(reading);
    teller?.end();
    await talking?.catch(() => undefined);
  }
}

/**
 * Hands on what is said. Writes are not waited for, so that a signal reaches a program which reads
 * nothing; how much may be said is whoever's business who takes it in.
 */
async function talk(live: LiveRun, input: AsyncIterable<JobInputBody>): Promise<void> {
  for await (const said of input) {
    if (said.type === "stdin") live.write(0, Buffer.from(said.base64, "base64")).catch(ignoreSandbox);
    else if (said.type === "end") live.end(0);
    else if (said.signal in constants.signals) live.signal(said.signal);
  }
}

/** The run's own report tells of it. */
function ignoreSandbox(error: unknown): void {
  if (!(error instanceof SandboxError)) throw error;
}
