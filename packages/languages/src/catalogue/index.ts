import type { Language } from "../language.ts";
import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { clojure } from "./clojure.ts";
import { commonLisp, commonLisp25 } from "./common-lisp.ts";
import { cpp } from "./cpp.ts";
import { groovy } from "./groovy.ts";
import { java, java21, java25 } from "./java.ts";
import { kotlin } from "./kotlin.ts";
import { python } from "./python.ts";
import { scala } from "./scala.ts";
import { scheme } from "./scheme.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [bash, c, clojure, commonLisp, commonLisp25, cpp, groovy, java, java21, java25, kotlin, python, scala, scheme].map((language) => [language.id, language]),
);
