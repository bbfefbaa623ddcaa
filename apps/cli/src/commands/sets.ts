import { readFile } from "node:fs/promises";
import { InvalidArgumentError, type Command } from "commander";
import { JudgePolicy, PolicyPreset, routes, type NewProblemSet, type ProblemSet } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { usageError } from "../exit.ts";
import { left, right, table } from "../output/table.ts";
import { printable } from "../output/text.ts";

interface JsonOption {
  readonly json: boolean;
}

interface ContentOptions extends JsonOption {
  readonly title?: string;
  readonly policy?: string;
  readonly problem: readonly Entry[];
}

interface Entry {
  readonly problem: string;
  readonly label: string | null;
}

export function registerSets(program: Command): void {
  const sets = program.command("sets").description("problem sets: problems that are judged by one policy");
  sets
    .command("list", { isDefault: true })
    .description("newest first")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const page = await connection.client.call(routes.listProblemSets, { query: { limit: 200 }, signal });
      if (json) printJson(page);
      else show(page.items);
    });
  sets
    .command("show")
    .description("one problem set with its policy and problems")
    .argument("<set>", "its name or id")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const set = await connection.client.call(routes.getProblemSet, { params: { id }, signal });
      if (json) printJson(set);
      else showOne(set);
    });
  withContent(sets.command("create").description("make a problem set").argument("<name>")).action(
    async (name: string, options: ContentOptions) => {
      const body: NewProblemSet = {
        name,
        title: options.title ?? name,
        policy: await readPolicy(options.policy ?? "default"),
        problems: [...options.problem],
      };
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const set = await connection.client.call(routes.createProblemSet, { body, signal });
      if (options.json) printJson(set);
      else showOne(set);
    },
  );
  withContent(
    sets
      .command("change")
      .description("change a problem set; what is not named stays, and --problem names all of them anew")
      .argument("<set>", "its name or id")
      .option("--name <name>", "another name"),
  ).action(async (id: string, options: ContentOptions & { name?: string }) => {
    const signal = interruptSignal();
    await using connection = await connect(signal);
    const { client } = connection;
    const set = await client.call(routes.getProblemSet, { params: { id }, signal });
    const body: NewProblemSet = {
      name: options.name ?? set.name,
      title: options.title ?? set.title,
      policy: options.policy === undefined ? set.policy : await readPolicy(options.policy),
      problems:
        options.problem.length > 0
          ? [...options.problem]
          : set.problems.map(({ shortName, label }) => ({ problem: shortName, label })),
    };
    const changed = await client.call(routes.replaceProblemSet, { params: { id: set.id }, body, signal });
    if (options.json) printJson(changed);
    else showOne(changed);
  });
  sets
    .command("delete")
    .description("delete a problem set that no submission names")
    .argument("<set>", "its name or id")
    .action(async (id: string) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      await connection.client.call(routes.deleteProblemSet, { params: { id }, signal });
    });
}

const withContent = (command: Command): Command =>
  command
    .option("--title <title>")
    .option(
      "--policy <policy>",
      `${PolicyPreset.options.join(", ")}, or a JSON file with remap, priority, presentationErrors, retimes, parallel, scaleTime`,
    )
    .option("--problem <[label=]problem>", "a problem, for example A=sum; repeat it for each", entry, [])
    .option("--json", "one JSON object", false);

function entry(value: string, before: readonly Entry[]): readonly Entry[] {
  const [, label, problem] = /^(?:([^=]*)=)?(.+)$/s.exec(value) ?? [];
  if (problem === undefined) throw new InvalidArgumentError("expected PROBLEM or LABEL=PROBLEM");
  return [...before, { problem, label: label ?? null }];
}

/** A preset by its name, or a policy from a JSON file. */
export async function readPolicy(value: string): Promise<PolicyPreset | JudgePolicy> {
  const preset = PolicyPreset.safeParse(value);
  if (preset.success) return preset.data;
  if (!/[./]/.test(value))
    throw usageError(
      `there is no policy ${value}; known are ${PolicyPreset.options.join(", ")}, or name a file`,
    );
  const text = await readFile(value, "utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw usageError(`${value} is not JSON: ${(error as Error).message}`);
  }
  const policy = JudgePolicy.safeParse(content);
  if (policy.success) return policy.data;
  const [issue] = policy.error.issues;
  throw usageError(`${value}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is no policy"}`);
}

function show(sets: readonly ProblemSet[]): void {
  const columns = [left("set"), left("title"), right("problems"), left("policy"), left("id")];
  const rows = sets.map((set) => [
    printable(set.name),
    printable(set.title),
    String(set.problems.length),
    printable(policyText(set.policy)),
    set.id,
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}

function showOne(set: ProblemSet): void {
  show([set]);
  const columns = [left("label"), left("problem")];
  const rows = set.problems.map(({ label, shortName }) => [printable(label ?? ""), printable(shortName)]);
  process.stdout.write(`${table(columns, rows)}\n`);
}

/** What differs from how a submission without a set is judged. */
function policyText(policy: JudgePolicy): string {
  const remap = Object.entries(policy.remap).map(([from, to]) => `${from}→${to}`);
  const parts = [
    ...remap,
    ...(policy.priority === null ? [] : [`priority ${policy.priority.join(" ")}`]),
    ...(policy.presentationErrors ? ["PE"] : []),
    `retimes ${policy.retimes}`,
    ...(policy.parallel === null ? [] : [`parallel ${policy.parallel}`]),
    ...(policy.scaleTime ? ["time scaled"] : []),
  ];
  return parts.join(", ");
}
