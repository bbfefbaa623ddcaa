import { AssayError } from "@assay/contracts";
import { ApiError, ServerUnavailable, UnexpectedAnswer } from "@assay/client";
import { ImageError } from "@assay/images";
import { CommanderError } from "commander";
import { CommandFailure, exitCode, type ExitCode } from "./exit.ts";
import { printable } from "./output/text.ts";

/** Why the command was told to end, once it was. */
let interruption: CommandFailure | null = null;

/** Says on stderr what went wrong and what to do, and gives the exit code that it deserves. */
export function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  // What fails after that fails because of it, in whatever words.
  const [code, message] = explain(interruption ?? error);
  process.stderr.write(`assay: ${printable(message)}\n`);
  return code;
}

/** Names that the caller gave, and that nothing here goes by. */
const unknownImages: ReadonlySet<string> = new Set(["missing", "invalid_name"]);

function explain(error: unknown): [ExitCode, string] {
  if (error instanceof CommandFailure) return [error.code, error.message];
  if (error instanceof ApiError) {
    const code = error.status >= 500 ? exitCode.platform : exitCode.usage;
    return [code, `${error.message} (${error.code})${details(error)}`];
  }
  if (error instanceof AssayError)
    return [error.status >= 500 ? exitCode.platform : exitCode.usage, `${error.message}${details(error)}`];
  if (error instanceof ImageError)
    return [unknownImages.has(error.code) ? exitCode.usage : exitCode.platform, error.message];
  if (error instanceof ServerUnavailable) return [exitCode.platform, error.message];
  if (error instanceof UnexpectedAnswer)
    return [exitCode.platform, `what answers is no Assay server; set ASSAY_URL to one (${error.message})`];
  const unusable = unusableFile(error);
  if (unusable !== null) return [exitCode.usage, unusable];
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [exitCode.platform, `unexpected failure: ${text}`];
}

const place = (issue: { where: string; line: number | null }): string =>
  issue.line === null ? issue.where : `${issue.where}:${issue.line}`;

/** Where the input hurts, one line each; nothing when the one place is in the message already. */
function details({ message, issues }: ApiError | AssayError): string {
  const [first, ...others] = issues;
  if (first && others.length === 0 && message.includes(first.message)) return "";
  return issues.map((issue) => `\n  ${place(issue)}: ${issue.message}`).join("");
}

/** What the system says of a file that the user named, by its code. */
const fileFaults: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file"],
  ["ENOTDIR", "a part of this path is no directory"],
  ["EISDIR", "expected a file, this is a directory"],
  ["EACCES", "you may not read or write this"],
  ["EROFS", "this can only be read"],
  ["ELOOP", "this link leads in a circle"],
  ["ENAMETOOLONG", "this name is too long"],
]);

function unusableFile(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const fault = fileFaults.get(String(error.code));
  if (fault === undefined) return null;
  // A directory opens well and fails at the first read, which names no path but in its message.
  const path = "path" in error ? String(error.path) : (/'(.*)'$/s.exec(error.message)?.[1] ?? "");
  return `${fault}: ${path}`;
}

const interruptions = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  SIGHUP: exitCode.hungUp,
} as const;

/** Aborts on the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(interruptions)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code);
      interruption = new CommandFailure(code, "interrupted");
      controller.abort(interruption);
    });
  }
  return controller.signal;
}

/** Resolves when the signal aborts, or has aborted already. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
