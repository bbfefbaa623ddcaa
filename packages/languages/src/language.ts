import type { Limits } from "@assay/contracts";

/** One command in a box: the program with its arguments, and its whole environment. */
export interface Command {
  /** `argv[0]` is a bare name that is searched in the box's PATH, or a path. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface CompileCommand extends Command {
  /** Files that a successful compilation leaves in the work directory, beside the sources. */
  readonly outputs: readonly string[];
}

/** What a compilation needs at least: with less it fails whatever the source is. */
export type CompileMinimum = Pick<Limits, "memoryBytes" | "processes" | "diskBytes">;

/**
 * How programs of one language are compiled and run. A pure description: nothing here executes.
 *
 * `files` are the paths of all source files relative to the work directory, in the order in which they
 * were sent; the commands run in the work directory.
 */
export interface Language {
  readonly id: string;
  readonly name: string;
  /** Name of the image that has the compiler or interpreter. */
  readonly image: string;
  /** With the leading dot; the comparison respects case (`.C` is C++). */
  readonly extensions: readonly string[];
  /** File name for a source that came without one. */
  readonly defaultSource: string;
  /** The file at which the program starts; for compiled languages the first one that is compiled. */
  readonly entryPoint: (files: readonly string[]) => string;
  /**
   * Ends with an exit code other than 0 when the source is not a program of this language. Null for a
   * language whose programs can't be checked before they run. `options` are words for a compiler after
   * its own; what only checks a program has no use for them.
   */
  readonly compile: (files: readonly string[], options?: readonly string[]) => CompileCommand | null;
  readonly compileMinimum: CompileMinimum;
  /** `args` are the program's own arguments. */
  readonly run: (files: readonly string[], args?: readonly string[]) => Command;
  readonly version: VersionProbe;
  /** How time limits apply to it; default: as they are stated. */
  readonly timing?: LanguageTiming;
}

/**
 * A CPU limit of x ms is one of factor · x + offsetMs for programs of a language. The offset is what its
 * run-time system needs before the first line of the program, which is no part of anybody's solution.
 */
export interface LanguageTiming {
  readonly factor: number;
  readonly offsetMs: number;
}

export interface VersionProbe extends Command {
  /** The version in the output, for example "12.2.0"; null when the output is not as expected. */
  readonly parse: (stdout: string) => string | null;
}
