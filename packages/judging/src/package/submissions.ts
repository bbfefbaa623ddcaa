import type { Verdict } from "@assay/contracts";
import { languageForFile } from "@assay/languages";
import { readConfig } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { globPattern } from "./glob.ts";
import { languageIdOf } from "./languages.ts";
import { comparePaths } from "./names.ts";
import { promiseOfDirectory, promiseOfLists, promiseOfTag } from "./promises.ts";
import type { ExampleSubmission, FormatVersion, PlacedFile } from "./types.ts";

const indexPath = "submissions/submissions.yaml";
const maxTaggedBytes = 1024 * 1024;

/**
 * The example submissions: each file or directory below submissions/<directory>/. What one promises
 * follows from submissions.yaml (2025-09), else from its directory, else from a tag in its source.
 */
export const readSubmissions = async (
  files: PackageFiles,
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): Promise<readonly ExampleSubmission[]> => {
  const found = new Map<string, { directory: string; files: PlacedFile[]; bytes: number }>();
  for (const entry of entries) {
    const [top, directory, name, ...rest] = entry.path.split("/");
    if (top !== "submissions" || directory === undefined) continue;
    if (name === undefined) {
      if (entry.path !== indexPath || version !== "2025-09") {
        findings.warn(entry.path, null, "is ignored; a submission belongs into a directory of its kind");
      }
      continue;
    }
    const path = `submissions/${directory}/${name}`;
    const submission = found.get(path) ?? { directory, files: [], bytes: 0 };
    submission.files.push({
      packagePath: entry.path,
      path: rest.length === 0 ? name : rest.join("/"),
    });
    submission.bytes += entry.size;
    found.set(path, submission);
  }

  const rules =
    version === "2025-09" && entries.some((entry) => entry.path === indexPath)
      ? await readRules(files, findings)
      : [];
  const submissions: ExampleSubmission[] = [];
  for (const path of [...found.keys()].sort(comparePaths)) {
    const submission = found.get(path);
    if (submission === undefined) continue;
    const matching = rules.filter((rule) => rule.pattern.test(path.slice("submissions/".length)));
    const language =
      matching.findLast((rule) => rule.language !== null)?.language ?? languageOf(submission.files);
    if (language === null) findings.warn(path, null, "is in no language that this version knows");
    const expected =
      matching.findLast((rule) => rule.expected !== null)?.expected ??
      promiseOfDirectory(submission.directory, version) ??
      (submission.bytes <= maxTaggedBytes ? await tagPromise(files, submission.files) : null);
    if (expected === null) findings.warn(path, null, "promises no verdict that this version knows");
    submissions.push({
      path,
      directory: submission.directory,
      language,
      entryPoint: null,
      expected: expected ?? [],
      promises: [],
      modelSolution: false,
      authors: [],
      files: submission.files,
    });
  }
  if (!submissions.some((submission) => submission.expected.join() === "AC")) {
    findings.warn(
      "submissions/accepted",
      null,
      "holds no submission; a package should prove that it can be solved",
    );
  }
  return submissions;
};

/** The language of the first file that has one: headers and data files may stand beside it. */
const languageOf = (files: readonly PlacedFile[]): string | null => {
  for (const file of files) {
    const language = languageForFile(file.path);
    if (language !== null) return language.id;
  }
  return null;
};

const tagPromise = async (
  files: PackageFiles,
  placed: readonly PlacedFile[],
): Promise<readonly Verdict[] | null> => {
  for (const file of placed) {
    const promise = promiseOfTag(Buffer.from(await files.read(file.packagePath)).toString("latin1"));
    if (promise !== null) return promise;
  }
  return null;
};

interface Rule {
  readonly pattern: RegExp;
  readonly language: string | null;
  readonly expected: readonly Verdict[] | null;
}

const knownKeys = [
  "language",
  "entrypoint",
  "authors",
  "model_solution",
  "permitted",
  "required",
  "score",
  "message",
  "use_for_time_limit",
];

const readRules = async (files: PackageFiles, findings: Findings): Promise<readonly Rule[]> => {
  const config = await readConfig(files, indexPath, findings);
  const rules: Rule[] = [];
  for (const glob of config.keys) {
    const pattern = globPattern(glob);
    const map = config.map(glob);
    if (pattern === null) config.invalid(glob, "is no valid pattern");
    if (pattern === null || map === null) continue;
    for (const key of map.keys) {
      if (!knownKeys.includes(key)) {
        findings.warn(
          indexPath,
          map.lineOf(key),
          `${map.nameOf(key)}: promises for single tests are not compared`,
        );
      } else if (["entrypoint", "score", "message"].includes(key) && map.has(key)) {
        findings.warn(indexPath, map.lineOf(key), `${map.nameOf(key)} is not compared`);
      }
    }
    const required = map.strings("required", { words: false });
    const permitted = map.strings("permitted", { words: false });
    const expected =
      required === null && permitted === null ? null : promiseOfLists(permitted ?? [], required ?? []);
    if (expected === null && (required !== null || permitted !== null)) {
      map.invalid(required === null ? "permitted" : "required", "must list AC, WA, TLE or RTE");
    }
    const language = map.string("language");
    rules.push({ pattern, expected, language: language === null ? null : languageIdOf(language) });
  }
  return rules;
};
