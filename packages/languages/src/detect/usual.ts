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
