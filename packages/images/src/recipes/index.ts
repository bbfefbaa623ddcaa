import type { Recipe } from "../recipe.ts";
import { ada } from "./ada.ts";
import { algol68 } from "./algol68.ts";
import { assembly } from "./assembly.ts";
import { awk } from "./awk.ts";
import { base, base13 } from "./base.ts";
import { bun } from "./bun.ts";
import { clang } from "./clang.ts";
import { cobol } from "./cobol.ts";
import { cpp, cpp14 } from "./cpp.ts";
import { d } from "./d.ts";
import { deno } from "./deno.ts";
import { exec } from "./exec.ts";
import { gforth } from "./forth.ts";
import { fortran } from "./fortran.ts";
import { gcc } from "./gcc.ts";
import { go, go124 } from "./go.ts";
import { haskell } from "./haskell.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { jq } from "./jq.ts";
import { lua } from "./lua.ts";
import { nim } from "./nim.ts";
import { objectiveC } from "./objective-c.ts";
import { ocaml } from "./ocaml.ts";
import { octave } from "./octave.ts";
import { pascal } from "./pascal.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python313 } from "./python-3.13.ts";
import { python } from "./python.ts";
import { r } from "./r.ts";
import { raku } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { rust, rust163 } from "./rust.ts";
import { sml } from "./sml.ts";
import { sqlite } from "./sqlite.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";
import { zsh } from "./zsh.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [
    base,
    base13,
    python,
    gcc,
    cpp,
    exec,
    cpp14,
    clang,
    go,
    go124,
    rust,
    rust163,
    fortran,
    ada,
    pascal,
    d,
    objectiveC,
    nim,
    ocaml,
    sml,
    haskell,
    cobol,
    assembly,
    algol68,
    gforth,
    haxe,
    icon,
    jq,
    picolisp,
    pike,
    zsh,
    awk,
    bun,
    deno,
    javascript,
    javascript22,
    javascript24,
    lua,
    octave,
    perl,
    perl540,
    php,
    php84,
    pypy,
    pypy311,
    python313,
    r,
    raku,
    ruby,
    ruby33,
    sqlite,
    tcl,
    tcl90,
    typescript,
  ].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
