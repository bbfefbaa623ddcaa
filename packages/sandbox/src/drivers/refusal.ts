import { SandboxError } from "../error.ts";
import type { RunSpec } from "../spec.ts";
import { plainStreams } from "./capture.ts";
import type { PlainStreams } from "./capture.ts";

/** Why a driver won't promise something. */
export const unsupported = (driver: string, what: string): SandboxError =>
  new SandboxError("unsupported", `the ${driver} driver can't give ${what}; use the native one`);

/** @throws SandboxError `unsupported` when a run asks for what only cgroups, or streams, could give */
export function requirePlain(driver: string, spec: RunSpec): PlainStreams {
  const { limits, cpus, cpuRate } = spec;
  if (cpus !== null) throw unsupported(driver, "a choice of processors");
  if (cpuRate !== null) throw unsupported(driver, "a share of a processor");
  if (limits.idleMs !== null) throw unsupported(driver, "an idle limit");
  const streams = plainStreams(spec.fds);
  if ("unsupported" in streams) {
    const kind = spec.fds[streams.unsupported]?.kind ?? "";
    throw unsupported(driver, `descriptor ${streams.unsupported} of the kind ${JSON.stringify(kind)}`);
  }
  return streams;
}

/** @throws SandboxError `out_of_range` unless arguments and environment can be those of a program */
export function requireStartable({ argv, env }: Pick<RunSpec, "argv" | "env">): void {
  for (const text of [...argv, ...Object.keys(env), ...Object.values(env)])
    if (text.includes("\0")) throw new SandboxError("out_of_range", "arguments and environment hold no NUL");
  for (const name of Object.keys(env))
    if (name === "" || name.includes("="))
      throw new SandboxError("out_of_range", `${JSON.stringify(name)} is no name of an environment variable`);
}
