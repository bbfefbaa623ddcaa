import { readFileSync } from "node:fs";
import { join } from "node:path";
import { upon } from "../recipe.ts";
import { base } from "./base.ts";

const check = readFileSync(join(import.meta.dirname, "files", "clisp", "check.lisp"), "utf8");

/** GNU CLISP: the language `lisp-clisp`. */
export const clisp = upon(base, {
  name: "clisp",
  description: "GNU CLISP 2.49 for Common Lisp, and bash",
  packages: ["clisp"],
  files: { "usr/lib/assay/clisp/check.lisp": check },
  buildBytes: 200e6,
  remove: [
    "usr/lib/clisp-*/{build-aux,linkkit}",
    "usr/lib/clisp-*/base/{*.a,*.o,makevars,modules.h}",
    "usr/lib/clisp-*/rawsock/{*.o,demos}",
    "usr/share/{emacs,vim}",
  ],
  // It says on standard output when there is none.
  finish: [["mkdir", "-p", "/usr/share/locale"]],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `echo '(require "asdf") (format t "~d~%" (+ 40 2))' > /tmp/p.lisp && clisp -q -norc -C /tmp/p.lisp`,
      ],
      stdout: "42\n",
    },
  ],
});
