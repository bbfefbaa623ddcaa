import type { Language } from "./language.ts";

/**
 * Families that have a language in common with another one, and never win over it where nobody asks for
 * them: other compilers, other standards, other run-time systems of what a file is written in.
 */
const usual: Readonly<Record<string, readonly string[]>> = {
  awk: ["mawk", "gawk", "original-awk"],
  c: ["c11", "c23", "c99", "c89", "c-clang", "c11-clang", "c23-clang", "tcc"],
  cpp: ["cpp11", "cpp14", "cpp17", "cpp23", "cpp-clang", "cpp14-clang", "cpp17-clang", "cpp23-clang"],
  d: ["d-ldc"],
  javascript: ["bun", "deno", "quickjs"],
  lisp: ["lisp-clisp"],
  lua: ["luajit"],
  "objective-c": ["objective-c-clang"],
  python: ["pypy"],
  scheme: ["scheme-chicken"],
  typescript: ["bun", "deno"],
};

/** The families that this one is a variant of. */
export const basesOf = (family: string): readonly string[] =>
  Object.entries(usual).flatMap(([base, variants]) => (variants.includes(family) ? [base] : []));

/** Whether a family gives way to one of `others` by convention. */
export const isVariantOf = (family: string, others: readonly string[]): boolean =>
  basesOf(family).some((base) => others.includes(base));

/** Whether a language is meant where families are named: itself, or what it is a variant of. */
export const isAmong = ({ family }: Pick<Language, "family">, families: readonly string[]): boolean =>
  families.includes(family) || isVariantOf(family, families);
