/** The format's rule for names of files and directories. */
export const isValidName = (name: string): boolean => /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$/u.test(name);

/** Lexicographic order by code unit, the same on every machine and in every locale. */
export const compareNames = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Lexicographic order of paths component by component, so that a directory's files stay together. */
export const comparePaths = (one: string, other: string): number => {
  const left = one.split("/");
  const right = other.split("/");
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = compareNames(left[at] ?? "", right[at] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
};

/** For example "en", "fil" or "pt-BR". */
export const isLanguageCode = (code: string): boolean => /^[a-z]{2,3}(?:-[A-Z]{2})?$/u.test(code);
