import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".pl", ".pro", ".prolog"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.pl", "main.pro", "main.prolog"]);

const prologOf = (release: string, image: string, usual: boolean): Language => ({
  id: usual ? "prolog" : `prolog@${release}`,
  family: "prolog",
  release,
  name: "Prolog (SWI)",
  aliases: ["swipl", "swi-prolog", "swi"],
  image,
  extensions,
  defaultSource: "main.pro",
  highlighting: "prolog",
  translation: "checked",
  programs: "prolog",
  without: {},
  entryPoint,
  // The one that starts comes last: the operators that it uses may be defined in the others.
  compile: (files) => ({
    argv: [
      "swipl",
      "-q",
      "-f",
      "none",
      "/usr/lib/assay/prolog/check.pl",
      "--",
      ...sourcesOf(files, extensions)
        .filter((file) => file !== entryPoint(files))
        .map(asArgument),
      asArgument(entryPoint(files)),
    ],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 1 * MiB },
  // What is to run, a directive of the program says: `:- initialization(main).`
  run: (files, args = [], memoryBytes) => ({
    argv: [
      "swipl",
      "-q",
      "-f",
      "none",
      "--on-error=status",
      ...(memoryBytes === undefined ? [] : [`--stack-limit=${Math.max(16, Math.floor(memoryBytes / MiB))}m`]),
      "-s",
      asArgument(entryPoint(files)),
      "-t",
      "halt",
      "--",
      ...args,
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 16 },
  overhead: { memoryBytes: 24 * MiB, processes: 4 },
  version: {
    argv: ["swipl", "--version"],
    env: environment,
    parse: (stdout) => /^SWI-Prolog version (\d+\.\d+\.\d+) [^\n]*\n$/.exec(stdout)?.[1] ?? null,
  },
});

export const prolog = prologOf("9.0", "swi-prolog", true);
export const prolog92 = prologOf("9.2", "swi-prolog-9-2", false);
