import type { RunResult } from "@assay/contracts";
import { stagesOf } from "../compatible/stages.ts";
import type { Ending, Stage } from "../compatible/stages.ts";
import type { Prepared } from "./request.ts";

/** How a stage ended, in Piston's words. */
export interface StageEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly message: string | null;
  readonly status: "RE" | "SG" | "TO" | "OL" | "EL" | "XX" | null;
}

/** What ends a program at a limit. */
const killed = "SIGKILL";

export function endOf(ending: Ending): StageEnd {
  const stopped = (status: StageEnd["status"], message: string): StageEnd => ({
    code: null,
    signal: killed,
    message,
    status,
  });
  switch (ending.how) {
    case "exited":
      return ending.code === 0
        ? { code: 0, signal: null, message: null, status: null }
        : {
            code: ending.code,
            signal: null,
            message: `Exited with error status ${ending.code}`,
            status: "RE",
          };
    case "signalled":
      return {
        code: null,
        signal: ending.signal,
        message: `Caught fatal signal ${ending.number}`,
        status: "SG",
      };
    case "memory":
      return ending.code === null
        ? stopped("SG", "Caught fatal signal 9")
        : endOf({ how: "exited", code: ending.code });
    case "timeout":
      return stopped("TO", `Time limit exceeded${ending.clock === "wall" ? " (wall clock)" : ""}`);
    case "output":
      return stopped(ending.stream === "stdout" ? "OL" : "EL", `${ending.stream} length exceeded`);
    case "not-started":
    case "platform":
      return { code: null, signal: null, message: ending.message, status: "XX" };
  }
}

const presentStage = (stage: Stage) => ({
  stdout: stage.stdout.toString(),
  stderr: stage.stderr.toString(),
  output: stage.output.toString(),
  ...endOf(stage.ending),
  cpu_time: Math.round(stage.cpuMs),
  wall_time: Math.round(stage.wallMs),
  memory: Math.round(stage.memoryBytes),
});

/** The answer to an execution; a failed compilation stands in the place of the run as well. */
export function presentResult(result: RunResult, { runtime, isCompiled }: Prepared) {
  const stages = stagesOf(result, isCompiled);
  const compile = stages.compile === null ? null : presentStage(stages.compile);
  const run = stages.run === null ? compile : presentStage(stages.run);
  return {
    language: runtime.language,
    version: runtime.version,
    run,
    ...(compile === null ? {} : { compile }),
  };
}
