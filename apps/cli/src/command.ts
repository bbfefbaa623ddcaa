import { AssayError } from "@assay/contracts";
import { ApiError, ServerUnavailable } from "@assay/client";
import { CommanderError } from "commander";
import { CommandFailure, exitCode, type ExitCode } from "./exit.ts";
import { printable } from "./output/text.ts";

/** Says on stderr what went wrong and what to do, and gives the exit code that it deserves. */
export function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  const [code, message] = explain(error);
  process.stderr.write(`assay: ${printable(message)}\n`);
  return code;
}

function explain(error: unknown): [ExitCode, string] {
  if (error instanceof CommandFailure) return [error.code, error.message];
  if (error instanceof ApiError) {
    const issues = error.issues.map((issue) => `\n  ${place(issue)}: ${issue.message}`).join("");
    const code = error.status >= 500 ? exitCode.platform : exitCode.usage;
    return [code, `${error.message} (${error.code})${issues}`];
  }
  if (error instanceof ServerUnavailable) return [exitCode.platform, error.message];
  if (error instanceof AssayError) {
    const issues = error.issues.map((issue) => `\n  ${place(issue)}: ${issue.message}`).join("");
    return [error.status >= 500 ? exitCode.platform : exitCode.usage, `${error.message}${issues}`];
  }
  if (isMissingFile(error)) return [exitCode.usage, `no such file: ${error.path}`];
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [exitCode.platform, `unexpected failure: ${text}`];
}

const place = (issue: { where: string; line: number | null }): string =>
  issue.line === null ? issue.where : `${issue.where}:${issue.line}`;

const isMissingFile = (error: unknown): error is Error & { path: string } =>
  error instanceof Error && "code" in error && error.code === "ENOENT" && "path" in error;

/** Aborts on the first SIGINT or SIGTERM; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode.platform);
      controller.abort(new CommandFailure(exitCode.platform, "interrupted"));
    });
  }
  return controller.signal;
}

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
