import type { Recipe } from "../recipe.ts";
import { upon } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const sbclUpon = (below: Recipe, name: string, version: string): Recipe =>
  upon(below, {
    name,
    description: `Steel Bank Common Lisp ${version}, and bash`,
    packages: ["sbcl"],
    buildBytes: 300e6,
    remove: ["usr/share/{gcc,sbcl-source}", "usr/lib/sbcl/sbcl.{mk,o}", "etc/sbclrc"],
    probes: [
      {
        argv: [
          "sh",
          "-c",
          `echo '(require :sb-bsd-sockets) (require :sb-posix) (print (+ 40 2))' > /tmp/p.lisp && sbcl --script /tmp/p.lisp`,
        ],
        stdout: "\n42 ",
      },
    ],
  });

/** The language `lisp`. */
export const sbcl = sbclUpon(base, "sbcl", "2.2");

/** The language `lisp@2.5`. */
export const sbcl25 = sbclUpon(base13, "sbcl-2-5", "2.5");
