import type { Language } from "../language.ts";
import { bash } from "./bash.ts";
import { c } from "./c.ts";
import { cpp } from "./cpp.ts";
import { java, java21, java25 } from "./java.ts";
import { python } from "./python.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [bash, c, cpp, java, java21, java25, python].map((language) => [language.id, language]),
);
