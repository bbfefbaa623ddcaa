import { routes } from "@assay/contracts";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { connect } from "../../connection.ts";
import { left, table } from "../../output/table.ts";
import { printable } from "../../output/text.ts";

export function registerList(languages: Command): void {
  languages
    .command("list", { isDefault: true })
    .description("the server's languages, as its runners offer them")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: { json: boolean }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const answer = await connection.client.call(routes.listLanguages, { signal });
      if (json) return printJson(answer);
      const columns = [
        left("id"),
        left("works"),
        left("version"),
        left("tested"),
        // Last, because the reason why one does not work may be long.
        left("name"),
      ];
      const rows = answer.items.map((language) => [
        language.id,
        language.available ? "yes" : "no",
        printable(language.version ?? ""),
        testedOf(language.runners),
        printable([language.name, ...(language.reason === null ? [] : [language.reason])].join(": ")),
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    });
}

/** The latest day on which a runner's probes passed. */
const testedOf = (runners: readonly { readonly test: { at: string; passed: boolean } | null }[]): string => {
  const passed = runners.flatMap(({ test }) => (test?.passed === true ? [test.at.slice(0, 10)] : []));
  return passed.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? "";
};
