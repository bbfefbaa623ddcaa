import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { languageById, languageForFile, languages, type Language } from "@assay/languages";
import { usageError } from "./exit.ts";

/** Of a file, or of standard input for "-". */
export const readBytes = async (path: string): Promise<Uint8Array> =>
  path === "-" ? buffer(process.stdin) : readFile(path);

/** A source file as requests carry it: base64, so that the server judges its bytes and not our decoding. */
export interface Source {
  readonly path: string;
  readonly content: string;
  readonly encoding: "base64";
}

export const readSource = async (path: string, name = basename(path)): Promise<Source> => ({
  path: name,
  content: (await readFile(path)).toString("base64"),
  encoding: "base64",
});

/** One submission: a file, or the files of a directory by their paths in it. */
export async function readSubmission(path: string): Promise<readonly Source[]> {
  if (!(await stat(path)).isDirectory()) return [await readSource(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .toSorted();
  if (files.length === 0) throw usageError(`${path} holds no files`);
  return Promise.all(files.map((name) => readSource(join(path, name), name)));
}

export function languageOf(file: string, chosen: string | undefined): Language {
  const known = [...languages.keys()].join(", ");
  const language = chosen === undefined ? languageForFile(file) : languageById(chosen);
  if (language) return language;
  throw usageError(
    chosen === undefined
      ? `can't tell the language of ${file} by its extension; say --language (${known})`
      : `there is no language ${chosen}; known are ${known}`,
  );
}
