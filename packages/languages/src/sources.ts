/** The part of a path from the last dot of its last component, or "" where there is none. */
export const extensionOf = (path: string): string => /[^/](\.[^./]+)$/.exec(path)?.[1] ?? "";

/**
 * The files that belong to a language: those with one of its extensions; all of them when none has,
 * because then the sender named the language and the file names say nothing.
 *
 * @throws RangeError when there are no files
 */
export const sourcesOf = (
  files: readonly string[],
  extensions: readonly string[],
): readonly [string, ...string[]] => {
  const matching = files.filter((file) => extensions.includes(extensionOf(file)));
  const [first, ...rest] = matching.length > 0 ? matching : files;
  if (first === undefined) throw new RangeError("a program needs at least one source file");
  return [first, ...rest];
};

/** The first of `names` that is there, else the first source. */
export const entryPointOf = (sources: readonly [string, ...string[]], names: readonly string[]): string =>
  names.find((name) => sources.includes(name)) ?? sources[0];

/** So that no file name is taken for an option (`-o`) or a response file (`@args`). */
export const asArgument = (path: string): string => `./${path}`;
