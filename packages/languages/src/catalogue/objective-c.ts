import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccVersion } from "./gcc.ts";
import { nativeCompile, nativeRun } from "./native.ts";

const extensions = [".m"];
const MiB = 1024 * 1024;

/** The language with the run-time system of GCC: its root class is Object, there is no Foundation. */
export const objectiveC: Language = {
  id: "objective-c",
  family: "objective-c",
  release: "12",
  name: "Objective-C (GCC)",
  aliases: ["objc", "obj-c", "objectivec"],
  image: "objective-c",
  extensions,
  defaultSource: "main.m",
  highlighting: "objective-c",
  translation: "compiled",
  programs: "objective-c",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  // Not static: its run-time system then takes the program for one without threads, and fails in the second.
  compile: (files, options) => {
    const command = nativeCompile(
      ["gcc", "-x", "objective-c", "-std=gnu17", "-fobjc-exceptions", "-O2", "-s", "-pipe"],
      sourcesOf(files, extensions),
      options,
    );
    return { ...command, argv: [...command.argv, "-lobjc", "-lm"] };
  },
  compileMinimum: { memoryBytes: 64 * MiB, processes: 8, diskBytes: 8 * MiB },
  run: (_files, args) => nativeRun(args),
  messages: "gcc",
  version: gccVersion("gcc"),
};
