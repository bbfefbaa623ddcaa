import type { Recipe } from "../recipe.ts";
import { algol68 } from "./algol68.ts";
import { awk } from "./awk.ts";
import { base, base13 } from "./base.ts";
import { bun } from "./bun.ts";
import { cpp } from "./cpp.ts";
import { deno } from "./deno.ts";
import { exec } from "./exec.ts";
import { gforth } from "./forth.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { jq } from "./jq.ts";
import { lua } from "./lua.ts";
import { octave } from "./octave.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python313 } from "./python-3.13.ts";
import { python } from "./python.ts";
import { r, r45 } from "./r.ts";
import { raku, raku2024 } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { sqlite, sqlite346 } from "./sqlite.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";
import { zsh } from "./zsh.ts";

/** The images that a machine has as a rule. */
export const coreRecipes: readonly Recipe[] = [python, cpp];

/** Every image that ships with Assay, by name. */
export const recipes: ReadonlyMap<string, Recipe> = new Map(
  [
    base,
    base13,
    cpp,
    algol68,
    awk,
    bun,
    deno,
    exec,
    gforth,
    haxe,
    icon,
    javascript,
    javascript22,
    javascript24,
    jq,
    lua,
    octave,
    perl,
    perl540,
    php,
    php84,
    picolisp,
    pike,
    pypy,
    pypy311,
    python313,
    python,
    r,
    r45,
    raku,
    raku2024,
    ruby,
    ruby33,
    sqlite,
    sqlite346,
    tcl,
    tcl90,
    typescript,
    zsh,
  ].map((recipe) => [recipe.name, recipe]),
);

export const recipeByName = (name: string): Recipe | null => recipes.get(name) ?? null;
