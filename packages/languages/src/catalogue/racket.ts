import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".rkt"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.rkt"]);

// Compiled files count because they are there: time stamps are others in the next box.
const racketEnvironment = {
  ...environment,
  PLT_COMPILED_FILE_CHECK: "exists",
  PLTADDONDIR: "/tmp/racket",
};

export const racket: Language = {
  id: "racket",
  family: "racket",
  release: "8.7",
  name: "Racket",
  aliases: ["rkt"],
  image: "racket",
  extensions,
  defaultSource: "main.rkt",
  highlighting: "racket",
  translation: "compiled",
  programs: "racket",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: ["racket", "-l-", "raco", "make", "--", ...sourcesOf(files, extensions).map(asArgument)],
    env: racketEnvironment,
    outputs: ["compiled"],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 8, diskBytes: 1 * MiB },
  run: (files, args = []) => ({
    argv: ["racket", "-u", asArgument(entryPoint(files)), ...args],
    env: racketEnvironment,
  }),
  timing: { factor: 1, offsetMs: 96 },
  // Printing a word: 60 MB.
  overhead: { memoryBytes: 96 * MiB, processes: 4 },
  version: {
    argv: ["racket", "--version"],
    env: environment,
    parse: (stdout) => {
      const version = /^Welcome to Racket v(\d+\.\d+(?:\.\d+)?) [^\n]*\n$/.exec(stdout)?.[1];
      if (version === undefined) return null;
      return version.split(".").length === 2 ? `${version}.0` : version;
    },
  },
};
