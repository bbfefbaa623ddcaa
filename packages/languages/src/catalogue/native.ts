import { environment } from "../environment.ts";
import type { Command, CompileCommand } from "../language.ts";
import { asArgument } from "../sources.ts";

const program = "a.out";

/**
 * Compiles to one program by a script for bash, which finds the words for the compiler in the array
 * `options` and the sources in its arguments; `$program` is what it has to leave.
 */
export const scriptedCompile = (
  script: string,
  sources: readonly string[],
  options: readonly string[] = [],
): CompileCommand => ({
  argv: [
    "bash",
    "-c",
    `set -eu\nprogram=${program}\noptions=("\${@:2:$1}")\nshift "$(($1 + 1))"\n${script.trim()}\n`,
    "compile",
    String(options.length),
    ...options,
    ...sources.map(asArgument),
  ],
  env: environment,
  outputs: [program],
});

/** Compiles to one program by one command. */
export const nativeCompile = (
  command: readonly string[],
  sources: readonly string[],
  options: readonly string[] = [],
): CompileCommand => ({
  argv: [...command, ...options, "-o", program, ...sources.map(asArgument)],
  env: environment,
  outputs: [program],
});

export const nativeRun = (args: readonly string[] = []): Command => ({
  argv: [asArgument(program), ...args],
  env: environment,
});
