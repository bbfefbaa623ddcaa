import { languages } from "./catalogue/index.ts";
import type { Language } from "./language.ts";
import { extensionOf } from "./sources.ts";

export const languageById = (id: string): Language | null => languages.get(id) ?? null;

/** The language that a file's extension stands for; null when it stands for none. */
export const languageForFile = (path: string): Language | null => {
  const extension = extensionOf(path);
  return languages.values().find(({ extensions }) => extensions.includes(extension)) ?? null;
};

/** The language of a program of several files: the only one that they stand for, else null. */
export const languageForFiles = (paths: readonly string[]): Language | null => {
  const [language, ...others] = new Set(paths.map(languageForFile).filter((found) => found !== null));
  return others.length === 0 ? (language ?? null) : null;
};
