import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { copyingUnnamed, named } from "./named.ts";

const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"] as const;
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.ts", "main.mts", "main.js", "main.mjs"]);

const env = { ...environment, NO_COLOR: "1", DO_NOT_TRACK: "1" };

export const bun: Language = {
  id: "bun",
  family: "bun",
  release: "1.4",
  name: "TypeScript (Bun)",
  aliases: [],
  image: "bun",
  extensions,
  defaultSource: "main.ts",
  highlighting: "typescript",
  translation: "checked",
  programs: "deno",
  without: {},
  entryPoint,
  // Bun leaves types out without looking at them. Its bundler says what it made on standard output.
  compile: (files) => {
    const sources = sourcesOf(files, extensions);
    const names = sources.map((file) => asArgument(named(file, extensions)));
    const script = 'exec bun build --target=bun --outdir=/tmp/check "$@" >/dev/null';
    const command = { argv: ["sh", "-c", script, "check", ...names], env, outputs: [] };
    return copyingUnnamed(command, sources, extensions);
  },
  compileMinimum: { memoryBytes: 128 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (files, args = []) => ({
    argv: ["bun", "run", "--no-install", asArgument(named(entryPoint(files), extensions)), ...args],
    env,
  }),
  timing: { factor: 1, offsetMs: 6 },
  // An empty program takes 5 MiB; reading its input takes four threads more.
  overhead: { memoryBytes: 16 * MiB, processes: 8 },
  version: {
    argv: ["bun", "--version"],
    env,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
};
