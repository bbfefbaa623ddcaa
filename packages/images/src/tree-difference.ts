/** One path at which two trees differ, in words: "content of usr/bin/python3.11 changed". */
export type TreeDifference = string;

const fields = ["type", "mode", "owner", "group", "size", "content"] as const;

const parse = (text: string): Map<string, readonly string[]> => {
  const entries = new Map<string, readonly string[]>();
  for (const line of text.split("\n").slice(1)) {
    if (line === "") continue;
    const words = line.split(" ");
    entries.set(words[6] ?? "", words.slice(0, 6));
  }
  return entries;
};

/** Compares two canonical tree texts; differences in path order. */
export const treeDifferences = (expected: string, actual: string): TreeDifference[] => {
  const before = parse(expected);
  const after = parse(actual);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const differences: TreeDifference[] = [];
  for (const path of paths) {
    const was = before.get(path);
    const is = after.get(path);
    if (was === undefined) differences.push(`${path} was added`);
    else if (is === undefined) differences.push(`${path} is missing`);
    else {
      const changed = fields.filter((_, index) => was[index] !== is[index]);
      // Another content mostly has another size; naming both says nothing more.
      const named = changed.includes("content") ? changed.filter((field) => field !== "size") : changed;
      if (named.length > 0) differences.push(`${named.join(" and ")} of ${path} changed`);
    }
  }
  return differences;
};
