import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".fs", ".fth", ".4th", ".forth"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.fs", "main.fth", "main.4th", "main.forth"]);

export const forth: Language = {
  id: "forth",
  family: "forth",
  release: "0.7",
  name: "Forth (Gforth)",
  aliases: ["gforth"],
  image: "forth",
  extensions,
  defaultSource: "main.fs",
  highlighting: "forth",
  translation: "interpreted",
  programs: "forth",
  without: { socket: "Gforth's words for the network need a C compiler, which its image does not have." },
  entryPoint,
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * MiB, processes: 1, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["gforth", "-e", "next-arg included bye", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 5 },
  version: {
    argv: ["gforth", "-e", "version-string type cr bye"],
    env: environment,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
};
