/**
 * Families that have a language in common with another one, and never win over it where nobody asks for
 * them: other compilers, other standards, other run-time systems of what a file is written in.
 */
const usual: Readonly<Record<string, readonly string[]>> = {
  awk: ["mawk", "gawk", "original-awk"],
  bash: ["sh", "dash", "ksh", "mksh", "zsh"],
  c: ["c11", "c23", "c99", "c89", "c-clang", "c11-clang", "c23-clang", "tcc"],
  cpp: ["cpp11", "cpp14", "cpp17", "cpp23", "cpp-clang", "cpp14-clang", "cpp17-clang", "cpp23-clang"],
  d: ["d-gdc", "d-ldc", "gdc", "ldc"],
  javascript: ["bun", "deno", "quickjs"],
  lisp: ["clisp", "ecl"],
  lua: ["luajit"],
  "objective-c": ["objective-c-clang"],
  prolog: ["gprolog"],
  python: ["pypy"],
  scheme: ["chicken"],
  sml: ["mlton", "polyml"],
  typescript: ["bun", "deno"],
};

/** Whether a family gives way to one of `others` by convention. */
export const isVariantOf = (family: string, others: readonly string[]): boolean =>
  others.some((other) => Object.hasOwn(usual, other) && usual[other]?.includes(family) === true);

/** For an extension of several families whose signs say nothing, the one that it stands for as a rule. */
export const usualFamilies: Readonly<Record<string, string>> = {
  ".asm": "nasm",
  ".cl": "lisp",
  ".f": "fortran",
  ".fs": "fsharp",
  ".m": "octave",
  ".ml": "ocaml",
  ".pl": "perl",
  ".pm": "perl",
  ".s": "gas",
  ".sc": "scala",
  ".scm": "scheme",
  ".sh": "bash",
};
