import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { beam, beamEnvironment } from "./beam.ts";

const extensions = [".exs", ".ex"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.exs", "main.ex"]);

const elixirWords = (words: readonly string[]): string[] =>
  beam(["-pa", "/usr/lib/elixir/lib/elixir/ebin", "-s", "elixir", "start_cli", "-extra", ...words]);

const check = `\
failed =
  for path <- System.argv(), reduce: false do
    failed ->
      try do
        Code.string_to_quoted!(File.read!(path), file: path)
        failed
      rescue
        error ->
          IO.puts(:stderr, Exception.message(error))
          true
      end
  end
if failed, do: System.halt(1)`;

export const elixir: Language = {
  id: "elixir",
  family: "elixir",
  release: "1.14",
  name: "Elixir",
  aliases: ["ex", "exs"],
  image: "elixir",
  extensions,
  defaultSource: "main.exs",
  highlighting: "elixir",
  translation: "checked",
  programs: "elixir",
  without: {},
  entryPoint,
  compile: (files) => ({
    argv: elixirWords(["-e", check, "--", ...sourcesOf(files, extensions).map(asArgument)]),
    env: beamEnvironment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 32, diskBytes: 1 * MiB },
  run: (files, args = []) => ({
    argv: elixirWords([asArgument(entryPoint(files)), ...args]),
    env: beamEnvironment,
  }),
  timing: { factor: 1, offsetMs: 240 },
  // Printing a word: 34 MB and 10 threads.
  overhead: { memoryBytes: 64 * MiB, processes: 24 },
  version: {
    argv: elixirWords(["-e", "IO.puts(System.version())"]),
    env: beamEnvironment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\S*\s*$/.exec(stdout)?.[1] ?? null,
  },
};
