import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".lisp", ".lsp", ".cl"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.lisp", "main.lsp", "main.cl"]);

// Without the user's start-up file: that would be one of the program's. File names are UTF-8 as well.
const clisp = ["clisp", "-q", "-norc", "-E", "UTF-8"];

export const lispClisp: Language = {
  id: "lisp-clisp",
  family: "lisp-clisp",
  release: "2.49",
  name: "Common Lisp (CLISP)",
  aliases: ["clisp"],
  image: "clisp",
  extensions,
  defaultSource: "main.lisp",
  highlighting: "common lisp",
  translation: "checked",
  programs: "lisp-clisp",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [...clisp, "/usr/lib/assay/clisp/check.lisp", ...sourcesOf(files, extensions).map(asArgument)],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 1 * MiB },
  // It compiles each form to bytecode before it evaluates it.
  run: (files, args = []) => ({
    argv: [...clisp, "-C", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 10 },
  // An empty program: 5 MB.
  overhead: { memoryBytes: 6 * MiB, processes: 0 },
  version: {
    argv: ["clisp", "--version"],
    env: environment,
    parse: (stdout) => /^GNU CLISP (\d+\.\d+(?:\.\d+)?)\+? /.exec(stdout)?.[1] ?? null,
  },
};
