import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".raku", ".rakumod", ".rakutest", ".p6", ".pm6"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.raku", "main.p6"]);

// The same program must get the same verdict each time: the order of a hash's keys otherwise differs
// between any two runs.
const env = { ...environment, MVM_HASH_SEED: "0" };

const rakuOf = (own: Pick<Language, "id" | "release" | "image">): Language => ({
  ...own,
  family: "raku",
  name: "Raku",
  aliases: ["perl6", "rakudo"],
  extensions,
  defaultSource: "main.raku",
  highlighting: "raku",
  translation: "checked",
  programs: "raku",
  without: {},
  entryPoint,
  // Compiles the modules beside the program too, and leaves them compiled.
  compile: (files) => ({
    ...checkEach("raku -I. -c", sourcesOf(files, extensions)),
    env,
    outputs: [".precomp"],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 8, diskBytes: 4 * MiB },
  run: (files, args = []) => ({
    argv: ["raku", "-I.", asArgument(entryPoint(files)), ...args],
    env,
  }),
  timing: { factor: 1, offsetMs: 212 },
  overhead: { memoryBytes: 70 * MiB, processes: 1 },
  version: {
    argv: ["raku", "-e", "print $*RAKU.compiler.version"],
    env,
    // It counts months with two digits, which is no number in a version.
    parse: (stdout) => /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(stdout.trim())?.[1]?.replace(".0", ".") ?? null,
  },
});

export const raku: Language = rakuOf({ id: "raku", release: "2022.12", image: "raku" });

export const raku2024: Language = rakuOf({ id: "raku@2024.9", release: "2024.9", image: "raku-2024.9" });
