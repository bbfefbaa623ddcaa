import type { Command } from "commander";
import { registerList } from "./list.ts";
import { registerShow } from "./show.ts";
import { registerTest } from "./test.ts";

export function registerLanguages(program: Command): void {
  const languages = program
    .command("languages")
    .description("languages: what really works, in which version");
  registerList(languages);
  registerShow(languages);
  registerTest(languages);
}
