import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".r", ".R"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.r", "main.R"]);

// The program itself, with what the script in front of it would find out in twice the time.
const program = "/usr/lib/R/bin/exec/R";
const env = {
  ...environment,
  R_HOME: "/usr/lib/R",
  R_SHARE_DIR: "/usr/share/R/share",
  R_INCLUDE_DIR: "/usr/share/R/include",
  R_DOC_DIR: "/usr/share/R/doc",
  LD_LIBRARY_PATH: "/usr/lib/R/lib",
  // Else sums of floating-point numbers depend on how many processors there are.
  OMP_NUM_THREADS: "1",
};

const check = `\
failed <- FALSE
for (path in commandArgs(trailingOnly = TRUE))
  tryCatch(parse(path, keep.source = FALSE), error = function(problem) {
    failed <<- TRUE
    message(conditionMessage(problem))
  })
quit(status = failed)
`;

const rOf = (own: Pick<Language, "id" | "release" | "image">): Language => ({
  ...own,
  family: "r",
  name: "R",
  aliases: ["rscript"],
  extensions,
  defaultSource: "main.r",
  highlighting: "r",
  translation: "checked",
  programs: "r",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [
      program,
      "--no-echo",
      "--vanilla",
      "-e",
      // Rscript does the same: R itself takes a blank for the end of an expression's option.
      check.trim().replaceAll(" ", "~+~"),
      "--args",
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    // Nothing but the base package is asked for.
    env: { ...env, R_DEFAULT_PACKAGES: "NULL" },
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 2, diskBytes: 1 * MiB },
  run: (files, args = []) => ({
    argv: [program, "--no-echo", "--vanilla", `--file=${asArgument(entryPoint(files))}`, "--args", ...args],
    env,
  }),
  timing: { factor: 1, offsetMs: 167 },
  // It asks another program where its tools are.
  overhead: { memoryBytes: 40 * MiB, processes: 2 },
  version: {
    argv: [program, "--version"],
    env,
    parse: (stdout) => /^R version (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
});

export const r: Language = rOf({ id: "r", release: "4.2", image: "r" });

export const r45: Language = rOf({ id: "r@4.5", release: "4.5", image: "r-4.5" });
