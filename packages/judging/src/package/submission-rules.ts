import type { ConfigMap } from "./config.ts";
import { readPersons } from "./credits.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";
import { globPattern } from "./glob.ts";
import type { Glob } from "./glob.ts";
import { isKnownFormatLanguage, languageIdOf } from "./languages.ts";
import { nothingStated, verdictsOf } from "./promises.ts";
import type { StatedPromise } from "./promises.ts";
import type { SubmissionPromise } from "./types.ts";
import { readConfig } from "./yaml-file.ts";

export const indexPath = "submissions/submissions.yaml";

/** One entry of submissions.yaml. */
export interface SubmissionRule {
  readonly glob: string;
  readonly line: number | null;
  readonly pattern: Glob;
  /** Id of the catalogue; undefined = not stated, null = one that the catalogue lacks. */
  readonly language: string | null | undefined;
  readonly entryPoint: string | null;
  readonly authors: readonly string[];
  readonly modelSolution: boolean | null;
  /** For all tests; null when the rule says nothing of them. */
  readonly whole: StatedPromise | null;
  readonly parts: readonly { readonly tests: string; readonly stated: StatedPromise }[];
}

const promiseKeys = ["permitted", "required", "score", "message", "use_for_time_limit"];
const submissionKeys = ["language", "entrypoint", "authors", "model_solution", ...promiseKeys];

export const readSubmissionRules = async (
  files: PackageFiles,
  scoring: boolean,
  findings: Findings,
): Promise<readonly SubmissionRule[]> => {
  const config = await readConfig(files, indexPath, findings);
  const rules: SubmissionRule[] = [];
  for (const glob of config.keys) {
    const pattern = globPattern(glob);
    if (pattern === null) config.invalid(glob, "is no valid pattern; it takes * and {a,b}, no ** or [x]");
    const map = config.has(glob) ? config.map(glob) : null;
    if (pattern === null || map === null) continue;
    const parts: { tests: string; stated: StatedPromise }[] = [];
    for (const key of map.keys.filter((each) => !submissionKeys.includes(each))) {
      const stated = readPart(map, key, scoring);
      if (stated !== null) parts.push({ tests: key, stated });
    }
    const language = map.string("language");
    if (language !== null && !isKnownFormatLanguage(language)) {
      map.invalid("language", `"${language.slice(0, 40)}" is no language of the format`);
    }
    rules.push({
      glob,
      line: config.lineOf(glob),
      pattern,
      language: language === null ? undefined : languageIdOf(language),
      entryPoint: map.string("entrypoint"),
      authors: map.has("authors") ? readPersons(map, "authors") : [],
      modelSolution: map.boolean("model_solution"),
      whole: promiseKeys.some((key) => map.has(key)) ? readStated(map, scoring) : null,
      parts,
    });
  }
  return rules;
};

const readPart = (map: ConfigMap, key: string, scoring: boolean): StatedPromise | null => {
  if (!/^(?:sample|secret)(?:\/|$)|[*{]/u.test(key)) {
    map.invalid(key, "is an unknown key, and no name of tests below data/ such as secret/group1");
    return null;
  }
  if (globPattern(key) === null) {
    map.invalid(key, "is no valid pattern; it takes * and {a,b}, no ** or [x]");
    return null;
  }
  const part = map.map(key);
  part?.rejectUnknown(promiseKeys, "invalid");
  return part === null ? null : readStated(part, scoring);
};

const readStated = (map: ConfigMap, scoring: boolean): StatedPromise => {
  const list = (key: "permitted" | "required"): StatedPromise["permitted"] => {
    const names = map.strings(key, { words: false });
    if (names === null) return null;
    const verdicts = verdictsOf(names);
    if (verdicts === null || names.length === 0) map.invalid(key, "must list AC, WA, TLE or RTE");
    return verdicts;
  };
  const permitted = list("permitted");
  const required = list("required");
  if (permitted !== null && required !== null && !required.some((verdict) => permitted.includes(verdict))) {
    map.invalid("required", "can't be met: none of it is permitted");
  }
  const timeLimit = readTimeUse(map);
  if (timeLimit === "lower" && required?.every((verdict) => verdict === "TLE") === true) {
    map.invalid("use_for_time_limit", "is lower, but TLE is required");
  }
  if (timeLimit === "upper" && permitted?.includes("TLE") === false) {
    map.invalid("use_for_time_limit", "is upper, but TLE is not permitted");
  }
  return {
    ...nothingStated,
    permitted,
    required,
    score: readScore(map, scoring),
    message: map.string("message"),
    timeLimit,
  };
};

const readTimeUse = (map: ConfigMap): SubmissionPromise["timeLimit"] => {
  const key = "use_for_time_limit";
  if (!map.has(key)) return null;
  if (map.isBoolean(key)) return map.boolean(key) === true ? null : "none";
  const word = map.string(key);
  if (word === "lower" || word === "upper") return word;
  map.invalid(key, "must be false, lower or upper");
  return null;
};

const readScore = (map: ConfigMap, scoring: boolean): readonly [number, number] | null => {
  if (!map.has("score")) return null;
  if (!scoring) map.invalid("score", "is only for problems of type scoring");
  const single = map.isNumber("score") ? map.number("score", { min: 0 }) : null;
  const range = map.isNumber("score")
    ? single === null
      ? null
      : ([single, single] as const)
    : map.pair("score");
  if (range !== null && (range[0] < 0 || range[1] < range[0])) {
    map.invalid("score", "must be a range from a smaller to a larger score, none below 0");
    return null;
  }
  return range;
};
