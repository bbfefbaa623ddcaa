import type { Language } from "../language.ts";
import { ada } from "./ada.ts";
import { bash } from "./bash.ts";
import { c, cDialects } from "./c.ts";
import { cpp, cppDialects } from "./cpp.ts";
import { d } from "./d.ts";
import { fortran } from "./fortran.ts";
import { go, go124 } from "./go.ts";
import { objectiveC } from "./objective-c.ts";
import { python } from "./python.ts";
import { rust, rust163 } from "./rust.ts";

/** Every language, by id. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [
    ada,
    bash,
    c,
    ...cDialects,
    cpp,
    ...cppDialects,
    d,
    fortran,
    go,
    go124,
    objectiveC,
    python,
    rust,
    rust163,
  ].map((language) => [language.id, language]),
);
