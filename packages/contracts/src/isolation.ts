import { z } from "zod";
import type { Outcome } from "./outcome.ts";

/**
 * What stands between a program and the machine, the weakest first.
 *
 * - `wasm`: a WebAssembly machine in a process without rights; no kernel takes part
 * - `namespaces+rlimits+seccomp`: boxes of an ordinary user, whose limits are watched
 * - `namespaces+cgroup+seccomp`: boxes of a privileged sandboxd, whose limits the kernel keeps and accounts
 * - `gvisor`: a second kernel, in namespaces of an ordinary user; its limits are watched
 */
export const IsolationLevel = z.enum([
  "wasm",
  "namespaces+rlimits+seccomp",
  "namespaces+cgroup+seccomp",
  "gvisor",
]);
export type IsolationLevel = z.infer<typeof IsolationLevel>;

/**
 * What serves a requirement, what is preferred first. The order is not a line: a second kernel is the
 * stronger wall, but does not keep limits as cgroups do, so neither of the two stands for the other.
 */
const servedBy: Readonly<Record<IsolationLevel, readonly IsolationLevel[]>> = {
  wasm: ["namespaces+cgroup+seccomp", "namespaces+rlimits+seccomp", "gvisor", "wasm"],
  "namespaces+rlimits+seccomp": ["namespaces+cgroup+seccomp", "namespaces+rlimits+seccomp", "gvisor"],
  "namespaces+cgroup+seccomp": ["namespaces+cgroup+seccomp"],
  gvisor: ["gvisor"],
};

/** What a job that requires nothing gets at least: never a WebAssembly machine without having asked. */
export const leastIsolation: IsolationLevel = "namespaces+rlimits+seccomp";

/** The level of `offered` that a job with this requirement runs at; null when none serves it. */
export const servingLevel = (
  required: IsolationLevel | null,
  offered: readonly IsolationLevel[],
): IsolationLevel | null =>
  servedBy[required ?? leastIsolation].find((level) => offered.includes(level)) ?? null;

const cgroupFeatures = ["memory", "processes", "cpu"] as const;

/** The level that was in force, by what an outcome or a sandbox says of itself. */
export function isolationLevel({ driver, isolation }: Pick<Outcome, "driver" | "isolation">): IsolationLevel {
  if (driver !== "native") return driver;
  return cgroupFeatures.every((feature) => isolation.includes(feature)) && !isolation.includes("watched")
    ? "namespaces+cgroup+seccomp"
    : "namespaces+rlimits+seccomp";
}

/** What a job asks of the machine that runs it. */
export const Requirements = z.strictObject({
  /** At least this isolation; null = what every box has. */
  isolation: IsolationLevel.nullable().default(null),
});
export type Requirements = z.infer<typeof Requirements>;
