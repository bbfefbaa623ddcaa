import { languageById } from "@assay/languages";
import type { Listed } from "../compatible/catalogue.ts";

/** A language of Judge0's numbering and what it is here. */
interface Numbered {
  readonly id: number;
  /** Id in our catalogue. */
  readonly language: string;
  readonly sourceFile: string | null;
  readonly runCommand: string;
  /** A name around the version; the version is that of the image, not the one that the number once meant. */
  readonly name: (version: string | null) => string;
  /** Not listed: another number of the same language, which clients may have written into their code. */
  readonly isAlias: boolean;
}

const versioned =
  (label: string, tool = "") =>
  (version: string | null): string =>
    version === null ? label : `${label} (${tool}${version})`;

const kinds = {
  c: { language: "c", sourceFile: "main.c", runCommand: "./a.out", name: versioned("C", "GCC ") },
  cpp: { language: "cpp", sourceFile: "main.cpp", runCommand: "./a.out", name: versioned("C++", "GCC ") },
  python: {
    language: "python",
    sourceFile: "script.py",
    runCommand: "python3 -B -s ./script.py",
    name: versioned("Python"),
  },
  bash: {
    language: "bash",
    sourceFile: "script.sh",
    runCommand: "bash -- ./script.sh",
    name: versioned("Bash"),
  },
} as const;

/** A program of several files, whose archive brings the scripts `run` and, if it wants, `compile`. */
export const multiFileId = 89;

/** The listed number of each language first. Numbers of Clang, Python 2 and others are of nothing here. */
const numbers: readonly (readonly [keyof typeof kinds, readonly number[]])[] = [
  ["bash", [46]],
  ["c", [50, 48, 49, 103]],
  ["cpp", [54, 52, 53, 105]],
  ["python", [71, 92, 100, 109]],
];

const numbered: readonly Numbered[] = [
  ...numbers.flatMap(([kind, ids]) => ids.map((id, index) => ({ id, ...kinds[kind], isAlias: index > 0 }))),
  {
    id: multiFileId,
    language: "bash",
    sourceFile: null,
    runCommand: "bash ./run",
    name: () => "Multi-file program",
    isAlias: false,
  },
];

export interface Judge0Language {
  readonly id: number;
  readonly name: string;
  readonly isArchived: boolean;
  /** Of our catalogue. */
  readonly language: string;
  readonly sourceFile: string | null;
  readonly compileCommand: string | null;
  readonly runCommand: string;
  readonly isAlias: boolean;
}

/** By Judge0's numbers; a language that no runner offers now is archived, so that nobody submits in it. */
export const judge0Languages = (listed: readonly Listed[]): Judge0Language[] =>
  numbered.flatMap((one) => {
    const offered = listed.find(({ language }) => language.id === one.language);
    if (offered === undefined) return [];
    return {
      id: one.id,
      name: one.name(offered.version),
      isArchived: !offered.available,
      language: one.language,
      sourceFile: one.sourceFile,
      compileCommand: compileCommandOf(one),
      runCommand: one.runCommand,
      isAlias: one.isAlias,
    };
  });

/** What the catalogue really runs, with Judge0's mark where the client's own options go. */
function compileCommandOf({ language, sourceFile }: Numbered): string | null {
  if (sourceFile === null || (language !== "c" && language !== "cpp")) return null;
  return languageById(language)?.compile([sourceFile], ["%s"])?.argv.join(" ") ?? null;
}

/** For a submission that was made, whatever has become of its language. */
export const languageNumbered = (id: number): Pick<Numbered, "language" | "name"> | null =>
  numbered.find((one) => one.id === id) ?? null;
