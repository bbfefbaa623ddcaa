import type { DraftTest } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import type { Source } from "./source.ts";

/** One test found by the names of its files. */
export interface Pair {
  /** The name without what says input or output. */
  readonly stem: string;
  readonly input: string;
  readonly answer: string;
}

/**
 * What a file name says: the side and the stem. The directory counts as well: `input/01.txt` and
 * `output/01.txt` belong together.
 */
const sideOf = (path: string): { readonly side: "in" | "out"; readonly stem: string } | null => {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  const extension = /^(?<base>.+)\.(?<ext>in|inp|input|out|ans|answer|output|ok|a)$/iu.exec(name)?.groups;
  const directories = parts.slice(0, -1);
  const place = directories.findLastIndex((each) =>
    /^(?:in|inputs?|out|outputs?|answers?|ans)$/iu.test(each),
  );
  const folder = directories[place]?.toLowerCase();
  const numbered =
    /^(?<side>input|in|output|out|answer|ans)[_-]?(?<base>\d+)(?:\.txt|\.in|\.out|\.ans)?$/iu.exec(
      name,
    )?.groups;
  if (numbered !== undefined) {
    const side = /^in/iu.test(numbered["side"] ?? "") ? "in" : "out";
    const rest = place === -1 ? directories : directories.toSpliced(place, 1);
    return { side, stem: [...rest, numbered["base"] ?? ""].join("/") };
  }
  if (folder !== undefined) {
    const base = extension?.["base"] ?? name.replace(/\.(?:txt|dat)$/iu, "");
    return {
      side: folder.startsWith("in") ? "in" : "out",
      stem: [...directories.toSpliced(place, 1), base].join("/"),
    };
  }
  if (extension === undefined) return null;
  return {
    side: /^(?:in|inp|input)$/iu.test(extension["ext"] ?? "") ? "in" : "out",
    stem: [...directories, extension["base"] ?? ""].join("/"),
  };
};

/** Digits in a name count as numbers: test 2 comes before test 10. */
const naturally = new Intl.Collator("en", { numeric: true });

/** Files that belong together, in order, and what has no partner. */
export const findPairs = (
  paths: readonly string[],
): {
  readonly pairs: readonly Pair[];
  readonly alone: readonly string[];
  readonly others: readonly string[];
} => {
  const found = new Map<string, { in?: string; out?: string }>();
  const others: string[] = [];
  for (const path of paths) {
    const side = sideOf(path);
    if (side === null) {
      others.push(path);
      continue;
    }
    const pair = found.get(side.stem) ?? {};
    // Of two that say the same, the later one has no partner.
    if (pair[side.side] === undefined) pair[side.side] = path;
    else others.push(path);
    found.set(side.stem, pair);
  }
  const pairs: Pair[] = [];
  const alone: string[] = [];
  for (const [stem, { in: input, out: answer }] of found) {
    if (input !== undefined && answer !== undefined) pairs.push({ stem, input, answer });
    else alone.push(input ?? answer ?? stem);
  }
  return {
    pairs: pairs.sort((one, other) => naturally.compare(one.stem, other.stem)),
    alone,
    others,
  };
};

export const testOf = (source: Source, { input, answer, stem }: Pair): DraftTest => ({
  input: sourceFile(source, input),
  answer: sourceFile(source, answer),
  title: stem.split("/").at(-1) ?? stem,
});
