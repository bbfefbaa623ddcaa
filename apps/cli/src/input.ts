import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { languageById, languageForFile, languages, type Language } from "@assay/languages";
import { usageError } from "./exit.ts";

/** Of a file, or of standard input for "-". */
export const readBytes = async (path: string): Promise<Uint8Array> =>
  path === "-" ? buffer(process.stdin) : readFile(path);

/** A source file as requests carry it: base64, so that the server judges its bytes and not our decoding. */
export async function readSource(
  path: string,
): Promise<{ path: string; content: string; encoding: "base64" }> {
  return { path: basename(path), content: (await readFile(path)).toString("base64"), encoding: "base64" };
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
