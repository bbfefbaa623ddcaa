import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".a68", ".alg"];
const MiB = 1024 * 1024;

/** Leaves a quarter of the limit for stacks and the interpreter. */
const heapMiB = (memoryBytes: number): number => Math.max(8, Math.floor((memoryBytes * 3) / 4 / MiB));

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.a68", "main.alg"]);

export const algol68: Language = {
  id: "algol68",
  family: "algol68",
  release: "3.1",
  name: "Algol 68 (Genie)",
  aliases: ["a68", "a68g"],
  image: "algol68",
  extensions,
  defaultSource: "main.a68",
  highlighting: "algol",
  translation: "checked",
  programs: "algol68",
  without: {
    "exit-code": "Algol 68 Genie can't end a program with an exit code of the program's choice.",
  },
  entryPoint,
  compile: (files) => ({
    argv: ["a68g", "--check", asArgument(entryPoint(files))],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 64 * 1024 },
  // The heap that it takes by itself, some 10 MB, is too small for most things.
  run: (files, args = [], memoryBytes = 256 * MiB) => ({
    argv: [
      "a68g",
      "--quiet",
      `--heap=${heapMiB(memoryBytes)}M`,
      asArgument(entryPoint(files)),
      "--",
      ...args,
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 15 },
  overhead: { memoryBytes: 17 * MiB, processes: 0 },
  version: {
    argv: ["a68g", "--version"],
    env: environment,
    parse: (stdout) => /^Algol 68 Genie (\d+\.\d+\.\d+)\s/.exec(stdout)?.[1] ?? null,
  },
};
