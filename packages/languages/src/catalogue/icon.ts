import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".icn"];
const MiB = 1024 * 1024;
const program = "main.bin";

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.icn"]);

export const icon: Language = {
  id: "icon",
  family: "icon",
  release: "9.4",
  name: "Icon",
  aliases: [],
  image: "icon",
  extensions,
  defaultSource: "main.icn",
  highlighting: "icon",
  translation: "compiled",
  programs: "icon",
  without: {
    socket: "Icon has no words for the network.",
  },
  entryPoint,
  compile: (files) => ({
    argv: ["icont", "-s", "-o", program, ...sourcesOf(files, extensions).map(asArgument)],
    env: environment,
    outputs: [program],
  }),
  compileMinimum: { memoryBytes: 16 * MiB, processes: 2, diskBytes: 1 * MiB },
  run: (_files, args = []) => ({ argv: ["iconx", asArgument(program), ...args], env: environment }),
  timing: { factor: 1, offsetMs: 2 },
  version: {
    // It says so on standard error.
    argv: ["sh", "-c", "icont -V 2>&1"],
    env: environment,
    parse: (stdout) => /^Icon Version (\d+\.\d+\.\d+), /.exec(stdout)?.[1] ?? null,
  },
};
