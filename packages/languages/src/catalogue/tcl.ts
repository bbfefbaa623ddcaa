import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".tcl"];

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.tcl"]);

const common = {
  family: "tcl",
  name: "Tcl",
  aliases: ["tclsh"],
  extensions,
  defaultSource: "main.tcl",
  highlighting: "tcl",
  // Every word of a script may be built when it runs, so nothing can be said of it before.
  translation: "interpreted",
  programs: "tcl",
  without: {},
  entryPoint,
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * 1024 * 1024, processes: 1, diskBytes: 64 * 1024 },
  run: (files: readonly string[], args: readonly string[] = []) => ({
    argv: ["tclsh", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
} as const;

const version = {
  argv: ["sh", "-c", "echo 'puts [info patchlevel]' | tclsh"],
  env: environment,
  parse: (stdout: string) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
};

export const tcl: Language = {
  ...common,
  id: "tcl",
  release: "8.6",
  image: "tcl",
  timing: { factor: 1, offsetMs: 4 },
  version,
};

export const tcl90: Language = {
  ...common,
  id: "tcl@9.0",
  release: "9.0",
  image: "tcl-9.0",
  timing: { factor: 1, offsetMs: 4 },
  version,
};
