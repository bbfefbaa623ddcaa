import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccVersion } from "./gcc.ts";
import { nativeCompile, nativeRun } from "./native.ts";

const extensions = [".d"];
const MiB = 1024 * 1024;

export const d: Language = {
  id: "d",
  family: "d",
  release: "12",
  name: "D (GDC)",
  aliases: ["gdc", "dlang"],
  image: "d",
  extensions,
  defaultSource: "main.d",
  highlighting: "d",
  translation: "compiled",
  programs: "d",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) =>
    nativeCompile(
      ["gdc", "-x", "d", "-O2", "-static-libphobos", "-static-libgcc", "-s", "-pipe"],
      sourcesOf(files, extensions),
      options,
    ),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  version: { ...gccVersion("gcc"), argv: ["gdc", "-dumpfullversion"] },
};
