import type { Draft, DraftGroup, DraftTest, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import type { Element } from "./polygon-xml.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

interface PolygonTest {
  readonly test: DraftTest;
  readonly sample: boolean;
  readonly group: string | null;
  readonly points: number;
}

/** Samples and secret tests of a testset. */
export const polygonTests = (
  source: Source,
  xml: string,
  testset: Element,
  notes: Notes,
): Pick<Draft, "samples" | "secret"> => {
  const tests = readTests(source, xml, testset);
  const samples = tests.filter(({ sample }) => sample).map(({ test }) => test);
  const groups = testset.child("groups").children("group");
  const scored =
    tests.some(({ points }) => points > 0) ||
    groups.some((group) => Number(group.attribute("points") ?? 0) > 0);
  if (!scored) {
    const secret = tests.filter(({ sample }) => !sample).map(({ test }) => test);
    // A problem of samples only would be judged by nothing.
    return { samples, secret: { kind: "pass-fail", tests: secret.length === 0 ? samples : secret } };
  }
  if (groups.length === 0 && tests.every(({ group }) => group === null)) {
    const counting = tests.filter(({ points }) => points > 0);
    const maxScore = whole(xml, "the points of all tests together", sumOf(counting));
    return {
      samples,
      secret: { kind: "points", maxScore, tests: counting.map(({ test, points }) => ({ ...test, points })) },
    };
  }
  return { samples, secret: { kind: "groups", groups: readGroups(xml, groups, tests, notes) } };
};

const sumOf = (tests: readonly PolygonTest[]): number => tests.reduce((sum, { points }) => sum + points, 0);

const whole = (xml: string, what: string, points: number): number => {
  // Thirds as decimals add up to a little less or more.
  if (Math.abs(points - Math.round(points)) < 1e-6) return Math.round(points);
  throw refuse(xml, `${what} are ${points}; points of groups are whole numbers`);
};

const readTests = (source: Source, xml: string, testset: Element): readonly PolygonTest[] => {
  const inputs = testset.child("input-path-pattern").text;
  const answers = testset.child("answer-path-pattern").text;
  if (inputs === "" || answers === "")
    throw refuse(xml, "states no input-path-pattern or answer-path-pattern", "package_invalid");
  const elements = testset.child("tests").children("test");
  if (elements.length === 0) throw refuse(xml, "lists no tests", "package_invalid");
  return elements.map((element, index) => {
    const input = numbered(inputs, index + 1);
    const answer = numbered(answers, index + 1);
    for (const path of [input, answer]) {
      if (source.has(path)) continue;
      const command = element.attribute("cmd");
      const how = command === null ? "" : ` (it is made by "${command.slice(0, 80)}")`;
      throw refuse(
        path,
        `is missing${how}; download the full package, which holds all tests`,
        "package_invalid",
      );
    }
    return {
      test: { input: sourceFile(source, input), answer: sourceFile(source, answer) },
      sample: element.attribute("sample") === "true",
      group: element.attribute("group"),
      points: Number(element.attribute("points") ?? 0) || 0,
    };
  });
};

const numbered = (pattern: string, number: number): string =>
  pattern.replace(/%(?:0(?<width>\d))?d/u, (_, width: string | undefined) =>
    String(number).padStart(Number(width ?? 0), "0"),
  );

const readGroups = (
  xml: string,
  elements: readonly Element[],
  tests: readonly PolygonTest[],
  notes: Notes,
): readonly DraftGroup[] => {
  const stated = new Map(elements.map((element) => [element.attribute("name") ?? "", element]));
  const names = [...new Set(tests.map(({ group }) => group ?? ""))];
  /** Groups of samples without points become data/sample alone. */
  const onlySamples = new Set(
    names.filter((name) => {
      const members = tests.filter(({ group }) => (group ?? "") === name);
      const points = Number(stated.get(name)?.attribute("points") ?? 0) || sumOf(members);
      return points === 0 && members.every(({ sample }) => sample);
    }),
  );
  const kept = names.filter((name) => !onlySamples.has(name));
  const passFail = (name: string): boolean =>
    (stated.get(name)?.attribute("points-policy") ?? "each-test") === "complete-group";
  return kept.map((name, index) => {
    const element = stated.get(name) ?? null;
    const members = tests.filter(({ group }) => (group ?? "") === name);
    const complete = passFail(name);
    const own = sumOf(members);
    const total = Number(element?.attribute("points") ?? 0) || own;
    const equal = new Set(members.map(({ points }) => points)).size === 1;
    const requires = (element?.child("dependencies").children("dependency") ?? []).flatMap(
      (dependency): readonly (number | "sample")[] => {
        const other = dependency.attribute("group") ?? "";
        if (onlySamples.has(other)) return ["sample"];
        const position = kept.indexOf(other);
        if (position === -1)
          throw refuse(xml, `group ${name} depends on ${other}, which has no tests`, "package_invalid");
        if (position >= index || !passFail(other)) {
          const why = position >= index ? "comes after it" : "gives points for each test";
          notes.add(xml, `group ${name} no longer depends on group ${other}, which ${why}`);
          return [];
        }
        return [position];
      },
    );
    return {
      title: name,
      tests: members.map(({ test, points }) => (complete || equal ? test : { ...test, points })),
      maxScore: whole(xml, `the points of group ${name}`, total),
      aggregation: complete ? "pass-fail" : "sum",
      requires,
      inputValidatorArgs: name === "" ? [] : ["--group", name],
    };
  });
};
