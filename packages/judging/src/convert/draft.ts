import type { Comparator } from "../validators/comparator.ts";
import type { Source } from "./source.ts";

/** A file of the package to be: text of ours, or a file of a source. */
export type DraftFile = { readonly content: string } | { readonly source: Source; readonly path: string };

export interface DraftTest {
  readonly input: DraftFile;
  readonly answer: DraftFile;
  /** A name for people; the file's name is made by order. */
  readonly title?: string | null;
  /** Points where they differ from test to test; null = by the group. */
  readonly points?: number | null;
  readonly comparator?: Comparator | null;
}

export interface DraftGroup {
  readonly title: string;
  readonly tests: readonly DraftTest[];
  /** Points of the whole group. */
  readonly maxScore: number;
  readonly aggregation: "pass-fail" | "sum" | "min";
  /** Positions in the list of groups, or "sample". */
  readonly requires: readonly (number | "sample")[];
  readonly inputValidatorArgs?: readonly string[];
}

export interface DraftSubmission {
  readonly directory: string;
  readonly name: string;
  readonly files: ReadonlyMap<string, DraftFile>;
  /** For submissions.yaml where the directory does not say it. */
  readonly permitted?: readonly string[];
  readonly required?: readonly string[];
}

/** A problem as a converter understood it, before it becomes files. */
export interface Draft {
  readonly shortName: string | null;
  /** By language code. */
  readonly names: Readonly<Record<string, string>>;
  /** Null = not stated by what was converted. */
  readonly timeMs: number | null;
  readonly memoryBytes: number | null;
  readonly outputBytes?: number | null;
  readonly interactive?: boolean;
  readonly submitAnswer?: boolean;
  readonly samples: readonly DraftTest[];
  /** Tests of a pass-fail problem, or groups of a scoring one. */
  readonly secret:
    | { readonly kind: "pass-fail"; readonly tests: readonly DraftTest[] }
    | { readonly kind: "points"; readonly tests: readonly DraftTest[]; readonly maxScore: number }
    | { readonly kind: "groups"; readonly groups: readonly DraftGroup[] };
  /** How outputs are compared where there is no validator; null = as the format does. */
  readonly comparator?: Comparator | null;
  /** Files of the output validator by name. */
  readonly outputValidator?: ReadonlyMap<string, DraftFile> | null;
  readonly outputValidatorArgs?: readonly string[];
  /** Input validators: a name, and files by name. */
  readonly inputValidators?: readonly {
    readonly name: string;
    readonly files: ReadonlyMap<string, DraftFile>;
  }[];
  readonly submissions?: readonly DraftSubmission[];
  /** By the path below statement/, such as "problem.en.tex". */
  readonly statements?: ReadonlyMap<string, DraftFile>;
  /** By the path below attachments/. */
  readonly attachments?: ReadonlyMap<string, DraftFile>;
  /** By the path below include/. */
  readonly includes?: ReadonlyMap<string, DraftFile>;
  readonly authors?: readonly string[];
  readonly source?: string | null;
}

/** What a converter says about its work. */
export class Notes {
  readonly #notes: string[] = [];

  /** Something is different in the package, or could not be kept. */
  add(where: string, message: string): void {
    const note = `${where}: ${message}`;
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }

  get all(): readonly string[] {
    return this.#notes;
  }
}

export const sourceFile = (source: Source, path: string): DraftFile => ({ source, path });
