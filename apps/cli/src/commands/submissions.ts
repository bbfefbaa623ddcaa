import { Option, type Command } from "commander";
import { routes, Verdict, type Submission } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { count, instant } from "../options.ts";
import { left, right, table } from "../output/table.ts";
import { printable } from "../output/text.ts";
import { scoreText, showResult } from "./submit.ts";

interface ListOptions {
  readonly problem?: string;
  readonly set?: string;
  readonly language?: string;
  readonly verdict?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

export function registerSubmissions(program: Command): void {
  const submissions = program.command("submissions").description("submissions on the server");
  submissions
    .command("list", { isDefault: true })
    .description("newest first")
    .option("--problem <problem>", "short name (all of its versions) or id")
    .option("--set <problem-set>", "name or id")
    .option("--language <selector>", "python, or python@3 for all that fit")
    .addOption(new Option("--verdict <verdict>").choices(Verdict.options))
    .option("--since <time>", "submitted at or after it, for example 2026-11-28T10:00:00Z", instant)
    .option("--until <time>", "submitted before it", instant)
    .option("--limit <n>", "how many", count, 20)
    .option("--cursor <cursor>", "`nextCursor` of the page before")
    .option("--json", "one JSON object", false)
    .action(async (options: ListOptions) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const { json, set, verdict, ...rest } = options;
      const query = {
        ...rest,
        ...(set === undefined ? {} : { problemSet: set }),
        ...(verdict === undefined ? {} : { verdict: Verdict.parse(verdict) }),
      };
      const page = await connection.client.call(routes.listSubmissions, { query, signal });
      if (json) return printJson(page);
      show(page.items);
      if (page.nextCursor !== null) process.stderr.write(`more: --cursor ${page.nextCursor}\n`);
    });
  submissions
    .command("show")
    .description("one submission with its result")
    .argument("<submission>", "its id")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: { json: boolean }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const submission = await connection.client.call(routes.getSubmission, { params: { id }, signal });
      if (json) return printJson(submission);
      show([submission]);
      if (submission.job.result !== null) showResult(submission.job.result);
    });
  submissions
    .command("judgings")
    .description("every time that a submission was judged (teachers only)")
    .argument("<submission>", "its id")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: { json: boolean }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const answer = await connection.client.call(routes.submissionJudgings, { params: { id }, signal });
      if (json) return printJson(answer);
      const columns = [
        left("job"),
        left("state"),
        left("verdict"),
        right("score"),
        left(""),
        left("made by"),
      ];
      const rows = answer.items.map((judging) => [
        judging.jobId,
        judging.state,
        judging.verdict ?? "",
        scoreText(judging.score),
        judging.current ? "shown" : "",
        judging.rejudging === null
          ? "the submission"
          : `rejudging ${judging.rejudging.id}: ${printable(judging.rejudging.reason)}`,
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    });
}

function show(submissions: readonly Submission[]): void {
  const columns = [
    left("submission"),
    left("problem"),
    left("set"),
    left("language"),
    left("state"),
    left("verdict"),
    right("passed"),
    right("score"),
    left("submitted"),
  ];
  const rows = submissions.map(({ id, problem, problemSet, language, createdAt, job }) => [
    id,
    printable(problem.shortName),
    printable(problemSet?.name ?? ""),
    language,
    job.state,
    job.verdict ?? "",
    job.result === null ? "" : `${job.result.passed}/${job.result.total}`,
    scoreText(job.score, job.result?.maxScore ?? null),
    createdAt,
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}
