import type { Language } from "../language.ts";
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

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [
    awk,
    bash,
    c,
    cpp,
    lua,
    lua51,
    lua52,
    lua53,
    luajit,
    mawk,
    perl,
    perl540,
    php,
    php84,
    pypy,
    pypy311,
    python,
    python313,
    ruby,
    ruby33,
    sql,
    tcl,
    tcl90,
  ].map((language) => [language.id, language]),
);
