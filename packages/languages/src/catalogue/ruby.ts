import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".rb"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.rb"]);

const common = {
  family: "ruby",
  name: "Ruby",
  aliases: ["rb"],
  extensions,
  defaultSource: "main.rb",
  highlighting: "ruby",
  translation: "checked",
  programs: "ruby",
  without: {},
  entryPoint,
  // -c does not run what stands in BEGIN blocks. Without gems it starts in a quarter of the time.
  compile: (files: readonly string[]) => checkEach("ruby --disable=gems -c", sourcesOf(files, extensions)),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 64 * 1024 },
  run: (files: readonly string[], args: readonly string[] = []) => ({
    argv: ["ruby", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  messages: "ruby",
  version: {
    argv: ["ruby", "--disable=gems", "-e", "puts RUBY_VERSION"],
    env: environment,
    parse: (stdout: string) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
} as const;

export const ruby: Language = {
  ...common,
  id: "ruby",
  release: "3.1",
  image: "ruby",
  timing: { factor: 1, offsetMs: 1 },
};

export const ruby33: Language = {
  ...common,
  id: "ruby@3.3",
  release: "3.3",
  image: "ruby-3.3",
  timing: { factor: 1, offsetMs: 1 },
};
