import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { IsolationFeature } from "@assay/contracts";
import { sandboxdPath } from "./daemon.ts";
import { SandboxError } from "./error.ts";
import { isolationOf } from "./wire/protocol.ts";

const run = promisify(execFile);

/** One thing that this machine can or can't enforce. */
export interface SandboxCheck {
  /** For example "namespace.pid" or "cgroup.memory". */
  readonly name: string;
  readonly ok: boolean;
  /** False: boxes run all the same with less, and their outcomes say so. */
  readonly required: boolean;
  readonly detail: string;
  /** What the operator can do; null when all is well. */
  readonly mend: string | null;
}

export interface SandboxProbe {
  /** The kernel's release; null without a sandboxd. */
  readonly kernel: string | null;
  /** Of the control groups that boxes get: 1, 2, or null when there are none. */
  readonly cgroupVersion: number | null;
  /** What boxes that this user starts here would get. */
  readonly isolation: readonly IsolationFeature[];
  readonly checks: readonly SandboxCheck[];
}

/** Asks sandboxd what it can enforce here. A machine without a sandboxd is an answer, not an error. */
export async function probe(): Promise<SandboxProbe> {
  let stdout: string;
  try {
    ({ stdout } = await run(sandboxdPath, ["--probe"], { env: {}, cwd: "/" }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const check = { name: "sandboxd", ok: false, required: true, detail, mend: "make -C native" };
    return { kernel: null, cgroupVersion: null, isolation: [], checks: [check] };
  }
  return parseProbe(stdout);
}

/** Throws a protocol error unless the text is what `sandboxd --probe` prints. */
export function parseProbe(text: string): SandboxProbe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SandboxError("protocol", "sandboxd --probe did not print JSON", { cause });
  }
  if (!isRecord(value) || !Array.isArray(value["items"])) {
    throw new SandboxError("protocol", "sandboxd --probe printed no list of items");
  }
  const { kernel, cgroupVersion, isolation } = value;
  return {
    kernel: typeof kernel === "string" ? kernel : null,
    cgroupVersion: cgroupVersion === 1 || cgroupVersion === 2 ? cgroupVersion : null,
    isolation: typeof isolation === "number" ? isolationOf(isolation) : [],
    checks: value["items"].map(parseItem),
  };
}

function parseItem(value: unknown): SandboxCheck {
  if (!isRecord(value)) throw new SandboxError("protocol", "sandboxd --probe printed an item that is none");
  const { name, ok, reason, mend } = value;
  if (
    typeof name !== "string" ||
    typeof ok !== "boolean" ||
    (reason !== null && typeof reason !== "string") ||
    (mend !== null && typeof mend !== "string")
  ) {
    throw new SandboxError(
      "protocol",
      `sandboxd --probe printed an incomplete item: ${JSON.stringify(value)}`,
    );
  }
  return { name, ok, required: !isOptional(name), detail: reason ?? "enforced on this machine", mend };
}

/** Without root or its cgroups sandboxd starts, and says in each outcome what was not in force. */
function isOptional(name: string): boolean {
  return name === "root" || name.startsWith("cgroup.");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
