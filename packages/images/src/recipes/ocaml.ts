import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** OCaml's compiler to machine code, with the libraries that it brings along. */
export const ocaml = upon(gcc, {
  name: "ocaml",
  description: "OCaml 4.13, and bash",
  packages: ["ocaml-nox"],
  buildBytes: 1_700e6,
  // The compiler to bytecode, in which the tools come a second time, and the compiler as a library (300 MB).
  remove: [
    "usr/bin/*.byte",
    "usr/bin/ocaml{,c*,cmt,cp*,debug,doc*,dumpobj,mklib*,mktop*,objinfo*,optp*,prof*,run*}",
    "usr/lib/ocaml/{compiler-libs,ocamldoc,expunge,extract_crc}",
    "usr/lib/ocaml/**/*.{cma,cmt,cmti}",
  ],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.ml <<'end'
module Numbers = Map.Make (Int)
let () =
  let result = ref 0 in
  let worker = Thread.create (fun () -> result := Unix.getpid () * 0 + 40) () in
  Thread.join worker;
  let numbers = Numbers.singleton 1 !result in
  Printf.printf "%d\\n" (Numbers.find 1 numbers + List.length (Str.split (Str.regexp ",") "a,b"))
end
ocamldep -sort main.ml >sorted
ocamlopt -I +threads unix.cmxa str.cmxa threads.cmxa -ccopt '-static -s -Wl,--no-warnings' -o probe $(cat sorted)
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
