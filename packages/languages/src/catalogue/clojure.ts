import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { jvmOptions } from "./jvm.ts";

const extensions = [".clj", ".cljc"];
const MiB = 1024 * 1024;
const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const library = [jar("clojure"), jar("spec.alpha"), jar("core.specs.alpha")];
const archive = "-XX:SharedArchiveFile=/usr/lib/assay/jvm/clojure.jsa";

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.clj", "core.clj"]);

export const clojure: Language = {
  id: "clojure",
  family: "clojure",
  release: "1.11",
  name: "Clojure",
  aliases: ["clj"],
  image: "clojure",
  extensions,
  defaultSource: "main.clj",
  highlighting: "clojure",
  translation: "checked",
  programs: "clojure",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: [
      "java",
      ...jvmOptions(undefined),
      "-XX:TieredStopAtLevel=1",
      archive,
      "-cp",
      [...library, "/usr/lib/assay/jvm/check.jar"].join(":"),
      "assay.CheckClojure",
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 32, diskBytes: 1 * MiB },
  // The work directory is on the class path, so that (require 'other) finds other.clj.
  run: (files, args = [], memoryBytes) => ({
    argv: [
      "java",
      ...jvmOptions(memoryBytes),
      archive,
      "-cp",
      [...library, "."].join(":"),
      "clojure.main",
      asArgument(entryPoint(files)),
      ...args,
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 359 },
  overhead: { memoryBytes: 96 * MiB, processes: 24 },
  version: {
    argv: [
      "java",
      "-XX:+UseSerialGC",
      archive,
      "-cp",
      library.join(":"),
      "clojure.main",
      "-e",
      "(println (clojure-version))",
    ],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1] ?? null,
  },
};
