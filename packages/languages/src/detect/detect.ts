import { languages } from "../catalogue/index.ts";
import type { Language } from "../language.ts";
import { extensionOf } from "../sources.ts";
import { isVariantOf } from "../variants.ts";
import { interpreterNames } from "./interpreters.ts";
import { proofs, signs } from "./signs.ts";
import { usualFamilies } from "./usual.ts";

type Catalogue = ReadonlyMap<string, Language>;

/** A source file, with what it holds where that is known. */
export interface DetectableFile {
  readonly path: string;
  readonly content?: string | Uint8Array;
}

/** Characters of a file that are looked at, and of a line: an expression may take the square of a line's length. */
const lookedAt = 64 * 1024;
const lineLookedAt = 200;

export const languageById = (id: string): Language | null => languages.get(id) ?? null;

/**
 * The language of one file, in the usual release of its family; null when it is of none.
 *
 * - A `#!` line decides between the families of the extension, and alone where the extension says nothing.
 * - Of several families of an extension, one that the content proves wins (`signs.ts`).
 * - Those that are but another compiler or standard of one among them give way (`../variants.ts`).
 * - Between the others the signs in the content decide, and without any what is usual.
 */
export const languageForFile = (
  path: string,
  content?: string | Uint8Array,
  catalogue: Catalogue = languages,
): Language | null => languageForFiles([content === undefined ? { path } : { path, content }], catalogue);

/** The language of a program of several files: the only one that they stand for, else null. */
export const languageForFiles = (
  files: readonly DetectableFile[],
  catalogue: Catalogue = languages,
): Language | null => {
  const [language, ...others] = languagesInFiles(files, catalogue);
  return others.length === 0 ? (language ?? null) : null;
};

/** Each language that a file stands for, in the order of the files. */
export const languagesInFiles = (
  files: readonly DetectableFile[],
  catalogue: Catalogue = languages,
): readonly Language[] => {
  const byExtension = Map.groupBy(files, ({ path }) => knownExtension(path, catalogue));
  const families = new Set<string>();
  // A script without an extension counts only where nothing else is a source.
  const nameless = byExtension.get("") ?? [];
  byExtension.delete("");
  for (const [extension, alike] of byExtension) {
    const candidates = familiesOf(extension, catalogue);
    const decided = decide(extension, candidates, alike.map(beginningOf), catalogue);
    if (decided !== null) families.add(decided);
  }
  if (families.size === 0)
    for (const script of nameless) {
      const decided = decide("", [], [beginningOf(script)], catalogue);
      if (decided !== null) families.add(decided);
    }
  return [...families].flatMap((family) => usualRelease(family, catalogue) ?? []);
};

/** Whether what a file holds may change what language it is of. */
export const isToldByContent = (path: string, catalogue: Catalogue = languages): boolean => {
  const extension = knownExtension(path, catalogue);
  return extension === "" || familiesOf(extension, catalogue).length > 1;
};

/** Of files with one extension; together they say more than each alone. */
const decide = (
  extension: string,
  candidates: readonly string[],
  contents: readonly string[],
  catalogue: Catalogue,
): string | null => {
  for (const content of contents) {
    const meant = interpreterNames(content)
      .map((name) => familyNamed(name, catalogue))
      .find((family) => family !== null && (extension === "" || candidates.includes(family)));
    if (meant !== undefined) return meant;
  }
  const lines = contents.flatMap((content) =>
    content.split("\n").map((line) => line.slice(0, lineLookedAt).trim()),
  );
  const proven =
    candidates.length < 2 ? undefined : candidates.find((family) => found(proofs, family, lines) > 0);
  if (proven !== undefined) return proven;
  const [first] = withoutVariants(candidates)
    .map((family) => ({ family, points: found(signs, family, lines) }))
    .toSorted(
      (a, b) =>
        b.points - a.points ||
        Number(usualFamilies[extension] === b.family) - Number(usualFamilies[extension] === a.family),
    );
  return first?.family ?? null;
};

const found = (table: typeof signs, family: string, lines: readonly string[]): number =>
  Object.hasOwn(table, family)
    ? (table[family]?.filter((sign) => lines.some((line) => sign.test(line))).length ?? 0)
    : 0;

/** As the catalogue writes it: `MAIN.PY`, as some systems name files, is Python, while `.C` is C++ and `.c` is C. */
const knownExtension = (path: string, catalogue: Catalogue): string => {
  const extension = extensionOf(path);
  return familiesOf(extension, catalogue).length > 0 ? extension : extension.toLowerCase();
};

const familiesOf = (extension: string, catalogue: Catalogue): readonly string[] =>
  extension === ""
    ? []
    : [
        ...new Set(
          [...catalogue.values()]
            .filter(({ extensions }) => extensions.includes(extension))
            .map(({ family }) => family),
        ),
      ];

const withoutVariants = (families: readonly string[]): readonly string[] =>
  families.filter((family) => !isVariantOf(family, families));

const familyNamed = (name: string, catalogue: Catalogue): string | null => {
  const all = [...catalogue.values()];
  const named =
    all.find(({ family }) => family === name) ?? all.find(({ aliases }) => aliases.includes(name));
  return named?.family ?? null;
};

const usualRelease = (family: string, catalogue: Catalogue): Language | null =>
  catalogue.get(family) ?? [...catalogue.values()].findLast((one) => one.family === family) ?? null;

const beginningOf = ({ content = "" }: DetectableFile): string =>
  typeof content === "string"
    ? content.slice(0, lookedAt)
    : Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, lookedAt)).toString(
        "utf8",
      );
