import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".scm"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.scm"]);

// What the program starts at includes the others, or loads them while it runs; units are linked to it.
// The compiler calls the C compiler by way of a shell, with names from the file's.
const script = `
file=$1
shift
if [[ ! \${file##*/} =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]*\\.scm$ ]]; then
  cp -- "$file" /tmp/main.scm
  file=/tmp/main.scm
fi
units=()
for other; do
  ! grep -qE '^[[:space:]]*\\(declare[[:space:]]*\\(unit[[:space:]]' -- "$other" || units+=("$other")
done
exec csc -O2 -L -static -L -s "\${options[@]}" -o "$program" "$file" "\${units[@]}"
`;

export const schemeChicken: Language = {
  id: "scheme-chicken",
  family: "scheme-chicken",
  release: "5.3",
  name: "Scheme (CHICKEN)",
  aliases: ["chicken"],
  image: "chicken",
  extensions,
  defaultSource: "main.scm",
  highlighting: "scheme",
  translation: "compiled",
  programs: "scheme-chicken",
  without: {},
  entryPoint,
  compile: (files, options) => {
    const start = entryPoint(files);
    const others = sourcesOf(files, extensions).filter((file) => file !== start);
    return scriptedCompile(script, [start, ...others], options);
  },
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 16 * MiB },
  // Arguments in front that begin with `-:` are its run-time system's, as in every program of it.
  run: (_files, args) => nativeRun(args),
  timing: { factor: 1, offsetMs: 3 },
  version: {
    argv: ["csi", "-release"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\n$/.exec(stdout)?.[1] ?? null,
  },
};
