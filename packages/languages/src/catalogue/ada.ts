import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { gccVersion } from "./gcc.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".adb", ".ads"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string => {
  const sources = sourcesOf(files, extensions);
  return entryPointOf(sources, ["main.adb", sources.find((path) => path.endsWith(".adb")) ?? ""]);
};

// The first source is the main program; the compiler finds the units that it names in the others'
// directories, by their files' names.
const script = `
file=$1
case $file in
  *.ad[bs]) ;;
  *)
    file=/tmp/main.adb
    cp -- "$1" "$file"
    ;;
esac
directories=()
for source; do directories+=("-aI\${source%/*}"); done
mkdir /tmp/build
exec gnatmake -q -O2 -gnat2022 "\${directories[@]}" -D /tmp/build "$file" -o "$program" \\
  -cargs "\${options[@]}" -bargs -static -largs -static -s
`;

export const ada: Language = {
  id: "ada",
  family: "ada",
  release: "12",
  name: "Ada (GNAT)",
  aliases: ["gnat"],
  image: "ada",
  extensions,
  defaultSource: "main.adb",
  highlighting: "ada",
  translation: "compiled",
  programs: "ada",
  without: {},
  entryPoint,
  compile: (files, options) => {
    const entry = entryPoint(files);
    return scriptedCompile(
      script,
      [entry, ...sourcesOf(files, extensions).filter((path) => path !== entry)],
      options,
    );
  },
  compileMinimum: { memoryBytes: 64 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  version: { ...gccVersion("gcc"), argv: ["gcc", "-dumpfullversion"] },
};
