import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".hs"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["Main.hs", "main.hs"]);

// The first source has `main`, in a module of whatever name. No argument of the program is one of the
// run-time system.
const script = `
module=$(sed -n 's/^module[[:space:]]\\{1,\\}\\([A-Z][A-Za-z0-9_.]*\\).*/\\1/p' "$1" | head -n 1)
exec ghc -v0 -O -optl-static -optl-s -rtsopts=ignoreAll -outputdir /tmp/build "\${options[@]}" \\
  -main-is "\${module:-Main}" -o "$program" -x hs "$@"
`;

export const haskell: Language = {
  id: "haskell",
  family: "haskell",
  release: "9.0",
  name: "Haskell (GHC)",
  aliases: ["ghc", "hs"],
  image: "haskell",
  extensions,
  defaultSource: "Main.hs",
  highlighting: "haskell",
  translation: "compiled",
  programs: "haskell",
  without: {},
  entryPoint,
  compile: (files, options) => {
    const entry = entryPoint(files);
    const others = sourcesOf(files, extensions).filter((path) => path !== entry);
    return scriptedCompile(script, [entry, ...others], options);
  },
  compileMinimum: { memoryBytes: 256 * MiB, processes: 16, diskBytes: 32 * MiB },
  run: (_files, args) => nativeRun(args),
  timing: { factor: 1, offsetMs: 2 },
  // An empty program: 2 MB. While it computes, a second thread wakes its scheduler.
  overhead: { memoryBytes: 2 * MiB, processes: 1 },
  version: {
    argv: ["ghc", "--numeric-version"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\n$/.exec(stdout)?.[1] ?? null,
  },
};
