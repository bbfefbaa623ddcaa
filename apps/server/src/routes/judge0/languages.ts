import { UnknownLanguage, extensionOf, selectLanguage } from "@assay/languages";
import type { Language } from "@assay/languages";
import { isCompiled } from "../compatible/catalogue.ts";
import type { Listed } from "../compatible/catalogue.ts";
import { shellWords } from "./words.ts";
import { numberedFamilies } from "./numbers.ts";
import type { NumberedFamily } from "./numbers.ts";

/** A program of several files, whose archive brings the scripts `run` and, if it wants, `compile`. */
export const multiFileId = 89;
const multiFileLanguage = "bash";
const multiFileName = "Multi-file program";

export interface Judge0Language {
  readonly id: number;
  readonly name: string;
  readonly isArchived: boolean;
  /** Of our catalogue. */
  readonly language: Language;
  readonly sourceFile: string | null;
  readonly compileCommand: string | null;
  readonly runCommand: string;
  /** Not listed: another number of the same language, which clients may have written into their code. */
  readonly isAlias: boolean;
}

/** By Judge0's numbers; a language that no runner offers now is archived, so that nobody submits in it. */
export function judge0Languages(listed: readonly Listed[]): Judge0Language[] {
  const catalogue = new Map(listed.map(({ language }) => [language.id, language]));
  const byId = new Map(listed.map((one) => [one.language.id, one]));
  const found: Judge0Language[] = [];
  for (const family of numberedFamilies) {
    const taken = new Set<string>();
    for (const [id, version] of family.numbers) {
      const language = meantBy(family, version, catalogue, byId);
      if (language === null) continue;
      found.push({ ...numbered(id, family, language, byId), isAlias: taken.has(language.id) });
      taken.add(language.id);
    }
  }
  const multiFile = byId.get(multiFileLanguage);
  if (multiFile === undefined) return found;
  return [
    ...found,
    {
      id: multiFileId,
      name: multiFileName,
      isArchived: !multiFile.available,
      language: multiFile.language,
      sourceFile: null,
      compileCommand: null,
      runCommand: "bash ./run",
      isAlias: false,
    },
  ];
}

/** The release of the version that a number means there, if it can be run now; else the usual one. */
function meantBy(
  { family }: NumberedFamily,
  version: string,
  catalogue: ReadonlyMap<string, Language>,
  listed: ReadonlyMap<string, Listed>,
): Language | null {
  const usual = selected(family, catalogue);
  if (usual?.family !== family) return null;
  const meant = selected(`${family}@${version}`, catalogue);
  return meant !== null && listed.get(meant.id)?.available === true ? meant : usual;
}

function selected(selector: string, catalogue: ReadonlyMap<string, Language>): Language | null {
  try {
    return selectLanguage(selector, { catalogue });
  } catch (error) {
    if (error instanceof UnknownLanguage) return null;
    throw error;
  }
}

function numbered(
  id: number,
  family: NumberedFamily,
  language: Language,
  listed: ReadonlyMap<string, Listed>,
): Omit<Judge0Language, "isAlias"> {
  const { version = null, available = false } = listed.get(language.id) ?? {};
  const source = sourceFileOf(family, language);
  return {
    id,
    // The version is that of the image, not the one that the number once meant.
    name: nameOf(family, version),
    isArchived: !available,
    language,
    sourceFile: source,
    compileCommand: compileCommandOf(language, source),
    runCommand: shellWords(language.run([source]).argv),
  };
}

/** Judge0's name, unless the language is known by other extensions here. */
const sourceFileOf = ({ sourceFile }: NumberedFamily, { extensions, defaultSource }: Language): string =>
  sourceFile !== undefined && extensions.includes(extensionOf(sourceFile)) ? sourceFile : defaultSource;

const nameOf = ({ label, tool = "" }: NumberedFamily, version: string | null): string =>
  version === null ? label : `${label} (${tool}${version})`;

/** What the catalogue really runs, with Judge0's mark where the client's own options go. */
function compileCommandOf(language: Language, source: string): string | null {
  if (!isCompiled(language.id)) return null;
  const argv = language.compile([source], ["%s"])?.argv;
  return argv === undefined ? null : shellWords(argv);
}

/** The name of what a submission was made in, whatever has become of it. */
export function nameOfNumber(id: number, version: string | null): string | null {
  if (id === multiFileId) return multiFileName;
  const family = numberedFamilies.find(({ numbers }) => numbers.some(([number]) => number === id));
  return family === undefined ? null : nameOf(family, version);
}
