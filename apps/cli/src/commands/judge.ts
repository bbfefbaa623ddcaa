import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { ApiError, type Client } from "@assay/client";
import {
  routes,
  verdictNames,
  type IsolationLevel,
  type JudgeResult,
  type Submission,
  type Verdict,
} from "@assay/contracts";
import {
  directoryFiles,
  parsePackage,
  withConstants,
  type PackageFiles,
  type ProblemPackage,
} from "@assay/judging";
import { interruptSignal, printJson } from "../command.ts";
import { connectOrEmbed } from "../connection.ts";
import { CommandFailure, exitCode, usageError, type ExitCode } from "../exit.ts";
import { chooseLanguage, languagesBuiltHere, readSubmission, selectedLanguage } from "../input.ts";
import { requireIsolation } from "../options.ts";
import { explained, friendly } from "../output/friendly.ts";
import { printable } from "../output/text.ts";
import { verdictTable } from "../output/verdicts.ts";
import { compileSummary } from "./run.ts";
import { uploadPackage, whenVerified } from "../upload.ts";

interface JudgeOptions {
  readonly language?: string;
  readonly allTests: boolean;
  readonly requireIsolation?: IsolationLevel;
  readonly json: boolean;
}

/** A submission to judge and the verdicts that its place in the package promises. */
interface Candidate {
  readonly path: string;
  /** Whose image must be there. */
  readonly language: string;
  /** What the server is asked for. */
  readonly selector: string;
  readonly files: readonly { path: string; content: string; encoding: "base64" }[];
  readonly expected: readonly Verdict[];
}

interface Judged {
  readonly candidate: Candidate;
  readonly result: JudgeResult;
}

/** How many submissions of one command are under way at once. */
const inFlight = 8;

export function registerJudge(program: Command): void {
  program
    .command("judge")
    .description("judge submissions to a problem package; without any, the package's own")
    .argument("<package>", "a problem package's directory")
    .argument("[submission...]", "each a source file, or a directory of files that belong together")
    .option(
      "--language <selector>",
      "of the given submissions (python, python@>=3.10), instead of telling it by extension and content",
    )
    .option("--all-tests", "run every test instead of stopping at the first failure", false)
    .addOption(requireIsolation())
    .option("--json", "one JSON object", false)
    .action(async (path: string, submissions: string[], options: JudgeOptions) => {
      process.exitCode = await judge(path, submissions, options);
    });
}

async function judge(path: string, submissions: readonly string[], options: JudgeOptions): Promise<ExitCode> {
  const signal = interruptSignal();
  if (options.language !== undefined) selectedLanguage(options.language);
  if (!(await stat(path)).isDirectory())
    throw usageError(`${path} is not a directory; unpack the package and name its directory`);
  const stored = directoryFiles(path);
  const problem = await parsePackage(stored);
  const files = withConstants(stored, problem.constants);
  const candidates =
    submissions.length > 0
      ? await givenCandidates(path, problem, submissions, options.language)
      : await ownCandidates(files, problem);
  if (candidates.length === 0)
    throw usageError(`${path} has no submissions of its own; name a source file to judge`);

  await using connection = await connectOrEmbed(
    candidates.map((candidate) => candidate.language),
    signal,
    // Where the package states no time limit, its verification measures one.
    { verifyUploads: !problem.limits.timeStated },
  );
  let uploaded = await uploadPackage(connection.client, path, signal);
  if (!problem.limits.timeStated && uploaded.verification.state === "pending") {
    process.stderr.write("assay: measuring the time limit with the package's own submissions\n");
    uploaded = await whenVerified(connection.client, uploaded, signal, () => undefined);
  }
  const judged = await inOrder(candidates, inFlight, async (candidate) => {
    const result = await judgeOne(connection.client, uploaded.id, candidate, options, signal);
    if (!options.json) process.stderr.write(`  ${candidate.path}: ${verdictNames[result.verdict]}\n`);
    return { candidate, result };
  });

  if (options.json) printJson({ problem: uploaded.shortName, submissions: judged.map(summary) });
  else show(uploaded.shortName, judged);
  if (judged.some(({ result }) => result.verdict === "IE")) return exitCode.platform;
  return judged.every(isAsPromised) ? exitCode.ok : exitCode.notSo;
}

/** A submission that promises nothing may get any verdict but a failure of the platform or the author. */
const isAsPromised = ({ candidate, result }: Judged): boolean =>
  candidate.expected.length === 0
    ? result.fault === null || result.fault === "submitter"
    : candidate.expected.includes(result.verdict);

/** Answers to a problem that takes no programs are in no language: whichever there is leaves them as they are. */
const languageOfAnswers = ({ type }: ProblemPackage): string | null => (type.submitAnswer ? "python" : null);

/** The package's own submissions; those in a language that is not ours are named and left out. */
async function ownCandidates(files: PackageFiles, problem: ProblemPackage): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const submission of problem.submissions) {
    const language = submission.language ?? languageOfAnswers(problem);
    if (language === null) {
      process.stderr.write(
        `assay: not judged, no language of the catalogue fits: ${printable(submission.path)}\n`,
      );
      continue;
    }
    candidates.push({
      path: submission.path,
      language,
      selector: language,
      files: await Promise.all(
        submission.files.map(async (file) => ({
          path: file.path,
          content: Buffer.from(await files.read(file.packagePath)).toString("base64"),
          encoding: "base64" as const,
        })),
      ),
      expected: submission.expected,
    });
  }
  return candidates;
}

/** A file of the package keeps its promise; any other is expected to be accepted. */
async function givenCandidates(
  root: string,
  problem: ProblemPackage,
  paths: readonly string[],
  language: string | undefined,
): Promise<readonly Candidate[]> {
  const built = await languagesBuiltHere();
  return Promise.all(
    paths.map(async (path) => {
      const inside = relative(resolve(root), resolve(path));
      const own = problem.submissions.find((submission) => submission.path === inside);
      const files = await readSubmission(path);
      const answers = language === undefined ? languageOfAnswers(problem) : null;
      const chosen = answers === null ? chooseLanguage(path, files, language, built) : null;
      return {
        path,
        language: chosen?.language.id ?? answers ?? "",
        selector: chosen?.selector ?? answers ?? "",
        files,
        expected: own?.expected ?? ["AC" as const],
      };
    }),
  );
}

async function judgeOne(
  client: Client,
  problem: string,
  candidate: Candidate,
  { allTests, requireIsolation: isolation }: JudgeOptions,
  signal: AbortSignal,
): Promise<JudgeResult> {
  let submission: Submission = await client
    .call(routes.createSubmission, {
      query: { wait: 30 },
      body: {
        problem,
        language: candidate.selector,
        files: [...candidate.files],
        mode: allTests ? "all" : "first_failure",
        requires: { isolation: isolation ?? null },
      },
      signal,
    })
    .catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status >= 500) throw error;
      throw usageError(`${candidate.path} is refused: ${error.message} (${error.code})`);
    });
  while (submission.job.finishedAt === null)
    submission = await client.call(routes.getSubmission, {
      params: { id: submission.id },
      query: { wait: 30 },
      signal,
    });
  if (!submission.job.result)
    throw new CommandFailure(
      exitCode.platform,
      `${candidate.path}: the platform gave up: ${submission.job.failure?.message ?? submission.job.state}`,
    );
  return submission.job.result;
}

/** Results in the order of the items, with at most `limit` under way. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(limit, items.length) }, async () => {
      for (let index = next++; index < items.length; index = next++) {
        const item = items[index];
        if (item !== undefined) results[index] = await work(item);
      }
    }),
  );
  return results;
}

/** Why it was not compiled, else why the test failed that decided. */
const diagnosticsOf = ({ compile, tests }: JudgeResult) =>
  compile?.succeeded === false
    ? compile.diagnostics
    : (tests.find(({ verdict }) => verdict !== "AC")?.diagnostics ?? []);

/** The stable shape of one submission in `judge --json`. */
const summary = ({ candidate, result }: Judged) => ({
  path: candidate.path,
  language: result.provenance?.language.id ?? candidate.language,
  expected: candidate.expected,
  verdict: result.verdict,
  fault: result.fault,
  passed: result.passed,
  total: result.total,
  diagnostics: explained(diagnosticsOf(result)),
  tests: result.tests.map(({ name, verdict, cpuMs, wallMs, memoryBytes, evidence, diagnostics }) => ({
    name,
    verdict,
    cpuMs,
    wallMs,
    memoryBytes,
    evidence: evidence.text,
    diagnostics: explained(diagnostics),
  })),
  compile: compileSummary(result.compile),
  evidence: result.evidence,
  provenance: result.provenance,
});

function show(shortName: string, judged: readonly Judged[]): void {
  const lines = judged.map((one) => ({
    submission: one.candidate.path,
    language: one.result.provenance?.language.id ?? one.candidate.language,
    expected: one.candidate.expected.join("/"),
    isAsExpected: isAsPromised(one),
    result: one.result,
  }));
  process.stdout.write(`${verdictTable(lines)}\n`);
  for (const one of judged) {
    const advice = isAsPromised(one) ? "" : friendly(diagnosticsOf(one.result));
    if (advice !== "") process.stderr.write(`${printable(one.candidate.path)}\n${advice}`);
  }
  const wrong = judged.filter((one) => !isAsPromised(one)).length;
  process.stdout.write(
    wrong === 0
      ? `${shortName}: every submission got what it promises (${judged.length})\n`
      : `${shortName}: ${wrong} of ${judged.length} submissions did not get what they promise\n`,
  );
}
