import type { Language } from "@assay/languages";

/** What runs programs of one language here. */
export interface Tools {
  readonly language: Language;
  /** Digest of the language's image. */
  readonly image: string;
}

/** Where the programs that a package brings find their compilers and interpreters. */
export interface Toolbox {
  /** Null when this machine can't run the language. */
  toolsFor(languageId: string): Tools | null | Promise<Tools | null>;
}
