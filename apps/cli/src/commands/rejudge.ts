import { setTimeout as sleep } from "node:timers/promises";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Client } from "@assay/client";
import {
  RejudgingChange,
  routes,
  Verdict,
  type Rejudging,
  type RejudgingDetail,
  type RejudgingItem,
  type RejudgingPreview,
  type SubmissionSelection,
} from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { exitCode } from "../exit.ts";
import { count, instant } from "../options.ts";
import { ProgressLine } from "../output/progress.ts";
import { left, right, table } from "../output/table.ts";
import { printable } from "../output/text.ts";
import { readPolicy } from "./sets.ts";
import { scoreText } from "./submit.ts";

interface JsonOption {
  readonly json: boolean;
}

interface CreateOptions extends JsonOption {
  readonly reason: string;
  readonly problem: readonly string[];
  readonly set?: string;
  readonly language: readonly string[];
  readonly verdict: readonly Verdict[];
  readonly since?: string;
  readonly until?: string;
  readonly submission: readonly string[];
  readonly against?: string;
  readonly time?: number;
  readonly policy?: string;
  readonly wait: boolean;
}

/** Between two looks at how far a plan is, ms. */
const lookEveryMs = 500;

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const verdicts = (value: string, before: readonly Verdict[]): readonly Verdict[] => {
  const parsed = Verdict.safeParse(value);
  if (parsed.success) return [...before, parsed.data];
  throw new InvalidArgumentError(`expected one of ${Verdict.options.join(", ")}`);
};

export function registerRejudge(program: Command): void {
  const rejudge = program
    .command("rejudge")
    .description("judge submissions again beside what is shown, look at the difference, then decide");
  rejudge
    .command("create")
    .description("choose submissions by all that is given, and judge them again")
    .requiredOption("--reason <text>", "why; it is kept in the audit")
    .option("--problem <problem>", "short name (all of its versions) or id; may be repeated", several, [])
    .option("--set <problem-set>", "name or id")
    .option("--language <selector>", "python, or python@3 for all that fit; may be repeated", several, [])
    .option("--verdict <verdict>", "that they show now; may be repeated", verdicts, [])
    .option("--since <time>", "submitted at or after it, for example 2026-11-28T10:00:00Z", instant)
    .option("--until <time>", "submitted before it", instant)
    .option("--submission <id>", "may be repeated", several, [])
    .option("--against <problem>", "id of a version; otherwise the newest of each problem")
    .option("--time <ms>", "another CPU time limit per test, ms", count)
    .option("--policy <policy>", "another policy: a preset, or a JSON file")
    .option("--wait", "until all are judged, and show the difference", false)
    .option("--json", "one JSON object", false)
    .action(async (options: CreateOptions) => {
      const policy = options.policy === undefined ? null : await readPolicy(options.policy);
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const { client } = connection;
      const plan = await client.call(routes.createRejudging, {
        body: {
          reason: options.reason,
          selection: selectionOf(options),
          against: options.against ?? null,
          timeMs: options.time ?? null,
          policy,
        },
        signal,
        // Thousands of jobs are made before the answer.
        timeoutMs: 300_000,
      });
      if (!options.wait) return options.json ? printJson(plan) : show([plan]);
      await untilReady(client, plan, signal);
      await present(client, plan.id, { json: options.json, signal, limit: 20 });
    });
  rejudge
    .command("list", { isDefault: true })
    .description("newest first")
    .option("--limit <n>", "how many", count, 20)
    .option("--json", "one JSON object", false)
    .action(async ({ json, limit }: JsonOption & { limit: number }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const page = await connection.client.call(routes.listRejudgings, { query: { limit }, signal });
      if (json) printJson(page);
      else show(page.items);
    });
  rejudge
    .command("show")
    .description("how far a rejudging is, old results against new ones, and who decided what")
    .argument("<rejudging>", "its id")
    .addOption(new Option("--change <change>", "only those submissions").choices(RejudgingChange.options))
    .option("--limit <n>", "submissions at most", count, 50)
    .option("--wait", "until all are judged", false)
    .option("--json", "one JSON object", false)
    .action(async (id: string, options: JsonOption & { change?: string; limit: number; wait: boolean }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const { client } = connection;
      if (options.wait)
        await untilReady(client, await client.call(routes.getRejudging, { params: { id }, signal }), signal);
      await present(client, id, { ...options, signal });
    });
  rejudge
    .command("apply")
    .description("show the new results from now on, all at once")
    .argument("<rejudging>", "its id")
    .requiredOption("--reason <text>", "why; it is kept in the audit")
    .option("--skip-unjudged", "submissions without a new result keep their old one", false)
    .option("--json", "one JSON object", false)
    .action(
      async (
        id: string,
        { reason, skipUnjudged, json }: JsonOption & { reason: string; skipUnjudged: boolean },
      ) => {
        const signal = interruptSignal();
        await using connection = await connect(signal);
        const body = { reason, skipUnjudged };
        const input = { params: { id }, body, signal, timeoutMs: 300_000 };
        const plan = await connection.client.call(routes.applyRejudging, input);
        if (json) printJson(plan);
        else show([plan]);
      },
    );
  decision(
    rejudge,
    "discard",
    "drop the new results, and withdraw what is not judged yet",
    "discardRejudging",
  );
  decision(rejudge, "rollback", "show the old results of an applied rejudging again", "rollBackRejudging");
}

const decision = (
  rejudge: Command,
  name: string,
  description: string,
  route: "discardRejudging" | "rollBackRejudging",
): Command =>
  rejudge
    .command(name)
    .description(description)
    .argument("<rejudging>", "its id")
    .requiredOption("--reason <text>", "why; it is kept in the audit")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { reason, json }: JsonOption & { reason: string }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const input = { params: { id }, body: { reason }, signal, timeoutMs: 300_000 };
      const plan = await connection.client.call(routes[route], input);
      if (json) printJson(plan);
      else show([plan]);
    });

const selectionOf = (options: CreateOptions): SubmissionSelection => ({
  ...(options.problem.length > 0 ? { problems: [...options.problem] } : {}),
  ...(options.set === undefined ? {} : { problemSet: options.set }),
  ...(options.language.length > 0 ? { languages: [...options.language] } : {}),
  ...(options.verdict.length > 0 ? { verdicts: [...options.verdict] } : {}),
  ...(options.since === undefined ? {} : { since: options.since }),
  ...(options.until === undefined ? {} : { until: options.until }),
  ...(options.submission.length > 0 ? { submissions: [...options.submission] } : {}),
});

async function untilReady(client: Client, plan: RejudgingDetail, signal: AbortSignal): Promise<void> {
  using line = new ProgressLine("rejudging");
  for (let now = plan; ;) {
    const { progress, state, total } = now;
    const done = progress.judged + progress.unjudged;
    line.update(state, done, total, `${done}/${total} judged, ${progress.judging} under way`);
    if (state !== "pending" && state !== "judging") return;
    await sleep(lookEveryMs, undefined, { signal });
    now = await client.call(routes.getRejudging, { params: { id: plan.id }, signal });
  }
}

interface PresentOptions extends JsonOption {
  readonly signal: AbortSignal;
  readonly change?: string;
  readonly limit: number;
}

async function present(
  client: Client,
  id: string,
  { json, signal, change, limit }: PresentOptions,
): Promise<void> {
  const params = { id };
  const rejudging = await client.call(routes.getRejudging, { params, signal });
  const preview = await client.call(routes.previewRejudging, { params, signal });
  const audit = await client.call(routes.rejudgingAudit, { params, signal });
  const items = await readItems(client, id, change === undefined ? null : RejudgingChange.parse(change), {
    limit,
    signal,
  });
  if (json) return printJson({ rejudging, preview, items, audit: audit.items });
  show([rejudging]);
  showPreview(preview);
  showItems(items);
  for (const { at, action, by, reason, submissions } of audit.items)
    process.stdout.write(
      `${at} ${printable(by.name)}: ${action}${submissions === 0 ? "" : ` (${submissions} submissions)`}: ${printable(reason)}\n`,
    );
  if (preview.stale > 0) process.exitCode = exitCode.notSo;
}

interface PageOfItems {
  readonly items: readonly RejudgingItem[];
  readonly nextCursor: string | null;
}

async function readItems(
  client: Client,
  id: string,
  change: RejudgingChange | null,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<RejudgingItem[]> {
  const items: RejudgingItem[] = [];
  const filter = change === null ? {} : { change };
  let cursor: string | null = null;
  do {
    const rest = { limit: Math.min(200, limit - items.length), ...(cursor === null ? {} : { cursor }) };
    const query = { ...filter, ...rest };
    const page: PageOfItems = await client.call(routes.listRejudgingItems, { params: { id }, query, signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return items;
}

function show(plans: readonly Rejudging[]): void {
  const columns = [
    left("rejudging"),
    left("state"),
    right("submissions"),
    left("by"),
    left("created"),
    left("reason"),
  ];
  const rows = plans.map((plan) => [
    plan.id,
    plan.state,
    String(plan.total),
    printable(plan.createdBy.name),
    plan.createdAt,
    printable(plan.reason),
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}

function showPreview({ changes, matrix, scores, stale }: RejudgingPreview): void {
  const counts = RejudgingChange.options.map((change) => `${change} ${changes[change]}`);
  process.stdout.write(`${counts.join(", ")}\n`);
  if (stale > 0)
    process.stdout.write(`${stale} submissions show another result meanwhile: this can't be applied\n`);
  if (scores !== null)
    process.stdout.write(`scores of ${scores.count} submissions: ${scores.before} → ${scores.after}\n`);
  if (matrix.length === 0) return;
  const news = [...new Set(matrix.map(({ to }) => to))].toSorted(byVerdict);
  const olds = [...new Set(matrix.map(({ from }) => from))].toSorted(byVerdict);
  const rows = olds.map((from) => [
    from ?? "none",
    ...news.map((to) => String(matrix.find((cell) => cell.from === from && cell.to === to)?.count ?? "")),
  ]);
  process.stdout.write(`${table([left("old \\ new"), ...news.map((name) => right(name))], rows)}\n`);
}

const place = (verdict: Verdict | null): number => (verdict === null ? -1 : Verdict.options.indexOf(verdict));
const byVerdict = (a: Verdict | null, b: Verdict | null): number => place(a) - place(b);

function showItems(items: readonly RejudgingItem[]): void {
  const columns = [
    left("submission"),
    left("problem"),
    left("language"),
    left("by"),
    left("change"),
    left("old"),
    left("new"),
    right("score"),
  ];
  const rows = items.map((item) => [
    item.submissionId,
    printable(item.problem.shortName),
    item.language,
    printable(item.submittedBy.name),
    item.stale ? `${item.change} (stale)` : item.change,
    item.old.verdict ?? item.old.state,
    item.new.verdict ?? item.new.state,
    item.scoreDifference === null
      ? scoreText(item.new.score)
      : `${item.scoreDifference > 0 ? "+" : ""}${item.scoreDifference}`,
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}
