import type { Command } from "commander";
import { registerList } from "./list.ts";
import { registerTest } from "./test.ts";

export function registerLanguages(program: Command): void {
  const languages = program
    .command("languages")
    .description("languages: what really works, in which version");
  registerList(languages);
  registerTest(languages);
}
