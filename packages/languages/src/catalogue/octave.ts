import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".m"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.m"]);

const plain = ["octave-cli", "--norc", "--no-history", "--no-window-system", "--silent"];

// Else sums of floating-point numbers depend on how many processors there are.
const env = { ...environment, OMP_NUM_THREADS: "1" };

const check = `\
failed = false;
arguments = argv();
for i = 1:numel(arguments)
  try
    __parse_file__(arguments{i});
  catch problem
    failed = true;
    fputs(stderr, [problem.message "\\n"]);
  end
end
exit(failed)
`;

export const octave: Language = {
  id: "octave",
  family: "octave",
  release: "7.3",
  name: "Octave",
  aliases: ["matlab"],
  image: "octave",
  extensions,
  defaultSource: "main.m",
  highlighting: "matlab",
  translation: "checked",
  programs: "octave",
  without: { socket: "Octave has no sockets without a package that is not part of it." },
  entryPoint,
  // What Octave evaluates from its command line has no arguments, a script has.
  compile: (files) => ({
    argv: [
      "sh",
      "-c",
      `printf %s "$0" >/tmp/check.m; exec ${plain.join(" ")} /tmp/check.m "$@"`,
      check,
      ...sourcesOf(files, extensions).map(asArgument),
    ],
    env,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 8, diskBytes: 1 * MiB },
  run: (files, args = []) => ({ argv: [...plain, asArgument(entryPoint(files)), ...args], env }),
  timing: { factor: 1, offsetMs: 80 },
  overhead: { memoryBytes: 10 * MiB, processes: 1 },
  version: {
    argv: ["octave-cli", "--version"],
    env,
    parse: (stdout) => /^GNU Octave, version (\d+\.\d+\.\d+)\b/.exec(stdout)?.[1] ?? null,
  },
};
