import type { Verdict } from "@assay/contracts";
import type { FormatVersion } from "./types.ts";

/**
 * Which verdicts fulfil the promise that a submission's directory makes.
 *
 * The format knows no verdict of its own for too much memory or output: both count as run-time
 * errors there, so a submission that promises RTE may get ours, which say more. The directories
 * after the official ones are in wide use.
 */
const byDirectory: Readonly<Record<string, readonly Verdict[]>> = {
  accepted: ["AC"],
  wrong_answer: ["WA"],
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
};

const modernDirectories: Readonly<Record<string, readonly Verdict[]>> = {
  rejected: ["WA", "TLE", "RTE", "MLE", "OLE"],
  brute_force: ["TLE", "RTE", "MLE", "OLE"],
};

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
};

/** The promise of an `@EXPECTED_RESULTS@: A, B` tag in a source, or null when there is none. */
export const promiseOfTag = (source: string): readonly Verdict[] | null => {
  const tag = /@EXPECTED_RESULTS@:[ \t]*([A-Z_, \t-]+)/u.exec(source)?.[1];
  if (tag === undefined) return null;
  return [...new Set(tag.split(",").flatMap((word) => byTag[word.trim()] ?? []))];
};

const byFormatName: Readonly<Record<string, readonly Verdict[]>> = {
  AC: ["AC"],
  WA: ["WA"],
  TLE: ["TLE"],
  RTE: ["RTE", "MLE", "OLE"],
};

/**
 * The verdicts that `permitted` and `required` of submissions.yaml leave for the whole submission:
 * with something required, being accepted is not enough, but the first test that fails may fail in any
 * way that is permitted. Null for a verdict that the format lacks.
 */
export const promiseOfLists = (
  permitted: readonly string[],
  required: readonly string[],
): readonly Verdict[] | null => {
  const names =
    required.length > 0 ? new Set([...required, ...permitted.filter((name) => name !== "AC")]) : permitted;
  const verdicts: Verdict[] = [];
  for (const name of names) {
    if (!Object.hasOwn(byFormatName, name)) return null;
    verdicts.push(...(byFormatName[name] ?? []));
  }
  return verdicts;
};
