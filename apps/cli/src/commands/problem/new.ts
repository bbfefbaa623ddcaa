import { basename, resolve } from "node:path";
import {
  scaffoldFormats,
  scaffoldPackage,
  scaffoldTypes,
  writePackage,
  type ScaffoldFormat,
  type ScaffoldType,
} from "@assay/judging";
import { Option, type Command } from "commander";
import { usageError } from "../../exit.ts";
import { printable } from "../../output/text.ts";
import { emptyDirectory, makeDirectory } from "./target.ts";

interface NewOptions {
  readonly type: ScaffoldType;
  readonly format: ScaffoldFormat;
}

export function registerProblemNew(problem: Command): void {
  problem
    .command("new")
    .description("make a small problem package that passes verification, to be changed into your own")
    .argument("<name>", "the directory to make, and what the problem is called at first")
    .addOption(new Option("--type <type>", "how it is judged").choices(scaffoldTypes).default("pass-fail"))
    .addOption(
      new Option("--format <format>", "generation of the package format")
        .choices(scaffoldFormats)
        .default("2025-09"),
    )
    .action(async (name: string, { type, format }: NewOptions) => {
      const title = basename(resolve(name));
      if (!/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$/.test(title))
        throw usageError(
          `a package can't be named ${JSON.stringify(title)}; use letters, digits, and after the first also . _ -`,
        );
      const files = scaffoldPackage(title, type, format);
      if (files === null)
        throw usageError(`the format ${format} has no problems of type ${type}; use --format 2025-09`);
      const directory = await emptyDirectory(name);
      await makeDirectory(directory);
      await writePackage(files, directory);
      for (const { path } of await files.list()) process.stdout.write(`${printable(name)}/${path}\n`);
    });
}
