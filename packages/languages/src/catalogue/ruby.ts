import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";

const extensions = [".rb"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.rb"]);

// Ruby reserves its stack by reaching for its end, and as Debian 13 builds it writes to all of it on the
// way: a limit of 64 MB would be 64 MB of memory and 50 ms for every program.
const smallerStack = "ulimit -S -s 16384 2>/dev/null";

const rubyOf = (
  own: Pick<Language, "id" | "release" | "image" | "timing" | "overhead">,
  touchesItsStack: boolean,
): Language => ({
  ...own,
  family: "ruby",
  name: "Ruby",
  aliases: ["rb"],
  extensions,
  defaultSource: "main.rb",
  highlighting: "ruby",
  translation: "checked",
  programs: "ruby",
  without: {},
  entryPoint,
  // -c does not run what stands in BEGIN blocks. Without gems it starts in a quarter of the time.
  compile: (files) =>
    checkEach(
      `${touchesItsStack ? `${smallerStack}; ` : ""}ruby --disable=gems -c`,
      sourcesOf(files, extensions),
    ),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: 64 * 1024 },
  run: (files, args = []) => {
    const words = [asArgument(entryPoint(files)), ...args];
    const argv = touchesItsStack
      ? ["sh", "-c", `${smallerStack}; exec ruby "$@"`, "ruby", ...words]
      : ["ruby", ...words];
    return { argv, env: environment };
  },
  messages: "ruby",
  version: {
    argv: ["ruby", "--disable=gems", "-e", "puts RUBY_VERSION"],
    env: environment,
    parse: (stdout) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
});

export const ruby: Language = rubyOf(
  {
    id: "ruby",
    release: "3.1",
    image: "ruby",
    timing: { factor: 1, offsetMs: 71 },
    overhead: { memoryBytes: 8 * MiB, processes: 1 },
  },
  false,
);

export const ruby33: Language = rubyOf(
  {
    id: "ruby@3.3",
    release: "3.3",
    image: "ruby-3.3",
    timing: { factor: 1, offsetMs: 65 },
    overhead: { memoryBytes: 24 * MiB, processes: 1 },
  },
  true,
);
