import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { nativeCompile, nativeRun } from "./native.ts";

const extensions = [".cr"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.cr"]);

// Without --release, which takes four times as long for a program of one line: longer than a compiler has
// on a slow machine. The linker is silent, or it would warn of name services in a static program each time.
const compiler = [
  "crystal",
  "build",
  "--no-color",
  "--no-debug",
  "--threads",
  "1",
  "--static",
  "--link-flags",
  "-s -Wl,--no-warnings",
];

export const crystal: Language = {
  id: "crystal",
  family: "crystal",
  release: "1.6",
  name: "Crystal",
  aliases: ["cr"],
  image: "crystal",
  extensions,
  defaultSource: "main.cr",
  highlighting: "crystal",
  translation: "compiled",
  programs: "crystal",
  without: {},
  entryPoint,
  // Follows `require` by itself.
  compile: (files, options) => {
    const command = nativeCompile(compiler, [entryPoint(files)], options);
    return { ...command, env: { ...environment, CRYSTAL_CACHE_DIR: "/tmp/crystal" } };
  },
  compileMinimum: { memoryBytes: 256 * MiB, processes: 16, diskBytes: 16 * MiB },
  // One thread for the collector: it would ask /proc how many there could be, which a box doesn't say.
  run: (_files, args) => ({ ...nativeRun(args), env: { ...environment, GC_NPROCS: "1" } }),
  timing: { factor: 1, offsetMs: 2 },
  version: {
    argv: ["crystal", "--version"],
    env: environment,
    parse: (stdout) => /^Crystal (\d+\.\d+\.\d+) /.exec(stdout)?.[1] ?? null,
  },
};
