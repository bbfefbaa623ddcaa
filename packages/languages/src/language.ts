import type { Limits } from "@assay/contracts";
import type { ProbeName } from "./probes.ts";

/** One command in a box: the program with its arguments, and its whole environment. */
export interface Command {
  /** `argv[0]` is a bare name that is searched in the box's PATH, or a path. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface CompileCommand extends Command {
  /** What a successful compilation leaves in the work directory for the run: files and directories. */
  readonly outputs: readonly string[];
}

/** What a compilation needs at least: with less it fails whatever the source is. */
export type CompileMinimum = Pick<Limits, "memoryBytes" | "processes" | "diskBytes">;

/**
 * How programs of one language are compiled and run by one release of its tools. A pure description:
 * nothing here executes.
 *
 * `files` are the paths of all source files relative to the work directory, in the order in which they
 * were sent; the commands run in the work directory. What depends on what the files say (the class that
 * has `main`) is found out in the box, by the compile command.
 */
export interface Language {
  /** That of the family for its usual release, `family@release` for every other one. */
  readonly id: string;
  /** What the releases of one language share: what stands before the `@` of a selector. */
  readonly family: string;
  /** Series of its tools, of one to three numbers ("3.11"); the exact version is what the probe says. */
  readonly release: string;
  readonly name: string;
  /** Further names of the family that people write; lower case. */
  readonly aliases: readonly string[];
  /** Name of the image that has the compiler or interpreter. */
  readonly image: string;
  /** With the leading dot; the comparison respects case (`.C` is C++). */
  readonly extensions: readonly string[];
  /** File name for a source that came without one. */
  readonly defaultSource: string;
  /** How an editor colours it: the id of the grammar, as in GitHub's list of languages in lower case. */
  readonly highlighting: string;
  /**
   * - `compiled`: the compiler leaves what runs
   * - `checked`: looked at before it runs, and then run from its sources
   * - `interpreted`: what is wrong with it shows when it runs
   */
  readonly translation: "compiled" | "checked" | "interpreted";
  /** Directory below `programs/` with its probe programs and its template; releases share one. */
  readonly programs: string;
  /** Probes that say nothing of this language, each with the reason in a sentence. */
  readonly without: Readonly<Partial<Record<ProbeName, string>>>;
  /** The file at which the program starts; for compiled languages the first one that is compiled. */
  readonly entryPoint: (files: readonly string[]) => string;
  /**
   * Ends with an exit code other than 0 when the source is not a program of this language. Null for a
   * language whose programs can't be checked before they run. `options` are words for a compiler after
   * its own; what only checks a program has no use for them.
   */
  readonly compile: (files: readonly string[], options?: readonly string[]) => CompileCommand | null;
  readonly compileMinimum: CompileMinimum;
  /**
   * `args` are the program's own arguments; `memoryBytes` is the memory limit that will be in force, for
   * a run-time system that has to be told how much it may take.
   */
  readonly run: (files: readonly string[], args?: readonly string[], memoryBytes?: number) => Command;
  readonly version: VersionProbe;
  /** How time limits apply to it; default: as they are stated. */
  readonly timing?: LanguageTiming;
  /** What its run-time system takes besides the program; default: nothing. Comes on top of the limits. */
  readonly overhead?: LanguageOverhead;
  /** How its tools write their messages, for the parser of friendly errors; default: nobody knows. */
  readonly messages?: MessageFormat;
}

/** Whose messages they are. */
export type MessageFormat =
  | "gcc"
  | "clang"
  | "python"
  | "javac"
  | "node"
  | "go"
  | "rustc"
  | "mono"
  | "kotlinc"
  | "php"
  | "ruby"
  | "tsc";

/**
 * A CPU limit of x ms is one of factor · x + offsetMs for programs of a language. The offset is what its
 * run-time system needs before the first line of the program, which is no part of anybody's solution.
 *
 * It is the CPU time of the hello program in the table "What starting costs" of docs/languages.md, rounded
 * up to a whole ms; absent below 1 ms. Releases that share a description take the largest of theirs. Where
 * the time varies from run to run (a virtual machine that compiles on other threads), it is the table's all
 * the same: a median of seven runs on a quiet machine.
 */
export interface LanguageTiming {
  readonly factor: number;
  readonly offsetMs: number;
}

export interface LanguageOverhead {
  /** Memory of an empty program, bytes. */
  readonly memoryBytes: number;
  /** Threads and processes of an empty program besides its first. */
  readonly processes: number;
}

export interface VersionProbe extends Command {
  /** The version in the output, for example "12.2.0"; null when the output is not as expected. */
  readonly parse: (stdout: string) => string | null;
}
