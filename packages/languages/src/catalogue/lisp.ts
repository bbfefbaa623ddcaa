import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".lisp", ".lsp", ".cl"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.lisp", "main.lsp", "main.cl"]);

// Which packages and macros there are is known only when the program runs, so the forms are read and
// dropped: what is no form (a bracket too few, a wrong #) shows all the same.
const check = `\
(let ((failed nil))
  (dolist (path (cdr (member "--end" sb-ext:*posix-argv* :test #'string=)))
    (handler-case
        (with-open-file (in path :external-format :utf-8)
          (let ((*read-suppress* t) (end (list nil)))
            (handler-case (loop until (eq end (read in nil end)))
              (error (condition)
                (setf failed t)
                (let ((at (file-position in)) (line 1))
                  (file-position in 0)
                  (loop for c = (and (< (file-position in) at) (read-char in nil))
                        while c when (char= c #\\Newline) do (incf line))
                  (format *error-output* "~a:~d: error: ~a~%" path line
                          (if (typep condition 'end-of-file)
                              "end of file within a form"
                              (remove #\\Newline (princ-to-string condition)))))))))
      (error (condition)
        (setf failed t)
        (format *error-output* "~a: error: ~a~%" path condition))))
  (sb-ext:exit :code (if failed 1 0)))`;

const lispOf = (release: string, image: string, usual: boolean): Language => ({
  id: usual ? "lisp" : `lisp@${release}`,
  family: "lisp",
  release,
  name: "Common Lisp (SBCL)",
  aliases: ["common-lisp", "commonlisp", "sbcl", "cl"],
  image,
  extensions,
  defaultSource: "main.lisp",
  highlighting: "common lisp",
  translation: "checked",
  programs: "lisp",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [
      "sbcl",
      "--noinform",
      "--no-sysinit",
      "--no-userinit",
      "--disable-debugger",
      "--eval",
      check,
      "--end",
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 4, diskBytes: 1 * MiB },
  // It compiles each form before it evaluates it. The collector copies what lives, within the space for
  // objects; so that takes what the limit gives, and a program with more ends with "Heap exhausted".
  run: (files, args = [], memoryBytes) => ({
    argv: [
      "sbcl",
      ...(memoryBytes === undefined
        ? []
        : ["--dynamic-space-size", `${Math.max(64, Math.floor(memoryBytes / MiB))}MB`]),
      "--control-stack-size",
      "64MB",
      "--script",
      asArgument(entryPoint(files)),
      ...args,
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 7 },
  overhead: { memoryBytes: 48 * MiB, processes: 2 },
  version: {
    argv: ["sbcl", "--version"],
    env: environment,
    parse: (stdout) => /^SBCL (\d+\.\d+\.\d+)\S*\s*$/.exec(stdout)?.[1] ?? null,
  },
});

export const lisp = lispOf("2.2", "sbcl", true);
export const lisp25 = lispOf("2.5", "sbcl-2-5", false);
