import type { Limits } from "@assay/contracts";
import type { BoxFd, BoxFile, RunSpec } from "@assay/sandbox";
import { limitsOfBox } from "../box-limits.ts";
import { asArgv } from "../compile.ts";
import type { Program } from "../compile.ts";
import type { PackageTool } from "./tool.ts";

/** One run of a package's program. */
export interface ToolRun {
  readonly tool: PackageTool;
  readonly args: readonly string[];
  /** Put into the box beside the program. */
  readonly files: readonly BoxFile[];
  readonly fds: readonly BoxFd[];
  readonly limits: Limits;
  /** What the work directory starts with instead of the program as it was compiled. */
  readonly base: Program["artifact"];
  /**
   * A shell script that starts the program, whose words are its "$@", or null when nothing has to be
   * done around it. It may change the directory: the program's own words are absolute.
   */
  readonly around: string | null;
  readonly keep: RunSpec["keep"];
  readonly collect: RunSpec["collect"];
}

/** The box of a package's program: untrusted like a submission's, and as fresh. */
export const toolSpec = (run: ToolRun): RunSpec => {
  const { language, program } = run.tool;
  const command = language.run(program.paths, [], run.limits.memoryBytes);
  const files = run.base === null ? [...program.files, ...run.files] : run.files;
  const base = run.base ?? program.artifact;
  const placed = files.reduce((sum, { content }) => sum + content.byteLength, base?.bytes ?? 0);
  const words = [...command.argv, ...run.args];
  return {
    image: run.tool.image,
    argv:
      run.around === null
        ? asArgv(words)
        : ["/bin/sh", "-c", run.around, "sh", ...command.argv.map(absolute), ...run.args],
    env: command.env,
    // Files in memory are charged to the box, and the limit is for what the program needs itself.
    limits: limitsOfBox({ ...run.limits, memoryBytes: run.limits.memoryBytes + placed }, base, files),
    fds: run.fds,
    base: base?.id ?? null,
    files,
    keep: run.keep,
    collect: run.collect,
    cpus: null,
    cpuRate: null,
    stopAtProcessLimit: false,
  };
};

/** The catalogue names files of the work directory "./name". */
const absolute = (word: string): string => (word.startsWith("./") ? `/w/${word.slice(2)}` : word);
