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
