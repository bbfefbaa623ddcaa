import type { Command } from "commander";
import { routes, type Problem } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { left, right, table } from "../output/table.ts";
import { bytes, printable } from "../output/text.ts";
import { findingLine } from "../output/verification.ts";
import { uploadPackage } from "../upload.ts";

interface JsonOption {
  readonly json: boolean;
}

export function registerProblems(program: Command): void {
  const problems = program.command("problems").description("problems on the server");
  problems
    .command("list", { isDefault: true })
    .description("the newest version of each problem")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const page = await connection.client.call(routes.listProblems, { query: { limit: 200 }, signal });
      if (json) printJson(page);
      else show(page.items);
    });
  problems
    .command("upload")
    .description(
      "upload a problem package (a directory, zip or tar.gz); the same content again changes nothing",
    )
    .argument("<package>")
    .option("--json", "one JSON object", false)
    .action(async (path: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const problem = await uploadPackage(connection.client, path, signal);
      if (json) printJson(problem);
      else {
        show([problem]);
        for (const warning of problem.warnings) process.stderr.write(`warning: ${printable(warning)}\n`);
        if (problem.verification.state === "pending")
          process.stderr.write(
            `it is being checked; assay problems show ${printable(problem.shortName)} tells what that finds\n`,
          );
      }
    });
  problems
    .command("show")
    .description("one problem by id or short name, with what its check found")
    .argument("<problem>")
    .option("--json", "one JSON object", false)
    .action(async (id: string, { json }: JsonOption) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const problem = await connection.client.call(routes.getProblem, { params: { id }, signal });
      if (json) return printJson(problem);
      show([problem]);
      for (const finding of problem.verification.findings) process.stdout.write(`${findingLine(finding)}\n`);
    });
}

function show(problems: readonly Problem[]): void {
  const columns = [
    left("problem"),
    left("name"),
    left("format"),
    right("time"),
    right("memory"),
    right("tests"),
    left("check"),
    left("id"),
  ];
  const rows = problems.map((problem) => [
    printable(problem.shortName),
    printable(problem.name),
    problem.formatVersion,
    `${problem.limits.timeMs / 1000} s`,
    bytes(problem.limits.memoryBytes),
    `${problem.tests.sample}+${problem.tests.secret}`,
    problem.verification.state,
    problem.id,
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}
