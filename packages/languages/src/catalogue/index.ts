import type { Language } from "../language.ts";
import { ada } from "./ada.ts";
import { algol68 } from "./algol68.ts";
import { gas, nasm } from "./assembly.ts";
import { awk, mawk } from "./awk.ts";
import { bash } from "./bash.ts";
import { bun } from "./bun.ts";
import { c, cDialects } from "./c.ts";
import { clojure } from "./clojure.ts";
import { cobol } from "./cobol.ts";
import { cpp, cppDialects } from "./cpp.ts";
import { crystal } from "./crystal.ts";
import { csharp } from "./csharp.ts";
import { d, dLdc } from "./d.ts";
import { deno } from "./deno.ts";
import { elixir } from "./elixir.ts";
import { erlang } from "./erlang.ts";
import { forth } from "./forth.ts";
import { fortran } from "./fortran.ts";
import { go, go124 } from "./go.ts";
import { groovy } from "./groovy.ts";
import { haskell } from "./haskell.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { java, java21, java25 } from "./java.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { jq } from "./jq.ts";
import { kotlin } from "./kotlin.ts";
import { lispClisp } from "./lisp-clisp.ts";
import { lisp, lisp25 } from "./lisp.ts";
import { lua, lua51, lua52, lua53, luajit } from "./lua.ts";
import { nim } from "./nim.ts";
import { objectiveC } from "./objective-c.ts";
import { ocaml } from "./ocaml.ts";
import { octave } from "./octave.ts";
import { pascal } from "./pascal.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { prolog, prolog92 } from "./prolog.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python, python313 } from "./python.ts";
import { r, r45 } from "./r.ts";
import { racket } from "./racket.ts";
import { raku, raku2024 } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { rust, rust163 } from "./rust.ts";
import { scala } from "./scala.ts";
import { scheme } from "./scheme.ts";
import { schemeChicken } from "./scheme-chicken.ts";
import { sml } from "./sml.ts";
import { sql, sql346 } from "./sql.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";
import { vala } from "./vala.ts";
import { zsh } from "./zsh.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [
    ada,
    algol68,
    gas,
    nasm,
    awk,
    mawk,
    bash,
    bun,
    c,
    ...cDialects,
    clojure,
    cobol,
    cpp,
    ...cppDialects,
    crystal,
    csharp,
    d,
    dLdc,
    deno,
    elixir,
    erlang,
    forth,
    fortran,
    go,
    go124,
    groovy,
    haskell,
    haxe,
    icon,
    java,
    java21,
    java25,
    javascript,
    javascript22,
    javascript24,
    jq,
    kotlin,
    lisp,
    lisp25,
    lispClisp,
    lua,
    lua51,
    lua52,
    lua53,
    luajit,
    nim,
    objectiveC,
    ocaml,
    octave,
    pascal,
    perl,
    perl540,
    php,
    php84,
    picolisp,
    pike,
    prolog,
    prolog92,
    pypy,
    pypy311,
    python,
    python313,
    r,
    r45,
    racket,
    raku,
    raku2024,
    ruby,
    ruby33,
    rust,
    rust163,
    scala,
    scheme,
    schemeChicken,
    sml,
    sql,
    sql346,
    tcl,
    tcl90,
    typescript,
    vala,
    zsh,
  ].map((language) => [language.id, language]),
);
