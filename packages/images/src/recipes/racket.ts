import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** What programs without windows use; the distribution has documents, drawing and an editor besides. */
const kept = [
  "base",
  "class-iop-lib",
  "compatibility-lib",
  "compiler-lib",
  "data-enumerate-lib",
  "data-lib",
  "errortrace-lib",
  "html-lib",
  "lazy",
  "math-lib",
  "net-lib",
  "option-contract-lib",
  "parser-tools-lib",
  "pconvert-lib",
  "pkgs.rktd",
  "r5rs-lib",
  "r6rs-lib",
  "racket-lib",
  "racklog",
  "rackunit-lib",
  "sandbox-lib",
  "scheme-lib",
  "source-syntax",
  "srfi-lib",
  "srfi-lite-lib",
  "string-constants-lib",
  "syntax-color-lib",
  "testing-util-lib",
  "typed-racket-compatibility",
  "typed-racket-lib",
  "zo-lib",
];

/** The language `racket`. */
export const racket = upon(base, {
  name: "racket",
  description: "Racket 8.7 with its libraries, and bash",
  packages: ["racket"],
  buildBytes: 1_500e6,
  remove: [
    `usr/share/racket/pkgs/!(${kept.join("|")})`,
    `usr/lib/racket/compiled/usr/share/racket/pkgs/!(${kept.join("|")})`,
    "usr/bin/{drracket,gracket*,slideshow,plt-*,mred*,mzscheme*,mzc,mzpp,mztext,pdf-slatex,swindle,setup-plt}",
    "usr/lib/racket/{gracket*,drracket*,mred*,*starter}",
    "usr/lib/*/lib{X*,x*,cairo*,pango*,gtk*,gdk*,edit,ssl,icu*,archive}*",
    "usr/share/{gcc,X11,misc,xml}",
    "usr/include",
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && printf '#lang racket\\n(require data/heap math/number-theory racket/set rackunit srfi/1)\\n(check-true (prime? 7))\\n(displayln (+ 40 (length (iota 2))))\\n' > a.rkt && printf '#lang typed/racket\\n(: f (-> Integer Integer))\\n(define (f n) (* 6 n))\\n(displayln (f 7))\\n' > b.rkt && printf '#lang r5rs\\n(display 42)\\n' > c.rkt && racket -l- raco make a.rkt b.rkt c.rkt && racket a.rkt && racket b.rkt && racket c.rkt`,
      ],
      stdout: "42\n42\n42",
    },
  ],
});
