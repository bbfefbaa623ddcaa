import type { Recipe } from "../recipe.ts";
import { awk } from "./awk.ts";
import { base, base13 } from "./base.ts";
import { bun } from "./bun.ts";
import { cpp } from "./cpp.ts";
import { deno } from "./deno.ts";
import { exec } from "./exec.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { lua } from "./lua.ts";
import { octave } from "./octave.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python313 } from "./python-3.13.ts";
import { python } from "./python.ts";
import { gforth } from "./forth.ts";
import { icon } from "./icon.ts";
import { zsh } from "./zsh.ts";
import { pike } from "./pike.ts";
import { algol68 } from "./algol68.ts";
import { picolisp } from "./picolisp.ts";
import { jq } from "./jq.ts";
import { haxe } from "./haxe.ts";
import { r } from "./r.ts";
import { raku } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { sqlite } from "./sqlite.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name, each after the one that it lies upon. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [
    base,
    base13,
    python,
    cpp,
    exec,
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
    algol68,
    gforth,
    haxe,
    icon,
    jq,
    picolisp,
    pike,
    zsh,
  ].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
