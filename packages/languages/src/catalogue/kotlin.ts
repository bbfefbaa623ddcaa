import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { jvmCompile, jvmRun } from "./jvm.ts";

const extensions = [".kt"];
const MiB = 1024 * 1024;
const lib = "/usr/lib/kotlin/lib";
const library = [`${lib}/kotlin-stdlib.jar`, `${lib}/kotlinx-coroutines-core-jvm.jar`];

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.kt", "main.kt"]);

export const kotlin: Language = {
  id: "kotlin",
  family: "kotlin",
  release: "2.4",
  name: "Kotlin",
  aliases: ["kt", "kotlinc"],
  image: "kotlin",
  extensions,
  defaultSource: "main.kt",
  highlighting: "kotlin",
  translation: "compiled",
  programs: "kotlin",
  without: {},
  entryPoint,
  compile: (files, options) =>
    jvmCompile({
      language: "kotlin",
      classpath: [`${lib}/kotlin-compiler.jar`, ...library],
      archive: "/usr/lib/assay/jvm/kotlinc.jsa",
      jvm: [`-Dassay.library=${library.join(":")}`],
      options: options ?? [],
      sources: sourcesOf(files, extensions),
      entry: entryPoint(files),
    }),
  compileMinimum: { memoryBytes: 768 * MiB, processes: 48, diskBytes: 4 * MiB },
  run: (_files, args = [], memoryBytes) => jvmRun(args, memoryBytes, { classpath: library }),
  timing: { factor: 1, offsetMs: 70 },
  // Printing a word: 22 MB and 14 threads.
  overhead: { memoryBytes: 64 * MiB, processes: 24 },
  messages: "kotlinc",
  version: {
    argv: ["head", "-c", "64", "/usr/lib/kotlin/build.txt"],
    env: { PATH: "/usr/bin:/bin" },
    parse: (stdout) => /^(\d+\.\d+\.\d+)(?:-release-\d+)?\s*$/.exec(stdout)?.[1] ?? null,
  },
};
