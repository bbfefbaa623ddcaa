import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".sh", ".bash"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.sh", "main.bash"]);

export const bash: Language = {
  id: "bash",
  family: "bash",
  release: "5.2",
  name: "Bash",
  aliases: ["sh", "shell"],
  image: "python",
  extensions,
  defaultSource: "main.sh",
  highlighting: "shell",
  translation: "checked",
  programs: "bash",
  without: {},
  entryPoint,
  // `bash -n` takes one script; what follows would be its arguments.
  compile: (files) => ({
    argv: [
      "bash",
      "-c",
      'status=0; for file; do bash -n -- "$file" || status=1; done; exit "$status"',
      "check",
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 8 * MiB, processes: 2, diskBytes: 64 * 1024 },
  run: (files, args = []) => ({
    argv: ["bash", "--", asArgument(entryPoint(files)), ...args],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 2 },
  version: {
    argv: ["bash", "-c", 'printf "%d.%d.%d\\n" "${BASH_VERSINFO[@]:0:3}"'],
    env: environment,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
};
