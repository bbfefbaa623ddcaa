import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { standardPolicy } from "@assay/contracts";
import type { JudgeResult } from "@assay/contracts";
import { languages } from "@assay/languages";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { compileCaches } from "./compile-cache.ts";
import { judgeSubmission } from "./judge.ts";
import { withConstants } from "./package/constants.ts";
import { directoryFiles } from "./package/files.ts";
import type { PackageFiles } from "./package/files.ts";
import { parsePackage } from "./package/parse.ts";
import type { ExampleSubmission, ProblemPackage } from "./package/types.ts";
import type { Tools } from "./toolbox.ts";

// Every submission of every problem that ships with Assay, judged for real up to the first failure that
// decides: it must get a verdict and a score that its package promises.
const box = await catalogueSandboxOrSkip({ slots: 4 });
const compiled =
  box.skip === null
    ? compileCaches(box.get().sandbox, {
        maxEntries: 64,
        maxBytes: 256 * 1024 * 1024,
        platform: "test",
        store: null,
      }).of("test")
    : null;
afterAll(() => box[Symbol.asyncDispose]());

const problems = fileURLToPath(new URL("../../../content/problems", import.meta.url));
const names = (await readdir(problems, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const toolsFor = (id: string): Tools | null => {
  const language = languages.get(id);
  const image = language === undefined ? undefined : box.get().images.get(language.image);
  return language === undefined || image === undefined ? null : { language, image };
};

const judge = async (
  problem: ProblemPackage,
  packageFiles: PackageFiles,
  submission: ExampleSubmission,
): Promise<JudgeResult> => {
  // Answers instead of a program are in no language: which one they come with does not matter.
  const tools = toolsFor(submission.language ?? "python");
  if (tools === null) throw new Error(`no language for ${submission.path}`);
  const files = await Promise.all(
    submission.files.map(async ({ packagePath, path }) => ({
      path,
      content: Buffer.from(await packageFiles.read(packagePath)).toString("utf8"),
    })),
  );
  return judgeSubmission({
    package: problem,
    packageFiles,
    files,
    language: tools.language,
    sandbox: box.get().sandbox,
    compiled,
    mode: "first_failure",
    policy: standardPolicy,
    timeMs: null,
    toolbox: { toolsFor },
    speedFactor: null,
    parallel: 2,
    revealAnswers: true,
    provenance: {
      image: { name: tools.language.image, digest: tools.image },
      language: { id: tools.language.id, version: "as installed" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
};

const brokenBy = (submission: ExampleSubmission, result: JudgeResult): readonly string[] => {
  const { expected, promises } = submission;
  // A presentation error is a kind of wrong answer to the format.
  const allowed = expected.includes("WA") ? [...expected, "PE"] : expected;
  const broken: string[] = [];
  if (!allowed.includes(result.verdict)) {
    broken.push(`${result.verdict} instead of ${expected.join(" or ")}: ${result.evidence.text}`);
  }
  for (const { tests, score } of promises) {
    if (tests !== null || score === null) continue;
    const [least, most] = score;
    if (result.score === null || result.score < least - 1e-6 || result.score > most + 1e-6) {
      broken.push(`${result.score} points instead of ${least} to ${most}`);
    }
  }
  return broken.map((text) => `${submission.path}: ${text}`);
};

/** Two at a time: one may be compiled while the other waits for its time limit. */
const brokenPromises = async (
  problem: ProblemPackage,
  files: PackageFiles,
  submissions: readonly ExampleSubmission[],
): Promise<readonly string[]> => {
  const waiting = submissions.values();
  const broken: string[] = [];
  const work = async (): Promise<void> => {
    for (const submission of waiting) {
      broken.push(...brokenBy(submission, await judge(problem, files, submission)));
    }
  };
  await Promise.all([work(), work()]);
  return broken;
};

describe.skipIf(box.skip !== null)(`the submissions of ${box.skip ?? ""}`, () => {
  test.each(names)("%s get what the package promises", { timeout: 300_000 }, async (name) => {
    const stored = directoryFiles(`${problems}/${name}`);
    const problem = await parsePackage(stored, { shortName: name });
    const { submissions } = problem;
    expect(submissions.filter(({ expected }) => expected.length === 0)).toEqual([]);
    const files = withConstants(stored, problem.constants);
    expect(await brokenPromises(problem, files, submissions)).toEqual([]);
  });
});
