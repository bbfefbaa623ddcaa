import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  UnknownLanguage,
  basesOf,
  languages,
  languagesInFiles,
  selectLanguage,
  type Language,
} from "@assay/languages";
import { imageStore } from "@assay/images";
import { usageError } from "./exit.ts";
import { say } from "./output/say.ts";
import { printable } from "./output/text.ts";
import { defaultImagesDirectory } from "./stack/paths.ts";

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

/**
 * One submission: a file, or the files of a directory by their paths in it. What lies in a directory
 * without being part of the program is left out: hidden files, and what tools have made of others.
 */
export async function readSubmission(path: string): Promise<readonly Source[]> {
  if (!(await stat(path)).isDirectory()) return [await readSource(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .filter((name) => !isHidden(name))
    .toSorted();
  const files = await Promise.all(names.map((name) => readSource(join(path, name), name)));
  const [texts, binaries] = [files.filter((file) => !isBinary(file)), files.filter(isBinary)];
  if (texts.length === 0)
    throw usageError(`${path} holds no ${binaries.length === 0 ? "files" : "text files"}`);
  for (const file of binaries) say(`assay: left out, as it is no text: ${printable(join(path, file.path))}`);
  return texts;
}

const isHidden = (name: string): boolean => /(?:^|\/)\./.test(name);

/** No source has NUL bytes; compiled programs, bytecode and pictures have them all. */
const isBinary = ({ content }: Source): boolean => Buffer.from(content, "base64").includes(0);

/** What a program is to be run in. */
export interface ChosenLanguage {
  /** As this version's catalogue understands it. */
  readonly language: Language;
  /** For the server, which knows what its runners have. */
  readonly selector: string;
}

/** Languages whose image is built on this machine: of those that fit a range they come first. */
export async function languagesBuiltHere(directory = defaultImagesDirectory()): Promise<BuiltLanguages> {
  const ready = (await imageStore(directory).list()).filter(({ state }) => state === "ready");
  const images = new Set(ready.map(({ name }) => name));
  return new Map([...languages.values()].flatMap(({ id, image }) => (images.has(image) ? [[id, null]] : [])));
}

type BuiltLanguages = ReadonlyMap<string, null>;

/**
 * The language of a program's files, or the one that was asked for.
 *
 * @param name of the program, for who reads the error
 * @param built languages that need no building, where that is of interest
 */
export function chooseLanguage(
  name: string,
  files: readonly Source[],
  chosen: string | undefined,
  built: BuiltLanguages = new Map(),
): ChosenLanguage {
  if (chosen !== undefined) return { language: selectedLanguage(chosen, built), selector: chosen };
  const sources = files.map(({ path, content }) => ({ path, content: Buffer.from(content, "base64") }));
  const [language, ...others] = languagesInFiles(sources);
  if (language !== undefined && others.length === 0) return { language, selector: language.id };
  const families = [...new Set([...languages.values()].map(({ family }) => family))];
  const known = families.filter((family) => basesOf(family).length === 0).join(", ");
  throw usageError(
    language === undefined
      ? `can't tell the language of ${name} by its extension or its first line; say --language (${known})`
      : `${name} holds sources in ${[language, ...others].map(({ id }) => id).join(" and ")}; say --language`,
  );
}

/** The language that `--language` names; called before files are read as well, so that it is told first. */
export function selectedLanguage(selector: string, built: BuiltLanguages = new Map()): Language {
  try {
    return selectLanguage(selector, { known: built });
  } catch (error) {
    throw error instanceof UnknownLanguage ? usageError(error.message) : error;
  }
}
