import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { copyingUnnamed, named } from "./named.ts";
import { nodeOverhead, runNode } from "./node.ts";

const extensions = [".ts", ".mts", ".cts"] as const;
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.ts", "main.mts", "main.cts", "index.ts"]);

const emitted = (file: string): string => named(file, extensions).replace(/ts$/, "js");

const compiler = [
  "tsc",
  // A tsconfig.json among the sources would be an error beside files that are named.
  "--ignoreConfig",
  "--pretty",
  "false",
  "--strict",
  "--target",
  "es2024",
  "--lib",
  "es2025",
  // Node's own rule, with `.ts` for `.js`: CommonJS unless it is `.mts` or package.json says "module".
  "--module",
  "nodenext",
  // Every file has its own names, also one that imports and exports nothing.
  "--moduleDetection",
  "force",
  "--esModuleInterop",
  "--resolveJsonModule",
  // `./other.ts`, `./other.js` and `./other` all name the same file.
  "--rewriteRelativeImportExtensions",
  "--skipLibCheck",
  "--noEmitOnError",
  "--inlineSourceMap",
  "--types",
  "node",
  "--typeRoots",
  "/usr/lib/node_modules/@types",
];

export const typescript: Language = {
  id: "typescript",
  family: "typescript",
  release: "7.0",
  name: "TypeScript (Node.js)",
  aliases: ["ts", "tsc"],
  image: "typescript",
  extensions,
  defaultSource: "main.ts",
  highlighting: "typescript",
  translation: "compiled",
  programs: "typescript",
  without: {},
  entryPoint,
  compile: (files, options = []) => {
    const sources = sourcesOf(files, extensions);
    const command = {
      argv: [...compiler, ...options, ...sources.map((file) => asArgument(named(file, extensions)))],
      env: environment,
      outputs: sources.filter((file) => !/\.d\.[mc]?ts$/.test(file)).map(emitted),
    };
    return copyingUnnamed(command, sources, extensions);
  },
  compileMinimum: { memoryBytes: 128 * MiB, processes: 32, diskBytes: 1 * MiB },
  // With source maps, so that a failing program names lines of its sources.
  run: (files, args = [], memoryBytes) =>
    runNode(emitted(entryPoint(files)), args, memoryBytes, ["--enable-source-maps"]),
  timing: { factor: 1, offsetMs: 37 },
  overhead: nodeOverhead,
  messages: "tsc",
  version: {
    argv: ["tsc", "--version"],
    env: environment,
    parse: (stdout) => /^Version (\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1] ?? null,
  },
};
