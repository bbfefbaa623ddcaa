import type { Language } from "../language.ts";
import { environment } from "../environment.ts";
import { sourcesOf } from "../sources.ts";
import { gccVersion } from "./gcc.ts";
import { copyingUnnamed, named } from "./named.ts";
import { nativeCompile, nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".d"] as const;
const MiB = 1024 * 1024;

type Own = Pick<Language, "id" | "release" | "name" | "aliases" | "image" | "compile" | "timing" | "version">;

const dBy = (own: Own): Language => ({
  ...own,
  family: own.id,
  extensions,
  defaultSource: "main.d",
  highlighting: "d",
  translation: "compiled",
  programs: "d",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
});

export const d: Language = dBy({
  id: "d",
  release: "12",
  name: "D (GDC)",
  aliases: ["gdc", "dlang"],
  image: "d",
  compile: (files, options) =>
    nativeCompile(
      ["gdc", "-x", "d", "-O2", "-static-libphobos", "-static-libgcc", "-s", "-pipe"],
      sourcesOf(files, extensions),
      options,
    ),
  version: { ...gccVersion("gcc"), argv: ["gdc", "-dumpfullversion"] },
});

const ldc = `
exec ldc2 -O2 -static -defaultlib=phobos2-ldc,druntime-ldc,z -L=-s -od=/tmp "\${options[@]}" "-of=$program" "$@"
`;

export const dLdc: Language = dBy({
  id: "d-ldc",
  release: "1.30",
  name: "D (LDC)",
  aliases: ["ldc", "ldc2"],
  image: "ldc",
  timing: { factor: 1, offsetMs: 1 },
  compile: (files, options) => {
    const sources = sourcesOf(files, extensions);
    const known = sources.map((file) => named(file, extensions));
    return copyingUnnamed(scriptedCompile(ldc, known, options), sources, extensions);
  },
  version: {
    argv: ["ldc2", "--version"],
    env: environment,
    parse: (stdout) => /^LDC - the LLVM D compiler \((\d+\.\d+\.\d+)\)/.exec(stdout)?.[1] ?? null,
  },
});
