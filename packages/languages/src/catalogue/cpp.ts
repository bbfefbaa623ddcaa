import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccCompile, gccRun, gccVersion } from "./gcc.ts";

const extensions = [".cpp", ".cc", ".cxx", ".c++", ".C"];
const MiB = 1024 * 1024;

type Own = Pick<Language, "id" | "family" | "release" | "name" | "aliases" | "image">;

const dialect = (own: Own, compiler: "g++" | "clang++", standard: string): Language => ({
  ...own,
  extensions,
  defaultSource: "main.cpp",
  highlighting: "c++",
  translation: "compiled",
  programs: "cpp",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) =>
    gccCompile(compiler, ["-x", "c++", `-std=${standard}`], sourcesOf(files, extensions), options),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args = []) => gccRun(args),
  messages: compiler === "g++" ? "gcc" : "clang",
  version: gccVersion(compiler),
});

const gcc12 = { release: "12", image: "cpp" };
const gcc14 = { release: "14", image: "cpp-14" };
const clang16 = { release: "16", image: "clang" };

export const cpp = dialect(
  { id: "cpp", family: "cpp", name: "C++ (GNU C++20)", aliases: ["c++", "g++", "cpp20", "c++20"], ...gcc12 },
  "g++",
  "gnu++20",
);

/** The standards and compilers besides the usual one. */
export const cppDialects: readonly Language[] = [
  dialect(
    { id: "cpp@14", family: "cpp", name: "C++ (GNU C++20, GCC 14)", aliases: cpp.aliases, ...gcc14 },
    "g++",
    "gnu++20",
  ),
  dialect(
    { id: "cpp17", family: "cpp17", name: "C++ (GNU C++17)", aliases: ["c++17"], ...gcc12 },
    "g++",
    "gnu++17",
  ),
  dialect(
    { id: "cpp23", family: "cpp23", name: "C++ (GNU C++23)", aliases: ["c++23"], ...gcc12 },
    "g++",
    "gnu++23",
  ),
  dialect(
    { id: "cpp23@14", family: "cpp23", name: "C++ (GNU C++23, GCC 14)", aliases: ["c++23"], ...gcc14 },
    "g++",
    "gnu++23",
  ),
  dialect(
    { id: "cpp-clang", family: "cpp-clang", name: "C++ (C++20, Clang)", aliases: ["clang++"], ...clang16 },
    "clang++",
    "gnu++20",
  ),
  dialect(
    { id: "cpp17-clang", family: "cpp17-clang", name: "C++ (C++17, Clang)", aliases: [], ...clang16 },
    "clang++",
    "gnu++17",
  ),
  dialect(
    { id: "cpp23-clang", family: "cpp23-clang", name: "C++ (C++2b, Clang)", aliases: [], ...clang16 },
    "clang++",
    "gnu++2b",
  ),
];
