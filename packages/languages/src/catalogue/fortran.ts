import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { gccVersion } from "./gcc.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".f90", ".f95", ".f03", ".f08", ".f", ".for"];
const MiB = 1024 * 1024;

// A file that uses a module compiles only after the one that has it: whoever fails waits for the others.
const script = `
compile() {
  case $1 in
    *.f | *.for) form=(-x f77 -ffixed-form) ;;
    *) form=(-x f95 -ffree-form) ;;
  esac
  gfortran "\${form[@]}" -O2 -pipe "\${options[@]}" -J /tmp/build -c -o "$2" "$1" 2>"$2.messages"
}
mkdir /tmp/build
objects=()
left=("$@")
while ((\${#left[@]} > 0)); do
  waiting=()
  for file in "\${left[@]}"; do
    object=/tmp/build/\${#objects[@]}.\${#waiting[@]}.o
    if compile "$file" "$object"; then objects+=("$object"); else waiting+=("$file"); fi
    [[ \${#waiting[@]} == "\${#left[@]}" ]] && failed=yes || failed=no
  done
  if [[ $failed == yes ]]; then
    cat /tmp/build/\${#objects[@]}.*.messages >&2
    exit 1
  fi
  left=("\${waiting[@]}")
done
cat "\${objects[@]/%/.messages}" >&2
exec gfortran -static -s "\${options[@]}" -o "$program" "\${objects[@]}"
`;

export const fortran: Language = {
  id: "fortran",
  family: "fortran",
  release: "12",
  name: "Fortran (GNU Fortran)",
  aliases: ["gfortran", "f90", "fortran90"],
  image: "fortran",
  extensions,
  defaultSource: "main.f90",
  highlighting: "fortran free form",
  translation: "compiled",
  programs: "fortran",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options) => scriptedCompile(script, sourcesOf(files, extensions), options),
  compileMinimum: { memoryBytes: 64 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  version: { ...gccVersion("gcc"), argv: ["gfortran", "-dumpfullversion"] },
};
