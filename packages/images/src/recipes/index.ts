import type { Recipe } from "../recipe.ts";
import { ada } from "./ada.ts";
import { algol68 } from "./algol68.ts";
import { assembly } from "./assembly.ts";
import { awk } from "./awk.ts";
import { base, base13 } from "./base.ts";
import { bun } from "./bun.ts";
import { chicken } from "./chicken.ts";
import { clang } from "./clang.ts";
import { clisp } from "./clisp.ts";
import { clojure } from "./clojure.ts";
import { cobol } from "./cobol.ts";
import { cpp, cpp14 } from "./cpp.ts";
import { crystal } from "./crystal.ts";
import { d } from "./d.ts";
import { deno } from "./deno.ts";
import { elixir, erlang } from "./erlang.ts";
import { exec } from "./exec.ts";
import { gforth } from "./forth.ts";
import { fortran } from "./fortran.ts";
import { gcc } from "./gcc.ts";
import { go, go124 } from "./go.ts";
import { groovy } from "./groovy.ts";
import { guile } from "./guile.ts";
import { haskell } from "./haskell.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { java, java21, java25 } from "./java.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { jq } from "./jq.ts";
import { kotlin } from "./kotlin.ts";
import { ldc } from "./ldc.ts";
import { sbcl, sbcl25 } from "./lisp.ts";
import { lua } from "./lua.ts";
import { mono } from "./mono.ts";
import { nim } from "./nim.ts";
import { objectiveC } from "./objective-c.ts";
import { ocaml } from "./ocaml.ts";
import { octave } from "./octave.ts";
import { pascal } from "./pascal.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { swiProlog, swiProlog92 } from "./prolog.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python313 } from "./python-3.13.ts";
import { python } from "./python.ts";
import { r, r45 } from "./r.ts";
import { racket } from "./racket.ts";
import { raku, raku2024 } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { rust, rust163 } from "./rust.ts";
import { scala } from "./scala.ts";
import { sml } from "./sml.ts";
import { sqlite, sqlite346 } from "./sqlite.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";
import { vala } from "./vala.ts";
import { zsh } from "./zsh.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [
    base,
    base13,
    cpp,
    ada,
    algol68,
    assembly,
    awk,
    bun,
    chicken,
    clang,
    clisp,
    clojure,
    cobol,
    cpp14,
    crystal,
    d,
    deno,
    elixir,
    erlang,
    exec,
    gforth,
    fortran,
    gcc,
    go,
    go124,
    groovy,
    guile,
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
    sbcl,
    sbcl25,
    ldc,
    lua,
    mono,
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
    swiProlog,
    swiProlog92,
    pypy,
    pypy311,
    python313,
    python,
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
    sml,
    sqlite,
    sqlite346,
    tcl,
    tcl90,
    typescript,
    vala,
    zsh,
  ].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
