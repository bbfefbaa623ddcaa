type Version = readonly [number, number, number];
type Test = (version: Version) => boolean;

/** Longer than anybody's; the expressions below look at every word from each of its characters on. */
const maxSelectorLength = 256;
const part = "\\d{1,9}|[xX*]";
const comparator = new RegExp(
  `^(\\^|~|>=|<=|>|<|=)?\\s*v?(${part})(?:\\.(${part}))?(?:\\.(${part}))?(?:[-+][0-9A-Za-z.+-]*)?$`,
);

/** The version in a text as "3.11.2", or null. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+].*)?$/.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) if (a[index] !== b[index]) return a[index] - b[index];
  return 0;
}

/**
 * Reads a selector of semantic versions as npm writes them: "*", "3", "3.x", "3.11.2", "^3.1", "~3.11",
 * ">=3 <4", "3.10 - 3.12", "2 || 3". Null when it is none.
 */
export function parseSelector(text: string): Test | null {
  if (text.length > maxSelectorLength) return null;
  const alternatives = text.split("||").map(allOf);
  if (alternatives.includes(null)) return null;
  return (version) => alternatives.some((test) => test?.(version) === true);
}

function allOf(text: string): Test | null {
  const range = text.replace(/(\S+)\s+-\s+(\S+)/g, ">=$1 <=$2").replace(/([<>=~^])\s+/g, "$1");
  const words = range.split(/\s+/).filter(Boolean);
  const tests = words.length === 0 ? [() => true] : words.map(one);
  return tests.includes(null) ? null : (version) => tests.every((test) => test?.(version) === true);
}

function one(word: string): Test | null {
  const match = comparator.exec(word);
  if (match === null) return null;
  const operator = match[1] ?? "";
  const given = [match[2], match[3], match[4]].map((text) =>
    text === undefined || /[xX*]/.test(text) ? null : Number(text),
  );
  const wild = given.indexOf(null);
  const known = wild === -1 ? 3 : wild;
  const low: Version = [given[0] ?? 0, known > 1 ? (given[1] ?? 0) : 0, known > 2 ? (given[2] ?? 0) : 0];
  /** The first version behind those that agree with `low` up to this part. */
  const behind = (index: number): Version =>
    index <= 0 ? [low[0] + 1, 0, 0] : index === 1 ? [low[0], low[1] + 1, 0] : [low[0], low[1], low[2] + 1];
  const from: Test = (version) => compareVersions(version, low) >= 0;
  const before =
    (end: Version): Test =>
    (version) =>
      compareVersions(version, end) < 0;
  const both =
    (a: Test, b: Test): Test =>
    (version) =>
      a(version) && b(version);
  if (known === 0) return operator === "<" || operator === ">" ? () => false : () => true;
  switch (operator) {
    case ">=":
      return from;
    case ">":
      return (version) => compareVersions(version, behind(known - 1)) >= 0;
    case "<":
      return before(low);
    case "<=":
      return before(behind(known - 1));
    case "~":
      return both(from, before(behind(Math.min(known - 1, 1))));
    case "^": {
      // Up to the first part that is not zero; of those that are given, if all are.
      const first = low.findIndex((value) => value > 0);
      return both(from, before(behind(Math.min(first === -1 ? 2 : first, known - 1))));
    }
    default:
      return both(from, before(behind(known - 1)));
  }
}
