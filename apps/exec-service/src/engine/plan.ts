import type { RunSpec } from "@assay/sandbox";
import { RequestError } from "../model/request-error.ts";
import type { Cmd, CopyOut, PipeMap } from "../model/request.ts";
import { notRun, type Result } from "../model/result.ts";
import { copyIn, type Contents } from "./copy-in.ts";
import { parseCpuSet } from "./cpu-set.ts";
import { describe, type Descriptors } from "./descriptors.ts";
import { allowanceOf, type Allowance, type LimitPolicy } from "./limits.ts";
import { workPath } from "./work-path.ts";

const MiB = 1024 * 1024;

/** Of all files that one command gives back, and of each when the request names no other maximum. */
const MAX_COPY_OUT = 256 * MiB;
const MAX_COPY_OUT_FILES = 4096;

/** A file to give back; `path` is null for one outside of the work directory. */
interface PlannedCopyOut extends CopyOut {
  readonly path: string | null;
  /** To be stored, instead of returned. */
  readonly isCached: boolean;
}

/** A command that can be run. */
export interface Plan {
  readonly spec: RunSpec;
  readonly descriptors: Descriptors;
  readonly allowance: Allowance;
  readonly copyOut: readonly PlannedCopyOut[];
  /** What is given back under such a name is stored, wherever it comes from. */
  readonly cachedNames: ReadonlySet<string>;
}

export interface PlanContext extends Contents {
  readonly policy: LimitPolicy;
  /** Digest of the image that is every command's root. */
  readonly image: string;
  /** Processors that programs may use. */
  readonly cpus: readonly number[];
}

/**
 * How one command of a request is run, or its result when it can't be.
 *
 * @throws RequestError when the whole request is at fault
 */
export async function plan(
  cmd: Cmd,
  index: number,
  pipes: readonly PipeMap[],
  context: PlanContext,
): Promise<Plan | Result> {
  const [program, ...args] = cmd.args;
  if (program === undefined || program === "") return notRun("Internal Error", "execve: no args provided");
  const { files, errors } = await copyIn(cmd.copyIn, context);
  const [failure] = errors;
  if (failure) return notRun("File Error", failure.message, errors);
  const descriptors = await describe(cmd, index, pipes, context);
  const cpus = cpusOf(cmd, context);
  if (typeof cpus === "string") return notRun("Internal Error", cpus);
  const allowance = allowanceOf(cmd, context.policy);
  const given = files.reduce((sum, file) => sum + ("content" in file ? file.content.byteLength : 0), 0);
  const cachedNames = new Set(cmd.copyOutCached.map(({ name }) => name));
  const copyOut = filesOut(cmd, cachedNames);
  const paths = [...new Set(copyOut.flatMap(({ path }) => path ?? []))];
  if (paths.length > MAX_COPY_OUT_FILES)
    throw new RequestError(400, `cmd.${index}: at most ${MAX_COPY_OUT_FILES} files can be copied out`);
  return {
    spec: {
      image: context.image,
      argv: [isCopiedIn(program, files) ? `./${program}` : program, ...args],
      env: environmentOf(cmd.env),
      limits: { ...allowance.limits, diskBytes: allowance.limits.diskBytes + given },
      fds: descriptors.fds,
      base: null,
      files,
      keep: null,
      collect:
        paths.length === 0
          ? null
          : {
              paths,
              maxBytes: MAX_COPY_OUT,
              maxBytesEach: Math.min(cmd.copyOutMax || MAX_COPY_OUT, MAX_COPY_OUT),
              truncate: cmd.copyOutTruncate,
            },
      cpus,
      cpuRate: cmd.cpuRateLimit > 0 ? Math.min(cmd.cpuRateLimit, 1_000_000) : null,
      stopAtProcessLimit: false,
    },
    descriptors,
    allowance,
    copyOut,
    cachedNames,
  };
}

/** A bare name of a file that was copied in means that file: the work directory is searched first. */
const isCopiedIn = (program: string, files: RunSpec["files"]): boolean =>
  !program.includes("/") && files.some(({ path }) => path === program);

/** Of variables that are set twice the first counts, as for getenv of the C library. */
function environmentOf(lines: readonly string[]): Record<string, string> {
  const environment = new Map<string, string>();
  for (const line of lines) {
    const equals = line.indexOf("=");
    const key = line.slice(0, equals);
    if (equals > 0 && !environment.has(key)) environment.set(key, line.slice(equals + 1));
  }
  return Object.fromEntries(environment);
}

function cpusOf(cmd: Cmd, { cpus }: PlanContext): number[] | null | string {
  try {
    return parseCpuSet(cmd.cpuSetLimit, cpus);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** What a collector brings is given back anyway, and is no file. */
function filesOut(cmd: Cmd, cached: ReadonlySet<string>): PlannedCopyOut[] {
  const collected = new Set(cmd.files.flatMap((file) => (file?.kind === "collector" ? [file.name] : [])));
  const out = new Map<string, PlannedCopyOut>();
  for (const asked of [...cmd.copyOut, ...cmd.copyOutCached]) {
    const { name, optional } = asked;
    if (collected.has(name)) continue;
    out.set(name, {
      name,
      optional: optional && (out.get(name)?.optional ?? true),
      path: workPath(name),
      isCached: cached.has(name),
    });
  }
  return [...out.values()];
}

/** Whether somebody must take part in its descriptors while it runs. */
export const isStreamed = ({ descriptors: { terminal, inputs, outputs } }: Plan): boolean =>
  terminal !== null || inputs.length > 0 || outputs.length > 0;
