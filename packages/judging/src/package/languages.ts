import { basesOf, languages } from "@assay/languages";
import type { Language } from "@assay/languages";

/** Names of the problem package format whose languages are families of another name in our catalogue. */
const familyByFormatName: Readonly<Record<string, string>> = {
  "c++": "cpp",
  objectivec: "objective-c",
  python3: "python",
  visualbasic: "vb",
};

/** What the format has names for, and our catalogue will hardly have: a language with certain libraries. */
const withLibraries = ["cgmp", "cppgmp", "javaalgs4", "python2", "python3numpy"];

const formatNames = new Set([
  ...withLibraries,
  ...`ada algol68 apl bash c cobol cpp crystal csharp d dart elixir erlang forth fortran fsharp gerbil go
   haskell java javascript julia kotlin lisp lua modula2 nim objectivec ocaml octave odin pascal perl php
   prolog python3 racket ruby rust scala simula smalltalk snobol swift typescript visualbasic zig`.split(
    /\s+/u,
  ),
]);

/**
 * The family of our catalogue for a language of the format, or null. A package that names another
 * language is judged for the rest: nobody can submit in a language that isn't here anyway. Families that
 * the format has no name for go by our own.
 */
export const languageIdOf = (formatName: string): string | null => {
  const family = Object.hasOwn(familyByFormatName, formatName)
    ? familyByFormatName[formatName]
    : withLibraries.includes(formatName)
      ? null
      : formatName;
  return [...languages.values()].some((language) => language.family === family) ? (family ?? null) : null;
};

/** What the format calls a language of our catalogue; our own name for one that it does not have. */
export const formatNameOf = ({ family }: Pick<Language, "family">): string => {
  const named = [family, ...basesOf(family)].flatMap((one) => {
    const other = Object.entries(familyByFormatName).find(
      ([name, ours]) => ours === one && formatNames.has(name),
    );
    return other?.[0] ?? (formatNames.has(one) ? one : []);
  });
  return named[0] ?? family;
};

/** Whether the format, or our catalogue, has a language of this name. */
export const isKnownFormatLanguage = (name: string): boolean =>
  formatNames.has(name) || languageIdOf(name) !== null;
