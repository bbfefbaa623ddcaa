import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".awk"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.awk"]);

/** The program is all files one after the other; the order of patterns is that of the files. */
const programOf = (files: readonly string[]): string[] => {
  const first = entryPoint(files);
  const others = sourcesOf(files, extensions).filter((file) => file !== first);
  return [first, ...others].flatMap((file) => ["-f", asArgument(file)]);
};

const common = {
  image: "awk",
  extensions,
  defaultSource: "main.awk",
  highlighting: "awk",
  translation: "checked",
  entryPoint,
  compileMinimum: { memoryBytes: 16 * MiB, processes: 2, diskBytes: 64 * 1024 },
} as const;

export const awk: Language = {
  ...common,
  id: "awk",
  family: "awk",
  release: "5.2",
  name: "AWK (GNU)",
  aliases: ["gawk"],
  programs: "awk",
  timing: { factor: 1, offsetMs: 2 },
  without: {},
  // The pretty printer parses all and runs nothing.
  compile: (files) => ({
    argv: ["gawk", "-o/dev/null", ...programOf(files)],
    env: environment,
    outputs: [],
  }),
  // The program's arguments are the names of its input files, as everywhere in AWK.
  run: (files, args = []) => ({
    argv: ["gawk", ...programOf(files), "--", ...args],
    env: environment,
  }),
  version: {
    argv: ["gawk", "--version"],
    env: environment,
    parse: (stdout) => /^GNU Awk (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};

export const mawk: Language = {
  ...common,
  id: "mawk",
  family: "mawk",
  release: "1.3",
  name: "AWK (mawk)",
  aliases: [],
  programs: "mawk",
  without: { socket: "mawk has no sockets." },
  compile: (files) => ({
    argv: ["sh", "-c", 'exec mawk -W dump "$@" >/dev/null', "check", ...programOf(files)],
    env: environment,
    outputs: [],
  }),
  run: (files, args = []) => ({
    argv: ["mawk", ...programOf(files), "--", ...args],
    env: environment,
  }),
  version: {
    argv: ["mawk", "-W", "version"],
    env: environment,
    parse: (stdout) => /^mawk (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};
