import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { javaVersion, jvmCompile, jvmRun } from "./jvm.ts";

const extensions = [".java"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.java", "main.java"]);

const javaOf = (release: string, image: string, usual: boolean): Language => ({
  id: usual ? "java" : `java@${release}`,
  family: "java",
  release,
  name: `Java ${release}`,
  aliases: ["openjdk", "jdk"],
  image,
  extensions,
  defaultSource: "Main.java",
  highlighting: "java",
  translation: "compiled",
  programs: "java",
  without: {},
  entryPoint,
  compile: (files, options) =>
    jvmCompile({
      language: "java",
      archive: "/usr/lib/assay/jvm/javac.jsa",
      options: options ?? [],
      sources: sourcesOf(files, extensions),
      entry: entryPoint(files),
    }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (_files, args = [], memoryBytes) => jvmRun(args, memoryBytes),
  timing: { factor: 1, offsetMs: 57 },
  // An empty program: 22 MB and 14 threads; what the compilers of the virtual machine make of a longer one
  // takes more memory, and more processors more threads.
  overhead: { memoryBytes: 64 * MiB, processes: 24 },
  messages: "javac",
  version: javaVersion,
});

export const java = javaOf("17", "java", true);
export const java21 = javaOf("21", "java-21", false);
export const java25 = javaOf("25", "java-25", false);
