import { isToldByContent, languagesInFiles } from "@assay/languages";
import type { DetectableFile } from "@assay/languages";
import type { Findings } from "./findings.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import type { PackageProgram, PlacedFile } from "./types.ts";

/** A file or directory in which a program should be. */
export interface ProgramPlace {
  /** For example "output_validators/validate.py". */
  readonly path: string;
  readonly directory: boolean;
  readonly files: readonly PlacedFile[];
  /** The same files, as their language is told by them. */
  readonly detectable: readonly DetectableFile[];
}

const programDirectories = [
  "graders",
  "input_format_validators",
  "input_validators",
  "output_validator",
  "output_validators",
  "static_validator",
  "submissions",
];

/** Larger files than this are no sources. */
const maxSourceBytes = 1024 * 1024;

/** Reads those files in places of programs that are needed to tell a language. */
export const withContents = async (
  files: PackageFiles,
  entries: readonly PackageEntry[],
): Promise<readonly PackageEntry[]> => {
  const read: PackageEntry[] = [];
  for (const entry of entries) {
    const { path, size } = entry;
    const isNeeded =
      programDirectories.some((directory) => path.startsWith(`${directory}/`)) &&
      size <= maxSourceBytes &&
      isToldByContent(path);
    read.push(isNeeded ? { ...entry, content: await files.read(path) } : entry);
  }
  return read;
};

/** A file of a program as its language is told by it. */
export const asDetectable = ({ path, content }: PackageEntry): DetectableFile =>
  content === undefined ? { path } : { path, content };

/** What stands beside programs without being one: documentation, and headers for all of them. */
const documentation = /(?:^|\/)(?:readme|license|changelog|makefile)[^/]*$|\.(?:md|txt|html)$/iu;
const header = /\.(?:h|hh|hpp|hxx|h\+\+|inl|inc)$/u;

/** Each file and directory right below `directory`; headers there come with each single file. */
export const placesIn = (entries: readonly PackageEntry[], directory: string): readonly ProgramPlace[] => {
  const prefix = `${directory}/`;
  const found = new Map<string, { directory: boolean; files: PlacedFile[]; detectable: DetectableFile[] }>();
  const headers: PlacedFile[] = [];
  for (const entry of entries) {
    const { path } = entry;
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...rest] = path.slice(prefix.length).split("/");
    if (rest.length === 0 && documentation.test(name)) continue;
    if (rest.length === 0 && header.test(name)) {
      headers.push({ packagePath: path, path: name });
      continue;
    }
    const place = found.get(name) ?? { directory: rest.length > 0, files: [], detectable: [] };
    place.detectable.push(asDetectable(entry));
    place.files.push({ packagePath: path, path: rest.length === 0 ? name : rest.join("/") });
    found.set(name, place);
  }
  return [...found].map(([name, place]) => ({
    path: `${prefix}${name}`,
    directory: place.directory,
    files: place.directory ? place.files : [...place.files, ...headers],
    detectable: place.detectable,
  }));
};

/**
 * What is in `directory` as one program: a directory in it, or all the files in it. Null when it is
 * empty; more than one directory is a finding.
 */
export const onlyPlaceIn = (
  entries: readonly PackageEntry[],
  directory: string,
  findings: Findings,
): ProgramPlace | null => {
  const places = placesIn(entries, directory);
  const [first, ...others] = places;
  if (first === undefined) return null;
  const isScript = ["build", "run"].some((name) => first.path === `${directory}/${name}`);
  if (others.length === 0 && (first.directory || !isScript)) return first;
  if (places.every((place) => place.directory)) {
    findings.invalid(directory, null, `holds ${places.length} programs, but there can be only one`);
    return null;
  }
  const prefix = `${directory}/`;
  const within = entries.filter(({ path }) => path.startsWith(prefix));
  const files = within.map(({ path }) => ({ packagePath: path, path: path.slice(prefix.length) }));
  return { path: directory, directory: true, files, detectable: within.map(asDetectable) };
};

/** Why what is in a place can't be run. */
export interface NoProgram {
  readonly kind: "none";
  readonly message: string;
  /** Whether it may be one in a language that the catalogue lacks. */
  readonly unknownLanguage: boolean;
}

/** The program in a place: `build` or `run`, or files in exactly one language of the catalogue. */
export const programIn = (place: ProgramPlace): PackageProgram | NoProgram => {
  const { path, files, detectable } = place;
  const names = new Set(files.map((file) => file.path));
  if (place.directory && (names.has("build") || names.has("run"))) {
    return { path, files, kind: { how: "scripts", hasBuild: names.has("build") } };
  }
  const languages = languagesInFiles(detectable).map(({ id }) => id);
  const [language, ...others] = languages;
  if (language === undefined) {
    const message = place.directory
      ? "holds neither `build` nor `run` nor a source file in a language that this version knows"
      : "is in no language that this version knows";
    return { kind: "none", message, unknownLanguage: true };
  }
  if (others.length > 0) {
    const message = `holds sources in ${languages.join(" and ")}; a program is in one language, or has \`build\` and \`run\``;
    return { kind: "none", message, unknownLanguage: false };
  }
  return { path, files, kind: { how: "language", language } };
};

export const isProgram = (found: PackageProgram | NoProgram): found is PackageProgram =>
  found.kind !== "none";

/** The name by which test data refers to a program. */
export const programName = (path: string): string =>
  (path.split("/").at(-1) ?? path).replace(/\.[^.]+$/u, "");
