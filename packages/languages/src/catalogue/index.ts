import type { Language } from "../language.ts";
import { algol68 } from "./algol68.ts";
import { awk, mawk } from "./awk.ts";
import { bash } from "./bash.ts";
import { bun } from "./bun.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { deno } from "./deno.ts";
import { forth } from "./forth.ts";
import { haxe } from "./haxe.ts";
import { icon } from "./icon.ts";
import { javascript, javascript22, javascript24 } from "./javascript.ts";
import { jq } from "./jq.ts";
import { lua, lua51, lua52, lua53, luajit } from "./lua.ts";
import { octave } from "./octave.ts";
import { perl, perl540 } from "./perl.ts";
import { php, php84 } from "./php.ts";
import { picolisp } from "./picolisp.ts";
import { pike } from "./pike.ts";
import { pypy, pypy311 } from "./pypy.ts";
import { python, python313 } from "./python.ts";
import { r, r45 } from "./r.ts";
import { raku, raku2024 } from "./raku.ts";
import { ruby, ruby33 } from "./ruby.ts";
import { sql, sql346 } from "./sql.ts";
import { tcl, tcl90 } from "./tcl.ts";
import { typescript } from "./typescript.ts";
import { zsh } from "./zsh.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [
    algol68,
    awk,
    mawk,
    bash,
    bun,
    c,
    cpp,
    deno,
    forth,
    haxe,
    icon,
    javascript,
    javascript22,
    javascript24,
    jq,
    lua,
    lua51,
    lua52,
    lua53,
    luajit,
    octave,
    perl,
    perl540,
    php,
    php84,
    picolisp,
    pike,
    pypy,
    pypy311,
    python,
    python313,
    r,
    r45,
    raku,
    raku2024,
    ruby,
    ruby33,
    sql,
    sql346,
    tcl,
    tcl90,
    typescript,
    zsh,
  ].map((language) => [language.id, language]),
);
