import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccCompile, gccRun, gccVersion } from "./gcc.ts";

const extensions = [".cpp", ".cc", ".cxx", ".c++", ".C"];
const MiB = 1024 * 1024;

export const cpp: Language = {
  id: "cpp",
  family: "cpp",
  release: "12",
  name: "C++ (GNU C++20)",
  aliases: ["c++", "g++"],
  image: "cpp",
  extensions,
  defaultSource: "main.cpp",
  highlighting: "c++",
  translation: "compiled",
  programs: "cpp",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) =>
    gccCompile("g++", ["-x", "c++", "-std=gnu++20"], sourcesOf(files, extensions), options),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args = []) => gccRun(args),
  messages: "gcc",
  version: gccVersion("g++"),
};
