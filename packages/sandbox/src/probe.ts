import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sandboxdPath } from "./daemon.ts";
import { SandboxError } from "./error.ts";

const run = promisify(execFile);

/** One thing that this machine can or can't enforce. */
export interface SandboxCheck {
  readonly name: string;
  readonly ok: boolean;
  /** False: boxes run all the same with less, and their outcomes say so. */
  readonly required: boolean;
  readonly detail: string;
  /** What the operator can do; null when all is well, or nothing helps. */
  readonly mend: string | null;
}

export interface SandboxProbe {
  readonly checks: readonly SandboxCheck[];
}

/** Asks sandboxd what it can enforce here. A machine without a sandboxd is an answer, not an error. */
export async function probe(): Promise<SandboxProbe> {
  try {
    const { stdout } = await run(sandboxdPath, ["--probe"], { env: {}, cwd: "/" });
    return parseProbe(stdout);
  } catch (error) {
    const stdout = outputOf(error);
    if (stdout !== null) return parseProbe(stdout);
    if (error instanceof SandboxError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return { checks: [{ name: "sandboxd", ok: false, required: true, detail, mend: "make -C native" }] };
  }
}

/** A machine that lacks something required makes sandboxd fail after it has said so. */
function outputOf(error: unknown): string | null {
  if (!isRecord(error)) return null;
  const { stdout } = error;
  return typeof stdout === "string" && stdout.trim() !== "" ? stdout : null;
}

/** Throws a protocol error unless the text is the JSON of a probe. */
export function parseProbe(text: string): SandboxProbe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SandboxError("protocol", "sandboxd --probe did not print JSON", { cause });
  }
  if (!isRecord(value) || !Array.isArray(value["checks"])) {
    throw new SandboxError("protocol", "sandboxd --probe printed no list of checks");
  }
  return { checks: value["checks"].map(parseCheck) };
}

function parseCheck(value: unknown): SandboxCheck {
  if (!isRecord(value)) throw new SandboxError("protocol", "sandboxd --probe printed a check that is none");
  const { name, ok, required, detail, mend } = value;
  if (
    typeof name !== "string" ||
    typeof ok !== "boolean" ||
    typeof required !== "boolean" ||
    typeof detail !== "string" ||
    (mend !== null && typeof mend !== "string")
  ) {
    throw new SandboxError(
      "protocol",
      `sandboxd --probe printed an incomplete check: ${JSON.stringify(value)}`,
    );
  }
  return { name, ok, required, detail, mend };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
