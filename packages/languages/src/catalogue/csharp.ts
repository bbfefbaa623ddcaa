import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".cs"];
const MiB = 1024 * 1024;
const program = "program.exe";

export const csharp: Language = {
  id: "csharp",
  family: "csharp",
  release: "6.8",
  name: "C# (Mono)",
  aliases: ["c#", "cs", "mono", "mcs"],
  image: "mono",
  extensions,
  defaultSource: "Main.cs",
  highlighting: "c#",
  translation: "compiled",
  programs: "csharp",
  without: {},
  entryPoint: (files) => entryPointOf(sourcesOf(files, extensions), ["Main.cs", "Program.cs"]),
  compile: (files, options = []) => ({
    argv: [
      "mono",
      "--gc-params=nursery-size=64m",
      "/usr/lib/mono/4.5/mcs.exe",
      "-nologo",
      "-optimize+",
      "-debug+",
      "-codepage:utf8",
      "-define:ONLINE_JUDGE",
      "-r:System.Numerics.dll",
      ...options,
      `-out:${program}`,
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env: environment,
    outputs: [program, `${program}.mdb`],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 16, diskBytes: 4 * MiB },
  // With the lines of the source in stack traces.
  run: (_files, args = []) => ({
    argv: ["mono", "--debug", program, ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 25 },
  overhead: { memoryBytes: 32 * MiB, processes: 8 },
  messages: "mono",
  version: {
    argv: ["mono", "--version=number"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)(?:\.\d+)*\s*$/.exec(stdout)?.[1] ?? null,
  },
};
