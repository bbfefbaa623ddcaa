import type { Verdict } from "@assay/contracts";
import type { FormatVersion, SubmissionPromise } from "./types.ts";

/**
 * Which verdicts of a whole submission fulfil the promise that its directory makes.
 *
 * The format knows no verdict of its own for too much memory or output: both count as run-time
 * errors there, so a submission that promises RTE may get ours, which say more. The directories
 * after the official ones are in wide use.
 */
const byDirectory: Readonly<Record<string, readonly Verdict[]>> = {
  accepted: ["AC"],
  wrong_answer: ["WA"],
  presentation_error: ["PE"],
  time_limit_exceeded: ["TLE"],
  run_time_error: ["RTE", "MLE", "OLE"],
  memory_limit_exceeded: ["MLE"],
  output_limit_exceeded: ["OLE"],
  compile_error: ["CE"],
  compiler_error: ["CE"],
};

const legacyDirectories: Readonly<Record<string, readonly Verdict[]>> = {
  // Here a submission that is too slow may also be wrong on another test.
  time_limit_exceeded: ["TLE", "WA"],
  // Accepted, for less than all points.
  partially_accepted: ["AC"],
};

const modernDirectories: Readonly<Record<string, readonly Verdict[]>> = {
  rejected: ["WA", "TLE", "RTE", "MLE", "OLE"],
  brute_force: ["TLE", "RTE", "MLE", "OLE"],
};

/** Directories whose promise the format itself defines: tags in sources don't count in them. */
export const officialDirectories = ["accepted", "wrong_answer", "time_limit_exceeded", "run_time_error"];

/** Null when the directory promises nothing that we know of. */
export const promiseOfDirectory = (directory: string, version: FormatVersion): readonly Verdict[] | null => {
  const own = version === "2025-09" ? modernDirectories : legacyDirectories;
  if (Object.hasOwn(own, directory)) return own[directory] ?? null;
  return Object.hasOwn(byDirectory, directory) ? (byDirectory[directory] ?? null) : null;
};

const byTag: Readonly<Record<string, readonly Verdict[]>> = {
  CORRECT: ["AC"],
  ACCEPTED: ["AC"],
  "WRONG-ANSWER": ["WA"],
  WRONG_ANSWER: ["WA"],
  "NO-OUTPUT": ["WA"],
  TIMELIMIT: ["TLE"],
  TIME_LIMIT_EXCEEDED: ["TLE"],
  "RUN-ERROR": ["RTE", "MLE"],
  RUN_TIME_ERROR: ["RTE", "MLE"],
  "MEMORY-LIMIT": ["MLE"],
  "OUTPUT-LIMIT": ["OLE"],
  "COMPILER-ERROR": ["CE"],
  CHECK_MANUALLY: [],
};

/** The promise of an `@EXPECTED_RESULTS@: A, B` tag in a source, or null when there is none. */
export const promiseOfTag = (source: string): readonly Verdict[] | null => {
  const tag = /@EXPECTED_RESULTS@:[ \t]*([A-Z_, \t-]+)/u.exec(source)?.[1];
  if (tag === undefined) return null;
  return [...new Set(tag.split(",").flatMap((word) => byTag[word.trim()] ?? []))];
};

const byFormatName: Readonly<Record<string, readonly Verdict[]>> = {
  AC: ["AC"],
  WA: ["WA", "PE"],
  TLE: ["TLE"],
  RTE: ["RTE", "MLE", "OLE", "IR"],
};

/** Our verdicts for those of the format; null for a word that is none. */
export const verdictsOf = (names: readonly string[]): readonly Verdict[] | null =>
  names.every((name) => Object.hasOwn(byFormatName, name))
    ? names.flatMap((name) => byFormatName[name] ?? [])
    : null;

/** What a rule states for a set of tests; null = nothing. */
export interface StatedPromise {
  readonly permitted: readonly Verdict[] | null;
  readonly required: readonly Verdict[] | null;
  readonly score: readonly [number, number] | null;
  readonly message: string | null;
  readonly timeLimit: SubmissionPromise["timeLimit"];
}

export const nothingStated: StatedPromise = {
  permitted: null,
  required: null,
  score: null,
  message: null,
  timeLimit: null,
};

export const anyVerdict: readonly Verdict[] = Object.values(byFormatName).flat();

/** `use_for_time_limit: lower` and `upper` imply what the time limit needs of the tests. */
export const promiseFor = (tests: string | null, stated: StatedPromise): SubmissionPromise => ({
  tests,
  permitted:
    stated.permitted ??
    (stated.timeLimit === "lower" ? anyVerdict.filter((verdict) => verdict !== "TLE") : anyVerdict),
  required: stated.required ?? (stated.timeLimit === "upper" ? ["TLE"] : []),
  score: stated.score,
  message: stated.message,
  timeLimit: stated.timeLimit,
});

const lists = (permitted: readonly string[] | null, required: readonly string[] | null): StatedPromise => ({
  ...nothingStated,
  permitted: permitted === null ? null : verdictsOf(permitted),
  required: required === null ? null : verdictsOf(required),
});

/** What the directories of the format promise for the tests of a submission. */
const modernPromises: Readonly<Record<string, StatedPromise>> = {
  accepted: lists(["AC"], null),
  rejected: lists(null, ["RTE", "TLE", "WA"]),
  wrong_answer: lists(["AC", "WA"], ["WA"]),
  time_limit_exceeded: lists(["AC", "TLE"], ["TLE"]),
  run_time_error: lists(["AC", "RTE"], ["RTE"]),
  brute_force: { ...lists(["AC", "RTE", "TLE"], ["RTE", "TLE"]), timeLimit: "none" },
};

const legacyPromises: Readonly<Record<string, StatedPromise>> = {
  accepted: lists(["AC"], null),
  // Wrong on some test, but neither slow nor crashing on any.
  wrong_answer: { ...lists(["AC", "WA"], ["WA"]), timeLimit: "none" },
  // Too slow on some test; may be wrong on others, but crashes on none.
  time_limit_exceeded: lists(["AC", "WA", "TLE"], ["TLE"]),
  run_time_error: { ...lists(null, ["RTE"]), timeLimit: "none" },
};

export const statedByDirectory = (directory: string, version: FormatVersion): StatedPromise | null => {
  const own = version === "2025-09" ? modernPromises : legacyPromises;
  return Object.hasOwn(own, directory) ? (own[directory] ?? null) : null;
};

const common: readonly Verdict[] = ["AC", "WA", "TLE", "RTE", "MLE", "OLE"];

/**
 * The verdicts of the whole submission that promises for all of its tests leave: with something
 * required, being accepted is not enough, but the first test that fails may fail in any way that is
 * permitted.
 */
export const verdictsLeft = (promises: readonly SubmissionPromise[]): readonly Verdict[] => {
  const whole = promises.filter(({ tests }) => tests === null);
  const required = whole.some((promise) => promise.required.length > 0);
  return common.filter(
    (verdict) =>
      whole.every(({ permitted }) => permitted.includes(verdict)) && !(required && verdict === "AC"),
  );
};
