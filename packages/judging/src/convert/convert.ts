import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parsePackage } from "../package/parse.ts";
import { casesFile, convertCases } from "./cases.ts";
import { convertCms } from "./cms.ts";
import { convertDmoj } from "./dmoj.ts";
import { convertDomjudge } from "./domjudge.ts";
import type { Draft } from "./draft.ts";
import { Notes } from "./draft.ts";
import { convertFolder } from "./folder.ts";
import { convertHydro, hydroConfig } from "./hydro.ts";
import { findPairs } from "./pairs.ts";
import { convertPolygon } from "./polygon.ts";
import { renderDraft } from "./render.ts";
import type { ConvertedFiles } from "./render.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

export const packageFormats = ["polygon", "domjudge", "cms", "dmoj", "hydro", "cases", "folder"] as const;
export type ForeignFormat = (typeof packageFormats)[number];

export interface Conversion {
  readonly format: ForeignFormat;
  /** A name that can stand in a URL. */
  readonly shortName: string;
  readonly files: ConvertedFiles;
  /** What is different in the package, or could not be kept. */
  readonly notes: readonly string[];
}

/**
 * Makes a problem package of another system's problem. What it gives has passed parsePackage.
 *
 * Throws AssayError `package_invalid` or `package_unsupported` that names file and reason.
 */
export const convertPackage = async (
  source: Source,
  format: ForeignFormat | "auto" = "auto",
): Promise<Conversion> => {
  const chosen = format === "auto" ? detectFormat(source) : format;
  const notes = new Notes();
  const files = chosen === "domjudge" ? await convertDomjudge(source, notes) : null;
  const draft = chosen === "domjudge" ? null : await drafts[chosen](source, notes);
  const converted = files ?? (draft === null ? null : renderDraft(draft, notes));
  if (converted === null) throw new Error("a conversion gives files");
  const { shortName, warnings } = await parsePackage(converted, { shortName: shortNameOf(draft, source) });
  for (const { where, message } of warnings) notes.add(where, message);
  return { format: chosen, shortName, files: converted, notes: notes.all };
};

const drafts: Readonly<
  Record<Exclude<ForeignFormat, "domjudge">, (source: Source, notes: Notes) => Promise<Draft>>
> = {
  polygon: convertPolygon,
  cms: convertCms,
  dmoj: convertDmoj,
  hydro: convertHydro,
  cases: convertCases,
  folder: convertFolder,
};

/** Tells formats apart by the files that only one of them has. */
const detectFormat = (source: Source): ForeignFormat => {
  if (source.has("problem.xml")) return "polygon";
  if (source.has("task.yaml")) return "cms";
  if (source.has("init.yml")) return "dmoj";
  if (source.has("domjudge-problem.ini")) return "domjudge";
  if (source.has("problem.yaml") && source.paths.some((path) => path.startsWith("data/"))) {
    throw refuse(
      "problem.yaml",
      "is that of a problem package already; nothing has to be converted (assay problem verify checks it)",
    );
  }
  if (hydroConfig(source) !== null) return "hydro";
  if (findPairs(source.paths).pairs.length > 0) return "folder";
  if (casesFile(source) !== null) return "cases";
  throw refuse(
    source.name,
    "is in no format that is known here; it has no problem.xml, task.yaml, init.yml, domjudge-problem.ini, config.yaml, JSON of cases, or pairs such as 1.in and 1.out",
  );
};

const shortNameOf = (draft: Draft | null, source: Source): string =>
  (draft?.shortName ?? source.name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .slice(0, 100) || "problem";

/** Writes a converted package; the directory must not be there yet, or be empty. */
export const writePackage = async (files: ConvertedFiles, directory: string): Promise<void> => {
  for (const { path } of await files.list()) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await files.read(path), { flag: "wx" });
  }
};
