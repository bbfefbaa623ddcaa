import { Range, SemVer, intersects } from "semver";
import { languages } from "./catalogue/index.ts";
import type { Language } from "./language.ts";

/**
 * Nothing of the catalogue is what a selector asks for. The message says what there is instead; it quotes
 * the selector and may be shown to whoever sent it.
 */
export class UnknownLanguage extends Error {
  override readonly name = "UnknownLanguage";
}

export interface SelectOptions {
  /** Default: the whole catalogue. */
  readonly catalogue?: ReadonlyMap<string, Language>;
  /** Exact versions by id, as tools report them, of what can be run now; null = not told. Default: none. */
  readonly known?: Known;
}

type Known = ReadonlyMap<string, string | null>;

/** Longer than anybody's; the parser looks at every word from each of its characters on. */
const maxSelectorLength = 256;

/**
 * The language that a selector asks for:
 *
 * - an id of the catalogue (`python`, `python@3.13`)
 * - the name of a family or one of its aliases (`py`, `c++`): the family's usual release
 * - family or alias, `@`, and a range of versions as npm writes them (`python@3`, `java@17 || 21`): of the
 *   releases that fit, first those that can be run now, then the highest version
 *
 * Case is of no account. A release fits a range by its exact version where that is known, and else when
 * any version of the release would.
 *
 * @throws UnknownLanguage
 */
export const selectLanguage = (selector: string, options: SelectOptions = {}): Language => {
  const catalogue = options.catalogue ?? languages;
  const { family, range, exact } = parseSelector(selector, catalogue);
  if (exact !== null) return exact;
  const usual = usualOf(family);
  if (range === null) return usual;
  const known = options.known ?? new Map();
  const best = family
    .filter((language) => fits(language, known, range))
    .toSorted(
      (a, b) =>
        Number(known.has(b.id)) - Number(known.has(a.id)) ||
        versionIn(b, known).compare(versionIn(a, known)) ||
        Number(b === usual) - Number(a === usual),
    )[0];
  if (best !== undefined) return best;
  // Of C++ and the like the number may be meant as that of the standard.
  const standard = catalogue.get(`${usual.family}${range.raw}`);
  const there = family
    .toSorted((a, b) => versionIn(a, known).compare(versionIn(b, known)))
    .map((language) => shownVersion(language, known));
  throw new UnknownLanguage(
    `there is no ${usual.family} ${range.raw}; there are ${there.join(", ")}${standard === undefined ? "" : `, and ${standard.id}, ${standard.name}`}`,
  );
};

/**
 * The ids of all languages that a selector may mean, whether they can be run or not: a family's name means
 * its usual release, a range every release that could fit.
 *
 * @throws UnknownLanguage
 */
export const selectableIds = (
  selector: string,
  catalogue: ReadonlyMap<string, Language> = languages,
): readonly string[] => {
  const { family, range, exact } = parseSelector(selector, catalogue);
  if (exact !== null) return [exact.id];
  if (range === null) return [usualOf(family).id];
  return family.filter((language) => fits(language, new Map(), range)).map(({ id }) => id);
};

/**
 * A version of tools as a semantic version: its first one to three numbers with dots between them, what is
 * missing being 0. Zeros in front of a number, and all that follows (a distribution's own count, a
 * release's name), are of no account: `9.0.4+dfsg` is 9.0.4, `22.04` is 22.4.0, `1.8.0_292` is 1.8.0.
 * Null when there is no number.
 */
export const coerceVersion = (text: string): SemVer | null => {
  const numbers = /\d{1,15}(?:\.\d{1,15}){0,2}/u.exec(text)?.[0].split(".").map(Number);
  if (numbers === undefined) return null;
  const [major = 0, minor = 0, patch = 0] = numbers;
  return new SemVer(`${major}.${minor}.${patch}`);
};

/** A range as npm writes them, a number in it with zeros in front as without; null when it is none. */
export const parseRange = (text: string): Range | null => {
  if (text.length > maxSelectorLength) return null;
  try {
    return new Range(text.replace(/(?<![\w-])0+(?=\d)/gu, ""));
  } catch {
    return null;
  }
};

interface Parsed {
  /** The releases of the family; at least one. */
  readonly family: readonly Language[];
  /** Null: none was given. */
  readonly range: Range | null;
  /** The language whose id the selector is. */
  readonly exact: Language | null;
}

const parseSelector = (selector: string, catalogue: ReadonlyMap<string, Language>): Parsed => {
  const given = selector.trim().toLowerCase();
  const at = given.indexOf("@");
  const name = (at === -1 ? given : given.slice(0, at)).trim();
  const all = [...catalogue.values()];
  const family = all.filter((language) => language.family === name);
  if (family.length === 0) {
    const aliased = all.find(({ aliases }) => aliases.includes(name));
    family.push(...all.filter((language) => language.family === aliased?.family));
  }
  if (family.length === 0) {
    const there = [...new Set(all.map((language) => language.family))].toSorted();
    const meant = meantBy(given, name, all);
    throw new UnknownLanguage(
      `there is no language ${quoted(name)}${meant === null ? "" : ` (did you mean ${meant}?)`}; there are ${there.join(", ")}`,
    );
  }
  const exact = catalogue.get(given) ?? null;
  if (exact !== null || at === -1) return { family, range: null, exact };
  const range = parseRange(given.slice(at + 1));
  if (range !== null) return { family, range, exact: null };
  throw new UnknownLanguage(
    `${quoted(given)} names no versions: behind the @ comes a range as npm writes them, for example ${name}@${usualOf(family).release} or "${name}@>=${usualOf(family).release}"`,
  );
};

/** What somebody who wrote this may have meant: a version without `@`, or a name with a slip in it. */
const meantBy = (given: string, word: string, all: readonly Language[]): string | null => {
  const names = [...new Set(all.flatMap(({ family, aliases }) => [family, ...aliases]))];
  const versioned = /^([a-z#+]{1,20})[ :=-]?(\d[\d.]{0,10})$/.exec(given);
  const [, name = "", version = ""] = versioned ?? [];
  if (names.includes(name)) return `${name}@${version}`;
  return names.find((known) => known.length > 3 && isSlip(word.slice(0, 32), known)) ?? null;
};

/** Whether one character was left out, added or replaced, or two neighbours were swapped. */
const isSlip = (given: string, known: string): boolean => {
  let at = 0;
  while (at < known.length && given[at] === known[at]) at += 1;
  const [rest, wanted] = [given.slice(at), known.slice(at)];
  return (
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    rest.slice(1) === wanted.slice(1) ||
    (rest.slice(2) === wanted.slice(2) && rest[0] === wanted[1] && rest[1] === wanted[0])
  );
};

const quoted = (text: string): string => JSON.stringify(text.slice(0, 64).toWellFormed());

/** The release whose id is the family's name; where the catalogue lacks it, the last of the family. */
const usualOf = (family: readonly Language[]): Language => {
  const usual = family.find((language) => language.id === language.family) ?? family.at(-1);
  if (usual === undefined) throw new RangeError("a family has at least one release");
  return usual;
};

/** The known version, else the first one of the release. */
const versionIn = (language: Language, known: Known): SemVer =>
  coerceVersion(known.get(language.id) ?? "") ?? coerceVersion(language.release) ?? new SemVer("0.0.0");

const shownVersion = (language: Language, known: Known): string => known.get(language.id) ?? language.release;

const fits = (language: Language, known: Known, range: Range): boolean => {
  const exact = coerceVersion(known.get(language.id) ?? "");
  if (exact !== null) return range.test(exact);
  const release = parseRange(language.release);
  return release !== null && intersects(release, range);
};
