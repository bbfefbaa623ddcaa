import type { Command } from "commander";
import type { Client } from "@assay/client";
import {
  routes,
  verdictNames,
  type IsolationLevel,
  type JobEvent,
  type JudgeResult,
  type Submission,
} from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { CommandFailure, exitCode, usageError, type ExitCode } from "../exit.ts";
import { chooseLanguage, readSource, selectedLanguage } from "../input.ts";
import { requireIsolation } from "../options.ts";
import { ProgressLine } from "../output/progress.ts";
import { left, right, table } from "../output/table.ts";
import { bytes, milliseconds, printable, imageSentence } from "../output/text.ts";
import { compiledBefore } from "../output/verdicts.ts";

interface SubmitOptions {
  readonly language?: string;
  readonly set?: string;
  readonly allTests: boolean;
  readonly requireIsolation?: IsolationLevel;
  readonly json: boolean;
}

export function registerSubmit(program: Command): void {
  program
    .command("submit")
    .description("submit a program to a problem on the server, and watch how it is judged")
    .argument("<problem>", "its short name or id; with --set also its label")
    .argument("<file...>", "source files")
    .option(
      "--language <selector>",
      "python, python@>=3.10; instead of telling it by extension and content; any will do where answers are submitted",
    )
    .option("--set <problem-set>", "the problem set that it is submitted in, whose policy then counts")
    .option("--all-tests", "run every test instead of stopping at the first failure", false)
    .addOption(requireIsolation())
    .option("--json", "one JSON object", false)
    .action(async (problem: string, files: string[], options: SubmitOptions) => {
      process.exitCode = await submit(problem, files, options);
    });
}

async function submit(problem: string, paths: readonly string[], options: SubmitOptions): Promise<ExitCode> {
  const signal = interruptSignal();
  if (options.language !== undefined) selectedLanguage(options.language);
  const [first] = paths;
  if (first === undefined) throw usageError("name a source file");
  const files = await Promise.all(paths.map((path) => readSource(path)));
  // Headers and data may stand beside the first, which names the program.
  const { selector } = chooseLanguage(first, files, options.language);
  await using connection = await connect(signal);
  const { client } = connection;
  const submitted = await client.call(routes.createSubmission, {
    body: {
      problem,
      problemSet: options.set ?? null,
      language: selector,
      files,
      mode: options.allTests ? "all" : "first_failure",
      requires: { isolation: options.requireIsolation ?? null },
    },
    signal,
  });
  // Whoever interrupts this has no other way to find it again; it is judged all the same.
  process.stderr.write(
    `${printable(submitted.problem.shortName)}: submission ${submitted.id}, job ${submitted.job.id}\n`,
  );
  await watch(client, submitted, signal);
  const submission = await client.call(routes.getSubmission, { params: { id: submitted.id }, signal });
  if (options.json) printJson(submission);
  const { result, failure, state } = submission.job;
  if (result === null)
    throw new CommandFailure(
      state === "cancelled" ? exitCode.notSo : exitCode.platform,
      state === "cancelled"
        ? "the submission was withdrawn"
        : `the platform gave up: ${failure?.message ?? state}`,
    );
  if (!options.json) showResult(result);
  return result.verdict === "AC" ? exitCode.ok : exitCode.notSo;
}

/** A line on stderr that follows the judging, test by test. */
async function watch(client: Client, { problem, job }: Submission, signal: AbortSignal): Promise<void> {
  using line = new ProgressLine(printable(problem.shortName));
  if (job.waitingFor !== null) line.update("waiting", null, null, `waiting: ${printable(job.waitingFor)}`);
  for await (const event of client.events(job.id, { signal })) follow(line, event);
}

function follow(line: ProgressLine, { body }: JobEvent): void {
  switch (body.type) {
    case "state":
      return line.update(body.state, null, null, body.state);
    case "compile":
      return line.update("compiled", null, null, body.report.succeeded ? "compiled" : "does not compile");
    case "test": {
      const { done, total, result } = body;
      return line.update(
        "judging",
        done,
        total,
        `${done}/${total} ${printable(result.name)}: ${result.verdict}`,
      );
    }
    case "group":
      return line.update("judging", null, null, `${printable(body.result.name)}: ${body.result.verdict}`);
    case "image":
      return line.update(body.state, body.done, body.total, printable(imageSentence(body)));
    case "progress":
    case "output":
      return;
  }
}

/** What a submission got: tests that are not accepted, groups, and the verdict in a sentence. */
export function showResult(result: JudgeResult): void {
  const failed = result.tests.filter(({ verdict }) => verdict !== "AC" && verdict !== "SK");
  if (failed.length > 0) {
    const columns = [
      left("test"),
      left("verdict"),
      right("CPU"),
      right("wall"),
      right("memory"),
      left("evidence"),
    ];
    const rows = failed.map((test) => [
      printable(test.name),
      test.verdict,
      milliseconds(test.cpuMs),
      milliseconds(test.wallMs),
      bytes(test.memoryBytes),
      printable(test.teamMessage ?? test.evidence.text),
    ]);
    process.stdout.write(`${table(columns, rows)}\n`);
  }
  if (result.groups.length > 0) {
    const columns = [left("group"), left("verdict"), right("passed"), right("score"), left("reason")];
    const rows = result.groups.map((group) => [
      printable(group.name === "" ? "data" : group.name),
      group.verdict,
      `${group.passed}/${group.total}`,
      scoreText(group.score, group.maxScore),
      printable(group.reason ?? ""),
    ]);
    process.stdout.write(`${table(columns, rows)}\n`);
  }
  const score = scoreText(result.score, result.maxScore);
  process.stdout.write(
    `${result.verdict} (${verdictNames[result.verdict]}), ${result.passed}/${result.total} tests${score === "" ? "" : `, ${score} points`}: ${printable(`${result.evidence.text}${compiledBefore(result.compile)}`)}\n`,
  );
}

export const scoreText = (score: number | null, max: number | null = null): string =>
  score === null ? "" : `${score}${max === null ? "" : `/${max}`}`;
