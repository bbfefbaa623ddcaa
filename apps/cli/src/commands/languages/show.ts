import { routes, type LanguageDetail } from "@assay/contracts";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { connect } from "../../connection.ts";
import { selectedLanguage } from "../../input.ts";
import { printable } from "../../output/text.ts";

export function registerShow(languages: Command): void {
  languages
    .command("show")
    .description("one language of the server: its names, its files, and whether it works on which runner")
    .argument("<selector>", "python, py, python@3.13, python@>=3.10")
    .option("--json", "one JSON object", false)
    .action(async (selector: string, { json }: { json: boolean }) => {
      const { id } = selectedLanguage(selector);
      const signal = interruptSignal();
      await using connection = await connect(signal);
      const answer = await connection.client.call(routes.getLanguage, { params: { language: id }, signal });
      if (json) printJson(answer);
      else process.stdout.write(`${linesOf(answer).map(printable).join("\n")}\n`);
    });
}

function linesOf(language: LanguageDetail): string[] {
  const facts: [string, string][] = [
    ["language", `${language.id}, ${language.name}`],
    ["names", [language.family, ...language.aliases].join(", ")],
    ["files", `${language.extensions.join(", ")}; a single one is called ${language.defaultSource}`],
    ["image", language.image.name],
    ["works", language.available ? `yes, version ${language.version}` : `no: ${language.reason}`],
    ...language.runners.map((on): [string, string] => [`on ${on.runner}`, onRunner(on)]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

function onRunner({ available, version, reason, test }: LanguageDetail["runners"][number]): string {
  const state = available ? `version ${version ?? "not told"}` : `no: ${reason}`;
  if (test === null) return `${state}; not tested`;
  const failed = test.probes.flatMap((probe) =>
    probe.status === "failed" ? [`${probe.name}: ${probe.reason}`] : [],
  );
  const outcome = test.passed ? "every probe passed" : `failed: ${failed.join("; ")}`;
  return `${state}; ${outcome} on ${test.at.slice(0, 10)}`;
}
