import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { jvmCompile, jvmRun } from "./jvm.ts";

const extensions = [".scala"];
const MiB = 1024 * 1024;
const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const library = jar("scala-library");

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.scala", "main.scala"]);

export const scala: Language = {
  id: "scala",
  family: "scala",
  release: "2.11",
  name: "Scala",
  aliases: ["scalac", "scala2"],
  image: "scala",
  extensions,
  defaultSource: "Main.scala",
  highlighting: "scala",
  translation: "compiled",
  programs: "scala",
  without: {},
  entryPoint,
  compile: (files, options) =>
    jvmCompile({
      language: "scala",
      classpath: [jar("scala-compiler"), library, jar("scala-reflect")],
      archive: "/usr/lib/assay/jvm/scalac.jsa",
      options: options ?? [],
      sources: sourcesOf(files, extensions),
      entry: entryPoint(files),
    }),
  compileMinimum: { memoryBytes: 768 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (_files, args = [], memoryBytes) => jvmRun(args, memoryBytes, { classpath: [library] }),
  timing: { factor: 1, offsetMs: 198 },
  // Printing a word: 31 MB and 14 threads.
  overhead: { memoryBytes: 64 * MiB, processes: 24 },
  version: {
    // It answers on standard error.
    argv: [
      "sh",
      "-c",
      `exec java -XX:+UseSerialGC -cp ${jar("scala-compiler")}:${library}:${jar("scala-reflect")} scala.tools.nsc.Main -version 2>&1`,
    ],
    env: environment,
    parse: (stdout) => /^Scala compiler version (\d+\.\d+\.\d+) [^\n]*\n$/.exec(stdout)?.[1] ?? null,
  },
};
