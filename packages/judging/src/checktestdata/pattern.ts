import { RE2JS, RE2JSException } from "re2js";

/** The end of the longest greedy match of a pattern that starts at `at`; null when there is none. */
export type MatchAt = (input: string, at: number) => number | null;

/**
 * A regular expression that takes time in proportion to what it reads, whatever it says. Alternatives
 * are tried in their order, repetition is greedy, and the dot matches no newline.
 *
 * Throws Error with the reason when the pattern is none.
 */
export const compilePattern = (pattern: string): MatchAt => {
  const atoms = readAtoms(pattern);
  if (atoms !== null && isUnambiguous(atoms)) return (input, at) => matchAtoms(atoms, input, at);
  return compileGeneral(pattern);
};

/** More states than this cost memory out of proportion; RE2 itself refuses larger counts. */
const maxPatternBytes = 10_000;

const compileGeneral = (pattern: string): MatchAt => {
  if (pattern.length > maxPatternBytes) throw new Error(`is longer than ${maxPatternBytes} bytes`);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) throw new Error(error.message, { cause: error });
    throw error;
  }
  return (input, at) => {
    // A slice shares the bytes of the input; nothing is copied.
    const matcher = compiled.matcher(input.slice(at));
    return matcher.lookingAt() ? at + matcher.end() : null;
  };
};

/** One set of characters and how often it comes. */
interface Atom {
  /** By code of the character. */
  readonly set: readonly boolean[];
  readonly min: number;
  readonly max: number;
}

const quantifier = /(?:[*+?]|\{(?<min>[0-9]{1,9})(?<upTo>,(?<max>[0-9]{1,9})?)?\})/uy;
const special = new Set("()[]{}*+?|\\^.$");

/** The pattern as a row of sets, or null when it is more than that. */
const readAtoms = (pattern: string): readonly Atom[] | null => {
  const atoms: Atom[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? "";
    let set: readonly boolean[];
    if (character === "[") {
      const read = readSet(pattern, at + 1);
      if (read === null) return null;
      set = read.set;
      at = read.end;
    } else if (character === "." || !special.has(character)) {
      set = Array.from({ length: 256 }, (_, code) =>
        character === "." ? code !== 10 : code === character.charCodeAt(0),
      );
      at++;
    } else return null;
    quantifier.lastIndex = at;
    const found = quantifier.exec(pattern);
    if (found === null) {
      atoms.push({ set, min: 1, max: 1 });
      continue;
    }
    at += found[0].length;
    // A second quantifier makes the first one lazy or possessive: not for here.
    if (/[*+?{]/u.test(pattern[at] ?? "")) return null;
    const [sign] = found[0];
    const min = sign === "{" ? Number(found.groups?.["min"]) : sign === "+" ? 1 : 0;
    const max =
      sign === "?"
        ? 1
        : sign === "{" && found.groups?.["upTo"] === undefined
          ? min
          : sign === "{" && found.groups?.["max"] !== undefined
            ? Number(found.groups["max"])
            : Infinity;
    if (max < min) return null;
    atoms.push({ set, min, max });
  }
  return atoms;
};

const readSet = (
  pattern: string,
  start: number,
): { readonly set: readonly boolean[]; readonly end: number } | null => {
  const end = pattern.indexOf("]", start);
  if (end === -1) return null;
  const content = pattern.slice(start, end);
  const negative = content.startsWith("^");
  const members = negative ? content.slice(1) : content;
  // Escapes, classes by name and other doubtful things are left to the general engine.
  if (members === "" || /[\\[^&~]/u.test(members)) return null;
  const set = Array.from({ length: 256 }, () => negative);
  for (let at = 0; at < members.length; at++) {
    const first = members.charCodeAt(at);
    const last = members[at + 1] === "-" && at + 2 < members.length ? members.charCodeAt(at + 2) : first;
    if (last < first) return null;
    if (last !== first) at += 2;
    else if (members[at + 1] === "-" && at + 2 < members.length) at += 2;
    for (let code = first; code <= last; code++) set[code] = !negative;
  }
  return { set, end: end + 1 };
};

/** Whether taking as much as possible at each atom never has to be taken back. */
const isUnambiguous = (atoms: readonly Atom[]): boolean =>
  atoms.every((atom, index) => {
    if (atom.min === atom.max) return true;
    for (const later of atoms.slice(index + 1)) {
      if (atom.set.some((member, code) => member && later.set[code] === true)) return false;
      if (later.min > 0) return true;
    }
    return true;
  });

const matchAtoms = (atoms: readonly Atom[], input: string, start: number): number | null => {
  let at = start;
  for (const { set, min, max } of atoms) {
    const last = max === Infinity ? input.length : Math.min(input.length, at + max);
    const first = at;
    while (at < last && set[input.charCodeAt(at)] === true) at++;
    if (at - first < min) return null;
  }
  return at;
};
