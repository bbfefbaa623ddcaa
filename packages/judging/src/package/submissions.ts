import type { Verdict } from "@assay/contracts";
import { languagesInFiles } from "@assay/languages";
import type { DetectableFile } from "@assay/languages";
import type { Findings } from "./findings.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { comparePaths } from "./names.ts";
import { asDetectable } from "./program.ts";
import {
  anyVerdict,
  nothingStated,
  officialDirectories,
  promiseFor,
  promiseOfDirectory,
  promiseOfTag,
  statedByDirectory,
  verdictsLeft,
} from "./promises.ts";
import type { StatedPromise } from "./promises.ts";
import { indexPath, readSubmissionRules } from "./submission-rules.ts";
import type { SubmissionRule } from "./submission-rules.ts";
import type {
  ExampleSubmission,
  FormatVersion,
  PlacedFile,
  ProblemType,
  SubmissionPromise,
} from "./types.ts";

const maxTaggedBytes = 1024 * 1024;

export interface SubmissionsRequest {
  readonly files: PackageFiles;
  readonly version: FormatVersion;
  readonly type: ProblemType;
  readonly findings: Findings;
}

interface FoundSubmission {
  readonly directory: string;
  readonly files: PlacedFile[];
  readonly detectable: DetectableFile[];
  bytes: number;
}

/**
 * The example submissions: each file or directory below submissions/<directory>/. What one promises
 * follows from submissions.yaml (2025-09) and its directory, else from a tag in its source.
 */
export const readSubmissions = async (
  request: SubmissionsRequest,
  entries: readonly PackageEntry[],
): Promise<readonly ExampleSubmission[]> => {
  const { files, version, type, findings } = request;
  const found = findSubmissions(entries, version, findings);
  const rules =
    version === "2025-09" && entries.some((entry) => entry.path === indexPath)
      ? await readSubmissionRules(files, type.scoring, findings)
      : [];
  for (const rule of rules) {
    const fits = [...found.keys()].some((path) => rule.pattern.test(path.slice("submissions/".length)));
    if (!fits) findings.warn(indexPath, rule.line, `"${rule.glob.slice(0, 100)}" fits no submission`);
  }
  const submissions: ExampleSubmission[] = [];
  for (const path of [...found.keys()].sort(comparePaths)) {
    const submission = found.get(path);
    if (submission !== undefined) submissions.push(await readSubmission(request, path, submission, rules));
  }
  checkAccepted(submissions, version, findings);
  return submissions;
};

const findSubmissions = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): ReadonlyMap<string, FoundSubmission> => {
  const found = new Map<string, FoundSubmission>();
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
    const submission = found.get(path) ?? { directory, files: [], detectable: [], bytes: 0 };
    submission.detectable.push(asDetectable(entry));
    submission.files.push({
      packagePath: entry.path,
      path: rest.length === 0 ? name : rest.join("/"),
    });
    submission.bytes += entry.size;
    found.set(path, submission);
  }
  return found;
};

const readSubmission = async (
  { files, version, type, findings }: SubmissionsRequest,
  path: string,
  found: FoundSubmission,
  rules: readonly SubmissionRule[],
): Promise<ExampleSubmission> => {
  const { directory } = found;
  const matching = rules.filter((rule) => rule.pattern.test(path.slice("submissions/".length)));
  const stated = matching.findLast((rule) => rule.language !== undefined);
  const detected = languagesInFiles(found.detectable).map(({ id }) => id);
  // A submission of a submit-answer problem is a set of outputs, in no language.
  if (!type.submitAnswer && stated === undefined && detected.length > 1) {
    findings.warn(path, null, `holds sources in ${detected.join(" and ")}; the first one counts`);
  }
  const language = stated === undefined ? (detected[0] ?? null) : (stated.language ?? null);
  if (language === null && !type.submitAnswer) {
    findings.warn(path, null, "is in no language that this version knows");
  }
  const entryPoint = matching.findLast((rule) => rule.entryPoint !== null)?.entryPoint ?? null;

  const promises = promisesOf(directory, version, matching);
  checkPromises(path, promises, findings);
  let expected: readonly Verdict[] | null = matching.some((rule) => rule.whole !== null)
    ? verdictsLeft(promises)
    : promiseOfDirectory(directory, version);
  if (expected === null && !officialDirectories.includes(directory) && found.bytes <= maxTaggedBytes) {
    expected = await tagPromise(files, found.files);
  }
  if (expected === null && promises.length === 0) {
    findings.warn(path, null, "promises no verdict that this version knows");
  }
  return {
    path,
    directory,
    language,
    entryPoint,
    expected: expected ?? [],
    promises,
    modelSolution: matching.findLast((rule) => rule.modelSolution !== null)?.modelSolution ?? false,
    authors: matching.flatMap((rule) => rule.authors),
    files: found.files,
  };
};

/**
 * The directory's promise, which an entry of exactly that name overrides key by key, and what every
 * other entry that fits adds.
 */
const promisesOf = (
  directory: string,
  version: FormatVersion,
  matching: readonly SubmissionRule[],
): readonly SubmissionPromise[] => {
  const promises: SubmissionPromise[] = [];
  const byDirectory = statedByDirectory(directory, version);
  const override = matching.find((rule) => rule.glob === directory)?.whole ?? null;
  if (byDirectory !== null || override !== null) {
    promises.push(promiseFor(null, overridden(byDirectory ?? nothingStated, override)));
  }
  for (const rule of matching) {
    if (rule.whole !== null && rule.glob !== directory) promises.push(promiseFor(null, rule.whole));
    for (const { tests, stated } of rule.parts) promises.push(promiseFor(tests, stated));
  }
  return promises;
};

const overridden = (base: StatedPromise, over: StatedPromise | null): StatedPromise =>
  over === null
    ? base
    : {
        permitted: over.permitted ?? base.permitted,
        required: over.required ?? base.required,
        score: over.score ?? base.score,
        message: over.message ?? base.message,
        timeLimit: over.timeLimit ?? base.timeLimit,
      };

/** Entries that fit the same submission must leave it something that it can get. */
const checkPromises = (path: string, promises: readonly SubmissionPromise[], findings: Findings): void => {
  const whole = promises.filter(({ tests }) => tests === null);
  const permitted = anyVerdict.filter((verdict) => whole.every((each) => each.permitted.includes(verdict)));
  const unmet = whole.find(
    ({ required }) => required.length > 0 && !required.some((verdict) => permitted.includes(verdict)),
  );
  if (permitted.length === 0 || unmet !== undefined) {
    findings.invalid(
      indexPath,
      null,
      `contradicts itself for ${path}: what one entry requires or permits, another one rules out`,
    );
  }
};

const checkAccepted = (
  submissions: readonly ExampleSubmission[],
  version: FormatVersion,
  findings: Findings,
): void => {
  if (submissions.some((submission) => submission.expected.join() === "AC")) return;
  if (version === "2025-09" && submissions.some(({ directory }) => directory === "accepted")) return;
  findings.warn(
    "submissions/accepted",
    null,
    "holds no submission; a package should prove that it can be solved",
  );
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
