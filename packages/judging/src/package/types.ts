import type { ErrorIssue, Verdict } from "@assay/contracts";
import type { Comparator } from "../validators/comparator.ts";

export type FormatVersion = "legacy" | "legacy-icpc" | "2025-09";

/** Which ways of judging a problem combines; all false is a pass-fail problem. */
export interface ProblemType {
  readonly scoring: boolean;
  readonly interactive: boolean;
  readonly multiPass: boolean;
  readonly submitAnswer: boolean;
}

/** Limits of one kind of program; times in ms, sizes in bytes. */
export interface ProgramLimits {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly memoryBytes: number;
}

/** Limits of a problem; times in ms, sizes in bytes. */
export interface ProblemLimits {
  /** CPU time per test. Where `timeStated` is false a stand-in, until it was measured (see time-limit.ts). */
  readonly timeMs: number;
  readonly timeStated: boolean;
  /** How the time limit follows from the package's own submissions. */
  readonly calibration: TimeCalibration;
  /** Real time per test. */
  readonly wallMs: number;
  readonly memoryBytes: number;
  /** stdout and stderr together. */
  readonly outputBytes: number;
  /** All files of a submission together, without what the package includes. */
  readonly codeBytes: number;
  readonly compile: ProgramLimits;
  /** Of validators and graders, each run. `outputBytes` is what one may write, feedback included. */
  readonly validation: ProgramLimits & { readonly outputBytes: number };
  /** Most passes of a multi-pass problem. */
  readonly validationPasses: number;
  /** Whether a submission may write files while it runs. */
  readonly fileWriting: boolean;
}

export interface TimeCalibration {
  readonly rule: "legacy" | "2025-09";
  /** legacy `time_multiplier` (5), 2025-09 `ac_to_time_limit` (2). */
  readonly acToTimeLimit: number;
  /** legacy `time_safety_margin` (2), 2025-09 `time_limit_to_tle` (1.5). */
  readonly timeLimitToTle: number;
  /** Time limits are whole multiples of it, ms. */
  readonly resolutionMs: number;
}

/** A file of the package and where it goes in a working directory. */
export interface PlacedFile {
  readonly packagePath: string;
  readonly path: string;
}

/** A program that the package brings: a validator, a grader. Untrusted, like a submission. */
export interface PackageProgram {
  /** For example "output_validators/validate.py", or the directory of several files. */
  readonly path: string;
  readonly files: readonly PlacedFile[];
  /** `scripts`: it has `build` and, before or after that, `run`; otherwise a language of the catalogue. */
  readonly kind:
    | { readonly how: "language"; readonly language: string }
    | { readonly how: "scripts"; readonly hasBuild: boolean };
}

/** Something that checks a test's input. */
export type InputValidator =
  | { readonly kind: "program"; readonly path: string; readonly program: PackageProgram }
  | { readonly kind: "checktestdata"; readonly path: string };

/** Arguments of single validators, by name; null = all of them get the same. */
export interface NamedArgs {
  readonly output: Readonly<Record<string, readonly string[]>> | null;
  readonly input: Readonly<Record<string, readonly string[]>> | null;
}

export interface TestCase {
  /** Path below data/ without extension, for example "secret/03-large". */
  readonly name: string;
  /** Name of its group, for example "secret". */
  readonly group: string;
  readonly sample: boolean;
  readonly inputPath: string;
  readonly answerPath: string;
  readonly args: readonly string[];
  /** Files that stand in the working directory of this test. */
  readonly files: readonly PlacedFile[];
  /** Words for the output validator: flags of the default one, arguments of a custom one. */
  readonly validatorArgs: readonly string[];
  readonly inputValidatorArgs: readonly string[];
  /** Where test data gives validators arguments by name: see arguments.ts. */
  readonly namedArgs: NamedArgs | null;
  /** How the output is compared where the package has no output validator of its own. */
  readonly comparator: Comparator;
  /** Points that assay.yaml gives this test; null = by its group. */
  readonly points: number | null;
  /** Whether whoever submitted may see this test's input, answer and judge message. */
  readonly fullFeedback: boolean;
  /** For whoever failed it. */
  readonly hint: string | null;
  readonly description: string | null;
}

/** How a group of a legacy package makes one result of those in it. */
export interface LegacyRule {
  readonly generation: "legacy";
  readonly onReject: "break" | "continue";
  /** Null = the default grader. */
  readonly grader: PackageProgram | null;
  readonly graderFlags: readonly string[];
  readonly acceptScore: number;
  readonly rejectScore: number;
  /** Smallest and largest score; infinite where open. */
  readonly range: readonly [number, number];
}

/** How a group of a 2025-09 package does. In a pass-fail problem every group is `pass-fail`. */
export interface ModernRule {
  readonly generation: "2025-09";
  /** Null = unbounded. */
  readonly maxScore: number | null;
  readonly aggregation: "pass-fail" | "sum" | "min";
  /** Names of groups, such as "sample" or "secret/1-small", that must have been accepted before. */
  readonly requirePass: readonly string[];
  /** Score of the static validator's case in this group; null = it has none. */
  readonly staticValidationScore: number | "pass-fail" | null;
  readonly staticValidatorArgs: readonly string[];
}

/** A directory of test cases. */
export interface TestGroup {
  /** Path below data/: "" for data itself, "sample", "secret", "secret/1-small". */
  readonly name: string;
  readonly rule: LegacyRule | ModernRule;
  /** Tests and groups in it, in the order in which they are judged. `test` is an index into `tests`. */
  readonly members: readonly TestGroupMember[];
}

export type TestGroupMember =
  | { readonly kind: "test"; readonly test: number }
  | { readonly kind: "group"; readonly group: TestGroup };

/** data/invalid_input, invalid_output, valid_output: what validators must reject or accept. */
export interface ValidationExample {
  /** For example "invalid_input/empty". */
  readonly name: string;
  readonly kind: "invalid_input" | "invalid_output" | "valid_output";
  readonly inputPath: string;
  /** Null for an invalid input. */
  readonly answerPath: string | null;
  /** The output to check; null for an invalid input. */
  readonly outputPath: string | null;
  readonly args: readonly string[];
  readonly files: readonly PlacedFile[];
  readonly validatorArgs: readonly string[];
  readonly inputValidatorArgs: readonly string[];
  readonly namedArgs: NamedArgs | null;
  readonly comparator: Comparator;
}

/** What submissions.yaml, a directory or a tag promises for a set of tests. */
export interface SubmissionPromise {
  /**
   * Pattern of names of tests and groups, such as "secret/2-large" or "secret/*-easy" (see glob.ts);
   * what is in a group that fits belongs to it. Null = the whole submission.
   */
  readonly tests: string | null;
  /** Verdicts that each of these tests may get. */
  readonly permitted: readonly Verdict[];
  /** At least one of these tests must get one of them; empty = none must. */
  readonly required: readonly Verdict[];
  /** Smallest and largest score; null = not promised. */
  readonly score: readonly [number, number] | null;
  /** Must be part of at least one judge message; null = not promised. */
  readonly message: string | null;
  /** Which bound of the time limit its tests are used for; null = by what is permitted and required. */
  readonly timeLimit: "lower" | "upper" | "none" | null;
}

export interface ExampleSubmission {
  /** For example "submissions/accepted/main.py", or a directory of several files. */
  readonly path: string;
  /** Directory below submissions/, for example "accepted". */
  readonly directory: string;
  /** Id of a language of the catalogue, or null when none fits. */
  readonly language: string | null;
  /** The file at which it starts, where the package says so. */
  readonly entryPoint: string | null;
  /** Verdicts of the whole submission that fulfil its promise; empty when it promises nothing. */
  readonly expected: readonly Verdict[];
  readonly promises: readonly SubmissionPromise[];
  readonly modelSolution: boolean;
  readonly authors: readonly string[];
  readonly files: readonly PlacedFile[];
}

/** What is shown of a test to whoever solves the problem: of samples, and where there is full feedback. */
export interface TestDisplay {
  /** Name of the test; of a legacy sample that is nothing but an interaction, that of its file. */
  readonly name: string;
  readonly inputPath: string | null;
  readonly answerPath: string | null;
  readonly downloadInputPath: string | null;
  readonly downloadAnswerPath: string | null;
  /** Log of an interaction; shown instead of input and answer. */
  readonly interactionPath: string | null;
  /** An output that is shown instead of the answer and must be accepted. */
  readonly outputPath: string | null;
  readonly illustrationPath: string | null;
}

export interface Statement {
  /** Language code such as "en". */
  readonly language: string;
  readonly format: "md" | "tex" | "pdf" | "html";
  readonly path: string;
}

export interface Attachment {
  readonly path: string;
  /** Attachments below attachments/templates/<language>: what an editor starts with. */
  readonly templateFor: string | null;
  readonly size: number;
}

/** Where a problem comes from and who may do what with it. */
export interface Credits {
  readonly license: string;
  readonly rightsOwner: string | null;
  readonly authors: readonly string[];
  /** Other roles by their names in the format, for example "translators". */
  readonly others: Readonly<Record<string, readonly string[]>>;
  readonly sources: readonly { readonly name: string; readonly url: string | null }[];
  /** ISO date; the problem is not to be shown before it. */
  readonly embargoUntil: string | null;
}

/** A problem package, ready to be judged with. */
export interface ProblemPackage {
  readonly formatVersion: FormatVersion;
  readonly type: ProblemType;
  readonly shortName: string;
  readonly name: string;
  /** The name by language code. */
  readonly names: Readonly<Record<string, string>>;
  readonly uuid: string | null;
  readonly version: string | null;
  readonly credits: Credits;
  readonly keywords: readonly string[];
  readonly limits: ProblemLimits;
  /** Ids of the catalogue that the problem takes. */
  readonly languages: "all" | readonly string[];
  /** Whether a larger or a smaller score is better (legacy `grading.objective`). */
  readonly objective: "max" | "min";
  /** Whether output that differs in white space only is PE instead of WA (assay.yaml). */
  readonly presentationErrors: boolean;
  /** Sample tests, then secret ones, each in lexicographic order: the order of the groups in `data`. */
  readonly tests: readonly TestCase[];
  /** data/ itself in a legacy package; in 2025-09 a root whose members are sample and secret. */
  readonly data: TestGroup;
  readonly displays: readonly TestDisplay[];
  readonly examples: readonly ValidationExample[];
  readonly inputValidators: readonly InputValidator[];
  /** All must accept (2025-09: at most one). Empty = the default validator or the tests' comparators. */
  readonly outputValidators: readonly PackageProgram[];
  readonly staticValidator: PackageProgram | null;
  /** Files copied over a submission before it is compiled, by language id or "default". */
  readonly includes: Readonly<Record<string, readonly PlacedFile[]>>;
  /** What `{{name}}` stands for in files of the package; `withConstants` replaces them in what is read. */
  readonly constants: Readonly<Record<string, string>>;
  readonly submissions: readonly ExampleSubmission[];
  readonly statements: readonly Statement[];
  readonly attachments: readonly Attachment[];
  readonly warnings: readonly ErrorIssue[];
}
