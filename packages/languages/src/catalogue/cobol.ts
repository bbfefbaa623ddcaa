import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { nativeRun } from "./native.ts";

const extensions = [".cob", ".cbl", ".cobol"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.cob", "main.cbl"]);

/** In free form; a source in the form of punched cards says so: `>>SOURCE FORMAT IS FIXED`. */
export const cobol: Language = {
  id: "cobol",
  family: "cobol",
  release: "3.1",
  name: "COBOL (GnuCOBOL)",
  aliases: ["gnucobol", "cobc"],
  image: "cobol",
  extensions,
  defaultSource: "main.cob",
  highlighting: "cobol",
  translation: "compiled",
  programs: "cobol",
  without: {},
  entryPoint,
  // The first file becomes the main program.
  compile: (files, options = []) => {
    const entry = entryPoint(files);
    const others = sourcesOf(files, extensions).filter((path) => path !== entry);
    return {
      argv: ["cobc", "-x", "-free", "-O2", ...options, "-o", "a.out", ...[entry, ...others].map(asArgument)],
      env: environment,
      outputs: ["a.out"],
    };
  },
  compileMinimum: { memoryBytes: 64 * MiB, processes: 8, diskBytes: 8 * MiB },
  run: (_files, args) => nativeRun(args),
  timing: { factor: 1, offsetMs: 3 },
  version: {
    argv: ["cobc", "--version"],
    env: environment,
    parse: (stdout) => /^cobc \(GnuCOBOL\) (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};
