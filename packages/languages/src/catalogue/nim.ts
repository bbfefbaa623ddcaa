import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".nim"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.nim"]);

// Follows `import` by itself. A file is a module only when its name is one.
const script = `
file=$1
name=\${file##*/}
if [[ ! $name =~ ^[A-Za-z][A-Za-z0-9_]*\\.nim$ ]]; then
  file=/tmp/main.nim
  cp -- "$1" "$file"
fi
exec nim compile -d:release --threads:on --hints:off --verbosity:0 --colors:off --nimcache:/tmp/build \\
  --passL:-static --passL:-s "\${options[@]}" "--out:$PWD/$program" "$file"
`;

export const nim: Language = {
  id: "nim",
  family: "nim",
  release: "1.6",
  name: "Nim",
  aliases: ["nimrod"],
  image: "nim",
  extensions,
  defaultSource: "main.nim",
  highlighting: "nim",
  translation: "compiled",
  programs: "nim",
  without: {},
  entryPoint,
  compile: (files, options) => scriptedCompile(script, [entryPoint(files)], options),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 12, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  version: {
    argv: ["nim", "--version"],
    env: environment,
    parse: (stdout) => /^Nim Compiler Version (\d+\.\d+\.\d+) /.exec(stdout)?.[1] ?? null,
  },
};
