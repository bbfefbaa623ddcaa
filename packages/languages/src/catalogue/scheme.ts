import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".scm", ".sch"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.scm", "main.sch"]);

// Its cache of compiled files goes by time stamps, and those are others in the next box. So what the
// program starts at is compiled to a place of its own; what it loads is evaluated as it stands.
const compile = `\
(use-modules (system base compile))
(let ((path (cadr (command-line))))
  (compile-file path #:output-file ".main.go" #:env (current-module))
  (for-each
   (lambda (path)
     (call-with-input-file path
       (lambda (port) (let loop () (unless (eof-object? (read port)) (loop))))))
   (cddr (command-line))))`;

const run = `\
(set-program-arguments (cdr (command-line)))
(load-compiled ".main.go")`;

// One thread for the collector: it would ask /proc how many there could be, which a box doesn't say.
const guileEnvironment = { ...environment, GC_NPROCS: "1" };

export const scheme: Language = {
  id: "scheme",
  family: "scheme",
  release: "3.0",
  name: "Scheme (Guile)",
  aliases: ["guile", "guile3", "scm"],
  image: "guile",
  extensions,
  defaultSource: "main.scm",
  highlighting: "scheme",
  translation: "compiled",
  programs: "scheme",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [
      "guile",
      "--no-auto-compile",
      "-L",
      ".",
      "-c",
      compile,
      asArgument(entryPoint(files)),
      ...sourcesOf(files, extensions)
        .filter((file) => file !== entryPoint(files))
        .map(asArgument),
    ],
    env: guileEnvironment,
    outputs: [".main.go"],
  }),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 16, diskBytes: 1 * MiB },
  run: (files, args = []) => ({
    argv: ["guile", "--no-auto-compile", "-L", ".", "-c", run, asArgument(entryPoint(files)), ...args],
    env: guileEnvironment,
  }),
  timing: { factor: 1, offsetMs: 9 },
  overhead: { memoryBytes: 16 * MiB, processes: 8 },
  version: {
    argv: ["guile", "--no-auto-compile", "-c", "(display (version)) (newline)"],
    env: guileEnvironment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\S*\s*$/.exec(stdout)?.[1] ?? null,
  },
};
