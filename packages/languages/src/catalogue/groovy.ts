import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { jvmCompile, jvmRun } from "./jvm.ts";

const extensions = [".groovy"];
const MiB = 1024 * 1024;
const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const library = jar("groovy-all");
const archive = "-XX:SharedArchiveFile=/usr/lib/assay/jvm/groovy.jsa";

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.groovy", "main.groovy"]);

export const groovy: Language = {
  id: "groovy",
  family: "groovy",
  release: "2.4",
  name: "Groovy",
  aliases: ["groovyc"],
  image: "groovy",
  extensions,
  defaultSource: "main.groovy",
  highlighting: "groovy",
  translation: "compiled",
  programs: "groovy",
  without: {},
  entryPoint,
  compile: (files, options) =>
    jvmCompile({
      language: "groovy",
      classpath: [library, jar("commons-cli"), jar("asm-all"), jar("antlr")],
      archive: "/usr/lib/assay/jvm/groovyc.jsa",
      options: options ?? [],
      sources: sourcesOf(files, extensions),
      entry: entryPoint(files),
    }),
  compileMinimum: { memoryBytes: 384 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (_files, args = [], memoryBytes) =>
    jvmRun(args, memoryBytes, { classpath: [library], options: [archive] }),
  timing: { factor: 1, offsetMs: 300 },
  // Printing a word: 48 MB and 15 threads.
  overhead: { memoryBytes: 96 * MiB, processes: 24 },
  version: {
    argv: [
      "java",
      "-XX:+UseSerialGC",
      "-cp",
      `${library}:${jar("commons-cli")}`,
      "groovy.ui.GroovyMain",
      "--version",
    ],
    env: environment,
    parse: (stdout) => /^Groovy Version: (\d+\.\d+\.\d+) [^\n]*\n$/.exec(stdout)?.[1] ?? null,
  },
};
