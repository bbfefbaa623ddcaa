import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".jq"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.jq"]);

export const jq: Language = {
  id: "jq",
  family: "jq",
  release: "1.6",
  name: "jq",
  aliases: [],
  image: "jq",
  extensions,
  defaultSource: "main.jq",
  highlighting: "jq",
  translation: "interpreted",
  programs: "jq",
  without: {
    threads: "jq has neither threads nor processes.",
    socket: "jq has no words for the network.",
  },
  entryPoint,
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * MiB, processes: 1, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["jq", "-nRr", "-L", ".", "-f", asArgument(entryPoint(files)), "--args", "--", ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 25 },
  version: {
    argv: ["jq", "--version"],
    env: environment,
    parse: (stdout) => /^jq-(\d+(?:\.\d+)+)\s*$/.exec(stdout)?.[1] ?? null,
  },
};
