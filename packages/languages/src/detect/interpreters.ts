/** Families by the program that a `#!` line starts; a program that is named like its family needs no entry. */
const families: Readonly<Record<string, string>> = {
  clisp: "lisp-clisp",
  clj: "clojure",
  csi: "scheme-chicken",
  dash: "bash",
  escript: "erlang",
  fsharpi: "fsharp",
  fsi: "fsharp",
  gawk: "awk",
  gforth: "forth",
  gst: "smalltalk",
  guile: "scheme",
  ksh: "bash",
  node: "javascript",
  nodejs: "javascript",
  "octave-cli": "octave",
  perl6: "raku",
  pil: "picolisp",
  rakudo: "raku",
  rdmd: "d",
  rscript: "r",
  runghc: "haskell",
  runhaskell: "haskell",
  sbcl: "lisp",
  sh: "bash",
  sqlite: "sql",
  sqlite3: "sql",
  swipl: "prolog",
  tclsh: "tcl",
  "ts-node": "typescript",
  tsx: "typescript",
};

/** Longer lines are none that a kernel would obey. */
const maxLine = 256;

/**
 * The names of families that a script's `#!` line may mean, the most exact first; empty when it has none.
 * `#!/usr/bin/env -S python3.11 -u` is of `python3.11`, or else of `python`.
 */
export const interpreterNames = (content: string): readonly string[] => {
  const line = /^(?:\ufeff)?#![ \t]*(\/[^\r\n]*)/u.exec(content.slice(0, maxLine))?.[1];
  if (line === undefined) return [];
  const words = line.split(/[ \t]+/u).filter((word) => word !== "");
  const programs = words.map((word) => word.slice(word.lastIndexOf("/") + 1).toLowerCase());
  const [first, ...rest] = programs;
  // What `env` is told before the program: options, and variables.
  const program = first === "env" ? rest.find((word) => !/^-|=/u.test(word)) : first;
  if (program === undefined) return [];
  const plain = program.replace(/-?\d[\d.]*$/u, "");
  return [
    ...new Set([program, plain].map((name) => (Object.hasOwn(families, name) ? families[name] : name))),
  ].filter((name) => name !== undefined && name !== "") as string[];
};
