import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { beam, beamEnvironment } from "./beam.ts";

const extensions = [".erl"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.erl"]);

// The runner is a module in the image; see erlang/assay_runner.erl among the recipes' files.
const runner = ["-pz", "/usr/lib/assay/erlang", ".", "-s", "assay_runner"];

export const erlang: Language = {
  id: "erlang",
  family: "erlang",
  release: "25",
  name: "Erlang",
  aliases: ["erl", "otp"],
  image: "erlang",
  extensions,
  defaultSource: "main.erl",
  highlighting: "erlang",
  translation: "compiled",
  programs: "erlang",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: beam([
      ...runner,
      "compile",
      "-extra",
      asArgument(entryPoint(files)),
      ...sourcesOf(files, extensions)
        .filter((file) => file !== entryPoint(files))
        .map(asArgument),
    ]),
    env: beamEnvironment,
    outputs: [".main"],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 32, diskBytes: 4 * MiB },
  run: (_files, args = []) => ({
    argv: beam([...runner, "run", "-extra", ...args]),
    env: beamEnvironment,
  }),
  timing: { factor: 1, offsetMs: 117 },
  // Printing a word: 23 MB and 10 threads.
  overhead: { memoryBytes: 48 * MiB, processes: 24 },
  version: {
    argv: ["cat", "/usr/lib/erlang/releases/version"],
    env: beamEnvironment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)(?:\.\d+)*\s*$/.exec(stdout)?.[1] ?? null,
  },
};
