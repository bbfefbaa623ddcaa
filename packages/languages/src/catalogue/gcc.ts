import { environment } from "../environment.ts";
import type { CompileCommand, Command, VersionProbe } from "../language.ts";
import { asArgument } from "../sources.ts";

/** They take the same options. */
export type Compiler = "gcc" | "g++" | "clang" | "clang++";

const program = "a.out";

/**
 * Compiles all sources to one static program.
 *
 * Static, because a fresh box starts it faster: an empty C++ program takes 0.66 ms instead of 1.24 ms,
 * a C one 0.72 instead of 0.79 (medians of fork to exit), and no library has to be mapped or relocated
 * within the measured time. The costs are 0.7 (C) to 1.8 MB (C++) per compiled program, so it is
 * stripped, and that dlopen and name services are not there, which a box has no use for.
 */
export const gccCompile = (
  compiler: Compiler,
  options: readonly string[],
  sources: readonly string[],
  more: readonly string[] = [],
): CompileCommand => ({
  argv: [
    compiler,
    ...options,
    "-O2",
    "-static",
    "-s",
    "-pipe",
    "-DONLINE_JUDGE",
    // Headers in quotation marks are also found from the top of the submission.
    "-iquote",
    ".",
    "-iquote",
    "include",
    ...more,
    "-o",
    program,
    ...sources.map(asArgument),
    // Again, because libraries count only behind what needs them.
    ...more.filter((word) => word.startsWith("-l")),
    "-lm",
  ],
  env: environment,
  outputs: [program],
});

export const gccRun = (args: readonly string[]): Command => ({
  argv: [asArgument(program), ...args],
  env: environment,
});

/** `-dumpfullversion` is GCC's, and `-dumpversion` of GCC says only the first number. */
export const gccVersion = (compiler: Compiler): VersionProbe => ({
  argv: [compiler, compiler.startsWith("clang") ? "-dumpversion" : "-dumpfullversion"],
  env: environment,
  parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
});
