import { coerceVersion, parseRange } from "@assay/languages";
import type { Language } from "@assay/languages";
import type { Services } from "../../services.ts";
import { listedLanguages } from "../compatible/catalogue.ts";

/** A language as Piston lists it. */
export interface Runtime {
  readonly language: string;
  /** A semantic version, as Piston's all are. */
  readonly version: string;
  readonly aliases: readonly string[];
  /** What it comes with, where one package brings several languages. */
  readonly runtime?: string;
}

/** A runtime that can be run here, with its language in our catalogue. */
export interface Found {
  readonly language: Language;
  readonly runtime: Runtime;
}

/** What Piston calls a family otherwise than our catalogue does, and what it knows it by besides. */
const names: Readonly<Record<string, { name?: string; aliases?: readonly string[]; runtime?: string }>> = {
  bash: { aliases: ["sh"] },
  c: { aliases: ["gcc"], runtime: "gcc" },
  clojure: { aliases: ["clj"] },
  cobol: { aliases: ["cob"] },
  cpp: { name: "c++", aliases: ["g++"], runtime: "gcc" },
  csharp: { aliases: ["mono", "mono-csharp", "mono-c#", "mono-c-sharp", "c#"], runtime: "mono" },
  d: { aliases: ["gdc"] },
  erlang: { aliases: ["erl", "escript"] },
  forth: { aliases: ["gforth"] },
  fortran: { aliases: ["f90"], runtime: "gcc" },
  go: { aliases: ["golang"] },
  groovy: { aliases: ["gvy"] },
  haskell: { aliases: ["hs"] },
  javascript: { aliases: ["node-javascript", "node-js", "js"], runtime: "node" },
  julia: { aliases: ["jl"] },
  kotlin: { aliases: ["kt"] },
  lisp: { aliases: ["cl", "sbcl", "commonlisp"] },
  nasm: { name: "nasm64", aliases: ["asm64"] },
  ocaml: { aliases: ["ml"] },
  octave: { aliases: ["matlab", "m"] },
  pascal: { aliases: ["freepascal", "pp", "pas"] },
  perl: { aliases: ["pl"] },
  php: { aliases: ["php8"] },
  prolog: { aliases: ["plg"] },
  python: { aliases: ["py", "py3", "python3"] },
  r: { name: "rscript" },
  racket: { aliases: ["rkt"] },
  ruby: { aliases: ["ruby3", "rb"] },
  rust: { aliases: ["rs"] },
  scala: { aliases: ["sc"] },
  smalltalk: { aliases: ["st"] },
  sql: { name: "sqlite3", aliases: ["sqlite"] },
  typescript: { aliases: ["ts", "node-ts", "tsc"] },
  vb: {
    name: "basic",
    aliases: ["vb", "mono-vb", "mono-basic", "visual-basic", "visual basic"],
    runtime: "mono",
  },
};

/** What works for this organization now; a language whose version nobody knows is not listed. */
export async function listRuntimes(services: Services, organizationId: string): Promise<Found[]> {
  const listed = await listedLanguages(services, organizationId);
  return listed.flatMap(({ language, version, available }) => {
    const coerced = available && version !== null ? coerceVersion(version) : null;
    return coerced === null ? [] : [{ language, runtime: runtimeOf(language, coerced.version) }];
  });
}

function runtimeOf({ family, release, aliases }: Language, version: string): Runtime {
  const { name = family, aliases: more = [], runtime } = names[family] ?? {};
  // A name with the release in it (`python3.11`) is that release's alone.
  const known = new Set([family, ...aliases, ...more, `${family}${release}`]);
  known.delete(name);
  return {
    language: name,
    version,
    aliases: [...known].toSorted(),
    ...(runtime === undefined ? {} : { runtime }),
  };
}

/** The newest runtime of this name whose version fits; null when there is none. */
export function findRuntime(runtimes: readonly Found[], name: string, selector: string): Found | null {
  const range = parseRange(selector);
  if (range === null) return null;
  const asked = name.toLowerCase();
  return (
    runtimes
      .filter(({ runtime: { language, aliases, version } }) => {
        return (language === asked || aliases.includes(asked)) && range.test(version);
      })
      .toSorted((a, b) => coerceVersion(b.runtime.version)?.compare(a.runtime.version) ?? 0)[0] ?? null
  );
}
