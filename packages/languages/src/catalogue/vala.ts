import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { copyingUnnamed, named } from "./named.ts";
import { nativeCompile, nativeRun } from "./native.ts";

const extensions = [".vala"] as const;
const MiB = 1024 * 1024;

const compiler = [
  "valac",
  "--pkg",
  "gio-2.0",
  "--pkg",
  "posix",
  "-X",
  "-O2",
  "-X",
  "-s",
  "-X",
  "-lm",
  "-X",
  "-w",
];

export const vala: Language = {
  id: "vala",
  family: "vala",
  release: "0.56",
  name: "Vala",
  aliases: ["valac"],
  image: "vala",
  extensions,
  defaultSource: "main.vala",
  highlighting: "vala",
  translation: "compiled",
  programs: "vala",
  without: {},
  entryPoint: (files) => entryPointOf(sourcesOf(files, extensions), ["main.vala"]),
  compile: (files, options) => {
    const sources = sourcesOf(files, extensions);
    const known = sources.map((file) => named(file, extensions));
    return copyingUnnamed(nativeCompile(compiler, known, options), sources, extensions);
  },
  compileMinimum: { memoryBytes: 128 * MiB, processes: 12, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  timing: { factor: 1, offsetMs: 2 },
  version: {
    argv: ["valac", "--version"],
    env: environment,
    parse: (stdout) => /^Vala (\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1] ?? null,
  },
};
