import type { Command } from "commander";
import { routes } from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connect } from "../connection.ts";
import { left, table } from "../output/table.ts";
import { printable } from "../output/text.ts";

export function registerLanguages(program: Command): void {
  program
    .command("languages")
    .description("languages of the server: what really works, in which version")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: { json: boolean }) => {
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const answer = await connection.client.call(routes.listLanguages, { signal });
      if (json) return printJson(answer);
      const columns = [
        left("id"),
        left("name"),
        left("works"),
        left("version"),
        left("image"),
        left("reason"),
      ];
      const rows = answer.items.map((language) => [
        language.id,
        language.name,
        language.available ? "yes" : "no",
        printable(language.version ?? ""),
        language.image.name,
        printable(language.reason ?? ""),
      ]);
      process.stdout.write(`${table(columns, rows)}\n`);
    });
}
