import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".hx"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.hx"]);

/** The module that a file holds: `game/Board.hx` is `game.Board`. */
const moduleOf = (path: string): string => path.replace(/\.hx$/, "").replaceAll("/", ".");

const found = { ...environment, HAXE_STD_PATH: "/usr/share/haxe/std" };

export const haxe: Language = {
  id: "haxe",
  family: "haxe",
  release: "4.2",
  name: "Haxe",
  aliases: ["hx"],
  image: "haxe",
  extensions,
  defaultSource: "Main.hx",
  highlighting: "haxe",
  translation: "checked",
  programs: "haxe",
  without: {
    socket:
      "Haxe's interpreter ends at once where the system refuses it a socket: a program can't catch that.",
  },
  entryPoint,
  // Types only: what runs it reads the sources again.
  compile: (files) => ({
    argv: ["haxe", "--main", moduleOf(entryPoint(files)), "--interp", "--no-output"],
    env: found,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["haxe", "--run", moduleOf(entryPoint(files)), ...args],
    env: found,
  }),
  timing: { factor: 1, offsetMs: 114 },
  overhead: { memoryBytes: 24 * MiB, processes: 0 },
  version: {
    argv: ["haxe", "--version"],
    env: found,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
};
