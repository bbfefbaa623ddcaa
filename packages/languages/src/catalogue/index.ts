import type { Language } from "../language.ts";
import { algol68 } from "./algol68.ts";
import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { forth } from "./forth.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { jq } from "./jq.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { python } from "./python.ts";
import { zsh } from "./zsh.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [algol68, bash, c, cpp, forth, haxe, icon, jq, picolisp, pike, python, zsh].map((language) => [
    language.id,
    language,
  ]),
import { awk, mawk } from "./awk.ts";
import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { lua, lua51, lua52, lua53, luajit } from "./lua.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python, python313 } from "./python.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { sql } from "./sql.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { bun } from "./bun.ts";
import { deno } from "./deno.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { octave } from "./octave.ts";
import { r } from "./r.ts";
import { raku } from "./raku.ts";
import { typescript } from "./typescript.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [
    awk,
    bash,
    bun,
    c,
    cpp,
    deno,
    javascript,
    javascript22,
    javascript24,
    lua,
    lua51,
    lua52,
    lua53,
    luajit,
    mawk,
    octave,
    perl,
    perl540,
    php,
    php84,
    pypy,
    pypy311,
    python,
    python313,
    r,
    raku,
    ruby,
    ruby33,
    sql,
    tcl,
    tcl90,
    typescript,
  ].map((language) => [language.id, language]),
);
