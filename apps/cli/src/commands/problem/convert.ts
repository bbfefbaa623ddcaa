import { convertPackage, openSource, packageFormats, writePackage, type ForeignFormat } from "@assay/judging";
import { Option, type Command } from "commander";
import { printJson } from "../../command.ts";
import { printable } from "../../output/text.ts";
import { emptyDirectory, makeDirectory } from "./target.ts";

interface ConvertOptions {
  readonly from: ForeignFormat | "auto";
  readonly json: boolean;
}

export function registerProblemConvert(problem: Command): void {
  problem
    .command("convert")
    .description("make a problem package of a problem from another system (a directory, zip or tar.gz)")
    .argument("<source>")
    .argument("<directory>", "where the package is written; not there yet, or empty")
    .addOption(
      new Option("--from <format>", "what the source is")
        .choices(["auto", ...packageFormats])
        .default("auto"),
    )
    .option("--json", "one JSON object", false)
    .action(async (path: string, target: string, { from, json }: ConvertOptions) => {
      const directory = await emptyDirectory(target);
      await using source = await openSource(path);
      const { format, shortName, files, notes } = await convertPackage(source, from);
      await makeDirectory(directory);
      await writePackage(files, directory);
      const count = (await files.list()).length;
      if (json) return printJson({ format, shortName, directory, files: count, notes });
      for (const note of notes) process.stdout.write(`note: ${printable(note)}\n`);
      process.stdout.write(
        `${count} files of ${printable(shortName)} (${format}) in ${printable(directory)}\n`,
      );
    });
}
