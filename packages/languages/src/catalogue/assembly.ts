import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { sourcesOf } from "../sources.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const MiB = 1024 * 1024;

// A program that has `_start` starts there, without the C library's preparations and without its files;
// else the C library is linked, which calls `main`.
const script = (assemble: string): string => `
mkdir /tmp/build
objects=()
for file; do
  object=/tmp/build/\${#objects[@]}.o
  ${assemble}
  objects+=("$object")
done
symbols=$(nm --defined-only "\${objects[@]}")
if [[ $symbols == *' T _start'* ]]; then libraries=(-nostdlib); else libraries=(); fi
exec gcc -static -no-pie -s -Wl,-z,noexecstack "\${libraries[@]}" -o "$program" "\${objects[@]}"
`;

type Own = Pick<
  Language,
  "id" | "release" | "name" | "aliases" | "extensions" | "defaultSource" | "highlighting" | "version"
>;

const assembler = (own: Own, assemble: string): Language => ({
  ...own,
  family: own.id,
  image: "assembly",
  translation: "compiled",
  programs: own.id,
  without: {},
  entryPoint: (files) => sourcesOf(files, own.extensions)[0],
  compile: (files, options) => scriptedCompile(script(assemble), sourcesOf(files, own.extensions), options),
  compileMinimum: { memoryBytes: 32 * MiB, processes: 8, diskBytes: 4 * MiB },
  run: (_files, args) => nativeRun(args),
});

export const nasm = assembler(
  {
    id: "nasm",
    release: "2.16",
    name: "Assembly (NASM, x86-64)",
    aliases: ["asm", "assembly"],
    extensions: [".asm", ".nasm"],
    defaultSource: "main.asm",
    highlighting: "assembly",
    version: {
      argv: ["nasm", "-v"],
      env: environment,
      parse: (stdout) => /^NASM version (\d+\.\d+(?:\.\d+)?)\b[^\n]*\n$/.exec(stdout)?.[1] ?? null,
    },
  },
  'nasm -f elf64 "${options[@]}" -o "$object" "$file"',
);

export const gas = assembler(
  {
    id: "gas",
    release: "2.40",
    name: "Assembly (GNU assembler, x86-64)",
    aliases: ["as", "gnu-assembler"],
    extensions: [".s", ".S"],
    defaultSource: "main.s",
    highlighting: "unix assembly",
    version: {
      argv: ["as", "--version"],
      env: environment,
      parse: (stdout) => /^GNU assembler \([^\n]*\) (\d+\.\d+(?:\.\d+)?)\n/.exec(stdout)?.[1] ?? null,
    },
  },
  // `.S` has directives for the C preprocessor, `.s` has not.
  `case $file in *.S) kind=assembler-with-cpp ;; *) kind=assembler ;; esac
  gcc -x "$kind" "\${options[@]}" -c -o "$object" "$file"`,
);
