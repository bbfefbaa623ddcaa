import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { nativeRun } from "./native.ts";

const extensions = [".pas", ".pp", ".dpr", ".lpr"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string => {
  const sources = sourcesOf(files, extensions);
  return entryPointOf(sources, ["main.pas", "main.pp", sources.find((path) => /\.[dl]pr$/.test(path)) ?? ""]);
};

const directoryOf = (path: string): string =>
  `./${path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ""}`;

export const pascal: Language = {
  id: "pascal",
  family: "pascal",
  release: "3.2",
  name: "Pascal (Free Pascal)",
  aliases: ["fpc", "freepascal", "pas"],
  image: "pascal",
  extensions,
  defaultSource: "main.pas",
  highlighting: "pascal",
  translation: "compiled",
  programs: "pascal",
  without: {},
  entryPoint,
  // The compiler finds the units of `uses` by their files' names.
  compile: (files, options = []) => ({
    argv: [
      "fpc",
      "-O2",
      "-Xs",
      "-l-",
      "-v0ew",
      ...new Set(sourcesOf(files, extensions).map((path) => `-Fu${directoryOf(path)}`)),
      ...options,
      "-FU/tmp",
      "-oa.out",
      asArgument(entryPoint(files)),
    ],
    env: environment,
    outputs: ["a.out"],
  }),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 4 * MiB },
  run: (_files, args) => nativeRun(args),
  version: {
    argv: ["fpc", "-iV"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\n$/.exec(stdout)?.[1] ?? null,
  },
};
