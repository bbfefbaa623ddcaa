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
);
