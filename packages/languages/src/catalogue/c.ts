import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccCompile, gccRun, gccVersion } from "./gcc.ts";

const extensions = [".c"];
const MiB = 1024 * 1024;

export const c: Language = {
  id: "c",
  family: "c",
  release: "12",
  name: "C (GNU C17)",
  aliases: ["gcc"],
  image: "cpp",
  extensions,
  defaultSource: "main.c",
  highlighting: "c",
  translation: "compiled",
  programs: "c",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) =>
    gccCompile("gcc", ["-x", "c", "-std=gnu17"], sourcesOf(files, extensions), options),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 8, diskBytes: 8 * MiB },
  run: (_files, args = []) => gccRun(args),
  messages: "gcc",
  version: gccVersion("gcc"),
};
