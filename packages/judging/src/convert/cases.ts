import type { Draft, DraftFile, DraftTest, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { Foreign } from "./yaml.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

/** The JSON file of cases: the only one in the root, or one of these names. */
export const casesFile = (source: Source): string | null => {
  const inRoot = source.paths.filter((path) => !path.includes("/") && path.endsWith(".json"));
  const named = inRoot.find((path) => /^(?:cases|examples|tests?|test_?cases|problem)\.json$/iu.test(path));
  return named ?? (inRoot.length === 1 ? (inRoot[0] ?? null) : null);
};

/**
 * Examples as JSON: `{"cases": [{"stdin", "output", "weight", "hidden"}, …]}`, or the list alone.
 * What is not hidden is a sample; weights become points.
 */
export const convertCases = async (source: Source, notes: Notes): Promise<Draft> => {
  const path = casesFile(source);
  if (path === null)
    throw refuse(source.name, "holds no JSON file of cases, such as cases.json", "package_invalid");
  const root = await readJson(source, path);
  const list = root.isList ? root : root.any("cases", "examples", "tests", "test_cases", "testCases");
  const cases = list.items().map((item) => readCase(source, item));
  if (cases.length === 0) throw refuse(path, "holds no cases", "package_invalid");

  const shown = cases.filter(({ hidden }) => !hidden);
  const weights = new Set(cases.map(({ weight }) => weight));
  const name = root.isMap ? (root.any("name", "title").string() ?? source.name) : source.name;
  const text = root.isMap ? root.any("statement", "description").string() : null;
  const timeSeconds = root.isMap ? root.any("time_limit", "timeLimit").number() : null;
  const memoryMiB = root.isMap ? root.any("memory_limit", "memoryLimit").number() : null;
  if (timeSeconds === null) notes.add(path, "states no time_limit in seconds: that of the format is used");
  const samples = shown.map(({ test }) => test);
  const common = {
    shortName: source.name,
    names: { en: name },
    timeMs: timeSeconds === null ? null : Math.round(timeSeconds * 1000),
    memoryBytes: memoryMiB === null ? null : memoryMiB * 1024 * 1024,
    samples,
    statements: new Map<string, DraftFile>(text === null ? [] : [["problem.en.md", { content: text }]]),
  };
  if (weights.size === 1 && weights.has(1)) {
    const hidden = cases.filter((each) => each.hidden).map(({ test }) => test);
    if (hidden.length === 0) notes.add(path, "hides no case; the public ones are secret tests too");
    return { ...common, secret: { kind: "pass-fail", tests: hidden.length === 0 ? samples : hidden } };
  }
  // Samples do not score, so weighted public cases are secret tests as well.
  const scored = cases.filter(({ weight }) => weight > 0);
  const total = scored.reduce((sum, { weight }) => sum + weight, 0);
  if (!Number.isInteger(total))
    throw refuse(path, `the weights add up to ${total}; points are whole numbers`);
  if (scored.some(({ hidden }) => !hidden))
    notes.add(path, "public cases with a weight are samples and secret tests: samples alone do not score");
  return {
    ...common,
    secret: {
      kind: "points",
      maxScore: total,
      tests: scored.map(({ test, weight }) => ({ ...test, points: weight })),
    },
  };
};

interface Case {
  readonly test: DraftTest;
  readonly weight: number;
  readonly hidden: boolean;
}

const readCase = (source: Source, item: Foreign): Case => {
  if (!item.isMap) item.fail("must be an object");
  const input = fileOf(source, item, ["input", "stdin", "in"], ["input_file", "inputFile"]);
  const answer = fileOf(
    source,
    item,
    ["output", "expected", "expected_output", "expectedOutput", "stdout", "answer"],
    ["output_file", "outputFile"],
  );
  if (answer === null) item.fail("has neither output nor expected");
  const weight = item.any("weight", "points", "score").number() ?? 1;
  if (weight < 0) item.fail("has a weight below 0");
  const visibility = item.any("visibility").string();
  if (visibility !== null && visibility !== "hidden" && visibility !== "public")
    item.get("visibility").fail("must be hidden or public");
  const shown = item.any("public", "sample", "visible").boolean();
  const hidden =
    item.any("hidden", "private", "secret").boolean() ??
    (visibility === null ? null : visibility === "hidden") ??
    (shown === null ? true : !shown);
  return {
    test: { input: input ?? { content: "" }, answer, title: item.any("name", "title").string() },
    weight,
    hidden,
  };
};

const fileOf = (
  source: Source,
  item: Foreign,
  texts: readonly string[],
  paths: readonly string[],
): DraftFile | null => {
  const text = item.any(...texts).string();
  if (text !== null) return { content: text };
  const path = item.any(...paths).string();
  if (path === null) return null;
  if (!source.has(path)) item.fail(`names ${JSON.stringify(path.slice(0, 100))}, which is no file here`);
  return sourceFile(source, path);
};

const readJson = async (source: Source, path: string): Promise<Foreign> => {
  const text = await source.text(path);
  try {
    return new Foreign(path, JSON.parse(text));
  } catch (error) {
    throw refuse(
      path,
      `is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : ""}`,
      "package_invalid",
    );
  }
};
