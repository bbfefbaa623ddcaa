import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { copyingUnnamed, named } from "./named.ts";
import { heapOption } from "./node.ts";

const extensions = [".ts", ".mts", ".js", ".mjs", ".cjs"] as const;
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.ts", "main.mts", "main.js", "main.mjs"]);

// The check leaves what it translated for the run.
const env = { ...environment, DENO_DIR: "/w/.deno", DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };

// Nothing is there but the sources: no package can be fetched, and what lies beside them is no project.
const offline = ["--quiet", "--no-config", "--no-lock", "--cached-only"];

export const deno: Language = {
  id: "deno",
  family: "deno",
  release: "2.9",
  name: "TypeScript (Deno)",
  aliases: [],
  image: "deno",
  extensions,
  defaultSource: "main.ts",
  highlighting: "typescript",
  translation: "checked",
  programs: "deno",
  without: {},
  entryPoint,
  compile: (files) => {
    const sources = sourcesOf(files, extensions);
    const names = sources.map((file) => asArgument(named(file, extensions)));
    const command = { argv: ["deno", "check", ...offline, ...names], env, outputs: [".deno"] };
    return copyingUnnamed(command, sources, extensions);
  },
  compileMinimum: { memoryBytes: 384 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (files, args = [], memoryBytes) => ({
    argv: [
      "deno",
      "run",
      "--allow-all",
      "--no-check",
      ...offline,
      ...heapOption(memoryBytes).map((option) => `--v8-flags=${option}`),
      asArgument(named(entryPoint(files), extensions)),
      ...args,
    ],
    env,
  }),
  timing: { factor: 1, offsetMs: 20 },
  // An empty program: 14 MiB and four threads. The rest is for young objects and machine code, which V8
  // counts apart.
  overhead: { memoryBytes: 64 * MiB, processes: 8 },
  version: {
    argv: ["deno", "--version"],
    env,
    parse: (stdout) => /^deno (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};
