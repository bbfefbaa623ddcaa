/**
 * Names of the problem package format for languages of our catalogue. A package that names another
 * language is judged for the rest: nobody can submit in a language that isn't here anyway.
 */
const idByFormatName: Readonly<Record<string, string>> = {
  c: "c",
  cpp: "cpp",
  "c++": "cpp",
  python: "python",
  python3: "python",
  bash: "bash",
};

/** The catalogue's id for a language of the format, or null. */
export const languageIdOf = (formatName: string): string | null =>
  Object.hasOwn(idByFormatName, formatName) ? (idByFormatName[formatName] ?? null) : null;

/** What the format calls a language of our catalogue; our own name for one that it does not have. */
export const formatNameOf = (languageId: string): string =>
  languageId === "python" ? "python3" : languageId;

const formatNames = new Set(
  `ada algol68 apl bash c cgmp cobol cpp cppgmp crystal csharp d dart elixir erlang forth fortran fsharp
   gerbil go haskell java javaalgs4 javascript julia kotlin lisp lua modula2 nim objectivec ocaml octave
   odin pascal perl php prolog python2 python3 python3numpy racket ruby rust scala simula smalltalk
   snobol swift typescript visualbasic zig`.split(/\s+/u),
);

/** Whether the format, or our catalogue, has a language of this name. */
export const isKnownFormatLanguage = (name: string): boolean =>
  formatNames.has(name) || languageIdOf(name) !== null;
