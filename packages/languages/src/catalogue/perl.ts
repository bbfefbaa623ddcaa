import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".pl", ".pm"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.pl"]);

// The same program must get the same verdict each time: the order of a hash's keys otherwise differs
// between any two runs.
const runEnvironment = { ...environment, PERL_HASH_SEED: "0", PERL_PERTURB_KEYS: "0" };

const common = {
  family: "perl",
  name: "Perl",
  aliases: ["perl5"],
  extensions,
  defaultSource: "main.pl",
  highlighting: "perl",
  translation: "checked",
  programs: "perl",
  without: {},
  entryPoint,
  // Perl can't be parsed without running its BEGIN blocks and what `use` names, so the check does: in a
  // box of its own, without input. -I.: modules beside the program are found, as in other languages.
  compile: (files: readonly string[]) => ({
    ...checkEach("perl -I. -c", sourcesOf(files, extensions)),
    env: runEnvironment,
  }),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 64 * 1024 },
  run: (files: readonly string[], args: readonly string[] = []) => ({
    argv: ["perl", "-I.", asArgument(entryPoint(files)), ...args],
    env: runEnvironment,
  }),
  timing: { factor: 1, offsetMs: 5 },
  version: {
    argv: ["perl", "-e", 'printf("%vd", $^V)'],
    env: environment,
    parse: (stdout: string) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
} as const;

export const perl: Language = {
  ...common,
  id: "perl",
  release: "5.36",
  image: "perl",
};

export const perl540: Language = {
  ...common,
  id: "perl@5.40",
  release: "5.40",
  image: "perl-5.40",
};
