import type { LiveRun, RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import type { PipeMap } from "../model/request.ts";
import { isStreamed, type Plan } from "./plan.ts";

/** A program on its way: with its streams if it has any, and its report. */
export interface Launched {
  readonly live: LiveRun | null;
  readonly report: Promise<RunReport>;
}

/**
 * Starts programs together.
 *
 * @throws SandboxError, or the signal's reason when it aborts before they start
 */
export async function launch(
  sandbox: Sandbox,
  plans: readonly Plan[],
  specs: readonly RunSpec[],
  signal: AbortSignal,
): Promise<Launched[]> {
  const [plan, ...others] = plans;
  const [spec] = specs;
  if (plan === undefined || spec === undefined) return [];
  if (others.length > 0) return (await sandbox.session(specs, { signal })).map(launched);
  if (isStreamed(plan)) return [launched(await sandbox.open(spec, { signal }))];
  return [{ live: null, report: sandbox.run(spec, { signal }) }];
}

const launched = (live: LiveRun): Launched => ({ live, report: live.report });

/**
 * What stands in for pipes whose other end does not run: nothing to read, and nobody who would read.
 * `isRunning` is by the index of a command.
 */
export function withoutAbsent(
  spec: RunSpec,
  pipes: readonly PipeMap[],
  isRunning: readonly boolean[],
): RunSpec {
  const fds = spec.fds.map((fd): RunSpec["fds"][number] => {
    if (fd.kind === "pipe-read" && isRunning[pipes[fd.pipe]?.in.index ?? -1] !== true)
      return { kind: "null" };
    if (fd.kind === "pipe-write" && isRunning[pipes[fd.pipe]?.out.index ?? -1] !== true)
      return { kind: "capture", maxBytes: fd.recordBytes, onLimit: "discard" };
    return fd;
  });
  return { ...spec, fds };
}
