import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccCompile, gccRun, gccVersion } from "./gcc.ts";

const extensions = [".c"];
const MiB = 1024 * 1024;

type Own = Pick<Language, "id" | "family" | "release" | "name" | "aliases" | "image">;

const dialect = (own: Own, compiler: "gcc" | "clang", standard: string): Language => ({
  ...own,
  extensions,
  defaultSource: "main.c",
  highlighting: "c",
  translation: "compiled",
  programs: "c",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) =>
    gccCompile(compiler, ["-x", "c", `-std=${standard}`], sourcesOf(files, extensions), options),
  compileMinimum: { memoryBytes: (compiler === "gcc" ? 64 : 128) * MiB, processes: 8, diskBytes: 8 * MiB },
  run: (_files, args = []) => gccRun(args),
  messages: compiler === "gcc" ? "gcc" : "clang",
  version: gccVersion(compiler),
});

const gcc12 = { release: "12", image: "cpp" };
const gcc14 = { release: "14", image: "cpp-14" };
const clang16 = { release: "16", image: "clang" };

export const c = dialect(
  { id: "c", family: "c", name: "C (GNU C17)", aliases: ["gcc", "c17"], ...gcc12 },
  "gcc",
  "gnu17",
);

/** The standards and compilers besides the usual one. */
export const cDialects: readonly Language[] = [
  dialect(
    { id: "c@14", family: "c", name: "C (GNU C17, GCC 14)", aliases: c.aliases, ...gcc14 },
    "gcc",
    "gnu17",
  ),
  dialect({ id: "c11", family: "c11", name: "C (GNU C11)", aliases: ["gnu11"], ...gcc12 }, "gcc", "gnu11"),
  // GCC 12 calls it by the name that it had before it was published.
  dialect({ id: "c23", family: "c23", name: "C (GNU C23)", aliases: ["c2x"], ...gcc12 }, "gcc", "gnu2x"),
  dialect(
    { id: "c23@14", family: "c23", name: "C (GNU C23, GCC 14)", aliases: ["c2x"], ...gcc14 },
    "gcc",
    "gnu23",
  ),
  dialect(
    { id: "c-clang", family: "c-clang", name: "C (C17, Clang)", aliases: ["clang"], ...clang16 },
    "clang",
    "gnu17",
  ),
  dialect(
    { id: "c11-clang", family: "c11-clang", name: "C (C11, Clang)", aliases: [], ...clang16 },
    "clang",
    "gnu11",
  ),
  dialect(
    { id: "c23-clang", family: "c23-clang", name: "C (C2x, Clang)", aliases: [], ...clang16 },
    "clang",
    "gnu2x",
  ),
];
