import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".php"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.php", "index.php"]);

const common = {
  family: "php",
  name: "PHP",
  aliases: [],
  extensions,
  defaultSource: "main.php",
  highlighting: "php",
  translation: "checked",
  programs: "php",
  without: {},
  entryPoint,
  // -n: none of the extensions matters for the syntax, and each takes its time to load.
  compile: (files: readonly string[]) =>
    checkEach("php -n -d display_errors=stderr -l", sourcesOf(files, extensions)),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 64 * 1024 },
  run: (files: readonly string[], args: readonly string[] = []) => ({
    argv: ["php", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 23 },
  overhead: { memoryBytes: 7 * MiB, processes: 0 },
  messages: "php",
  version: {
    argv: ["php", "-n", "-r", "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION, '.', PHP_RELEASE_VERSION;"],
    env: environment,
    parse: (stdout: string) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
} as const;

export const php: Language = {
  ...common,
  id: "php",
  release: "8.2",
  image: "php",
};

export const php84: Language = {
  ...common,
  id: "php@8.4",
  release: "8.4",
  image: "php-8.4",
};
