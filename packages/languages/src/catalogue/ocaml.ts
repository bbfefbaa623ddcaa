import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { entryPointOf, extensionOf, sourcesOf } from "../sources.ts";
import { nativeRun, scriptedCompile } from "./native.ts";

const extensions = [".ml", ".mli"];
const MiB = 1024 * 1024;

// Compiled beside /w, because interfaces and objects lie where the sources are. The linker is silent, or it
// would warn of name services in a static program each time.
const script = `
mkdir /tmp/build
cp --parents -t /tmp/build -- "$@"
place=$PWD
cd /tmp/build
sorted=$(ocamldep -sort "$@")
mapfile -t sources < <(printf %s "$sorted" | tr ' ' '\\n' | grep .)
[[ \${#sources[@]} == $# ]] || sources=("$@")
exec ocamlopt -I +threads -inline 100 "\${options[@]}" unix.cmxa str.cmxa threads.cmxa \\
  -ccopt '-static -s -Wl,--no-warnings' -o "$place/$program" "\${sources[@]}"
`;

// A file is a module only when it is called so.
const unnamed = `
cp -- "$1" /tmp/main.ml
set -- main.ml
place=$PWD
cd /tmp
exec ocamlopt -I +threads -inline 100 "\${options[@]}" unix.cmxa str.cmxa threads.cmxa \\
  -ccopt '-static -s -Wl,--no-warnings' -o "$place/$program" main.ml
`;

export const ocaml: Language = {
  id: "ocaml",
  family: "ocaml",
  release: "4.13",
  name: "OCaml",
  aliases: ["ml", "ocamlopt"],
  image: "ocaml",
  extensions,
  defaultSource: "main.ml",
  highlighting: "ocaml",
  translation: "compiled",
  programs: "ocaml",
  without: {},
  entryPoint: (files) => entryPointOf(sourcesOf(files, extensions), ["main.ml"]),
  compile: (files, options) => {
    const sources = sourcesOf(files, extensions);
    const named = extensions.includes(extensionOf(sources[0]));
    return scriptedCompile(named ? script : unnamed, sources, options);
  },
  compileMinimum: { memoryBytes: 128 * MiB, processes: 8, diskBytes: 16 * MiB },
  run: (_files, args) => nativeRun(args),
  version: {
    argv: ["ocamlopt", "-version"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+)\n$/.exec(stdout)?.[1] ?? null,
  },
};
