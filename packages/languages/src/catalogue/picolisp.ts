import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".l"];
const MiB = 1024 * 1024;

const library = "/usr/lib/picolisp/lib.l";

// An error otherwise opens a debugger, and arguments of the program would be files to load.
const start = "-prog (setq *Err '((bye 1))) (load (opt)) (bye)";

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.l"]);

export const picolisp: Language = {
  id: "picolisp",
  family: "picolisp",
  release: "23.2",
  name: "PicoLisp",
  aliases: ["pil"],
  image: "picolisp",
  extensions,
  defaultSource: "main.l",
  highlighting: "common lisp",
  translation: "interpreted",
  programs: "picolisp",
  without: {},
  entryPoint,
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * MiB, processes: 1, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["picolisp", library, start, asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 3 },
  version: {
    argv: ["picolisp", library, "-version", "-bye"],
    env: environment,
    parse: (stdout) => /^(\d+(?:\.\d+)+)\s/.exec(stdout)?.[1] ?? null,
  },
};
