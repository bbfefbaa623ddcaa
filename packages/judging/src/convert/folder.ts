import type { Draft, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { findPairs, testOf } from "./pairs.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

const isSample = (stem: string): boolean => /(?:^|[/_-])(?:samples?|examples?)(?:[/_.-]|\d|$)/iu.test(stem);

/** A bare folder of inputs and outputs that belong together by their names. */
export const convertFolder = async (source: Source, notes: Notes): Promise<Draft> => {
  const { pairs, alone, others } = findPairs(source.paths);
  const [lonely] = alone;
  if (lonely !== undefined)
    throw refuse(lonely, "has no partner: each input needs an output of the same name", "package_invalid");
  if (pairs.length === 0)
    throw refuse(
      source.name,
      "holds no pairs such as 1.in and 1.out, or input/1.txt and output/1.txt",
      "package_invalid",
    );
  const statements = new Map(
    others
      .filter((path) => /^(?:statement|problem)\.(?:md|tex|pdf)$/iu.test(path))
      .map((path) => [`problem.en.${path.split(".").at(-1)?.toLowerCase() ?? ""}`, sourceFile(source, path)]),
  );
  for (const path of others)
    if (!/^(?:statement|problem)\.(?:md|tex|pdf)$/iu.test(path))
      notes.add(path, "is no test and was left out");
  notes.add(source.name, "states no limits: those of the format are used");
  const samples = pairs.filter((pair) => isSample(pair.stem)).map((pair) => testOf(source, pair));
  const secret = pairs.filter((pair) => !isSample(pair.stem)).map((pair) => testOf(source, pair));
  if (secret.length === 0) notes.add(source.name, "holds samples only; they are secret tests too");
  return await Promise.resolve({
    shortName: source.name,
    names: { en: source.name },
    timeMs: null,
    memoryBytes: null,
    samples,
    secret: { kind: "pass-fail", tests: secret.length === 0 ? samples : secret },
    statements,
  });
};
