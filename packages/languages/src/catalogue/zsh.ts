import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".zsh"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.zsh"]);

export const zsh: Language = {
  id: "zsh",
  family: "zsh",
  release: "5.9",
  name: "Zsh",
  aliases: [],
  image: "zsh",
  extensions,
  defaultSource: "main.zsh",
  highlighting: "shell",
  translation: "checked",
  programs: "zsh",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [
      "zsh",
      "-f",
      "-c",
      'status_of_all=0; for file; do zsh -f -n -- "$file" || status_of_all=1; done; exit "$status_of_all"',
      "check",
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 16 * MiB, processes: 2, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["zsh", "-f", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 2 },
  version: {
    argv: ["zsh", "--version"],
    env: environment,
    parse: (stdout) => /^zsh (\d+(?:\.\d+)+) /.exec(stdout)?.[1] ?? null,
  },
};
