import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".pike"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.pike"]);

export const pike: Language = {
  id: "pike",
  family: "pike",
  release: "8.0",
  name: "Pike",
  aliases: [],
  image: "pike",
  extensions,
  defaultSource: "main.pike",
  highlighting: "pike",
  translation: "interpreted",
  programs: "pike",
  without: {},
  entryPoint,
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * MiB, processes: 1, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["pike8.0", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 22 },
  version: {
    argv: ["pike8.0", "--dumpversion"],
    env: environment,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
};
