import type { ErrorIssue, Verdict } from "@assay/contracts";
import type { ValidatorFlags } from "../validators/flags.ts";

export type FormatVersion = "legacy" | "legacy-icpc" | "2025-09";

/** Limits of a problem; times in ms, sizes in bytes. */
export interface ProblemLimits {
  /** CPU time per test. */
  readonly timeMs: number;
  /** False when the package states no time limit and the default stands in (see limits.ts). */
  readonly timeStated: boolean;
  /** Real time per test. */
  readonly wallMs: number;
  readonly memoryBytes: number;
  /** stdout and stderr together. */
  readonly outputBytes: number;
  /** All files of a submission together, without what the package includes. */
  readonly codeBytes: number;
  readonly compile: { readonly cpuMs: number; readonly wallMs: number; readonly memoryBytes: number };
  /** Whether a submission may write files while it runs. */
  readonly fileWriting: boolean;
}

export interface TestCase {
  /** Path below data/ without extension, for example "secret/03-large". */
  readonly name: string;
  /** Path of its directory below data/, for example "secret". */
  readonly group: string;
  readonly sample: boolean;
  readonly inputPath: string;
  readonly answerPath: string;
  readonly args: readonly string[];
  /** Files that stand in the working directory of this test. */
  readonly files: readonly PlacedFile[];
  readonly validatorFlags: ValidatorFlags;
}

/** A file of the package and where it goes in a working directory. */
export interface PlacedFile {
  readonly packagePath: string;
  readonly path: string;
}

export interface ExampleSubmission {
  /** For example "submissions/accepted/main.py", or a directory of several files. */
  readonly path: string;
  /** Directory below submissions/, for example "accepted". */
  readonly directory: string;
  /** Id of a language of the catalogue, or null when none fits. */
  readonly language: string | null;
  /** Verdicts that fulfil its promise; empty when it promises nothing. */
  readonly expected: readonly Verdict[];
  readonly files: readonly PlacedFile[];
}

export interface Statement {
  /** Language code such as "en". */
  readonly language: string;
  readonly format: "md" | "tex" | "pdf" | "html";
  readonly path: string;
}

/** A pass-fail problem as this version judges it. */
export interface ProblemPackage {
  readonly formatVersion: FormatVersion;
  readonly shortName: string;
  readonly name: string;
  /** The name by language code. */
  readonly names: Readonly<Record<string, string>>;
  readonly uuid: string | null;
  readonly license: string;
  readonly limits: ProblemLimits;
  /** Ids of the catalogue that the problem takes. */
  readonly languages: "all" | readonly string[];
  /** Sample tests, then secret ones, each in lexicographic order. */
  readonly tests: readonly TestCase[];
  /** Files copied over a submission before it is compiled, by language id or "default". */
  readonly includes: Readonly<Record<string, readonly PlacedFile[]>>;
  readonly submissions: readonly ExampleSubmission[];
  readonly statements: readonly Statement[];
  readonly warnings: readonly ErrorIssue[];
}
