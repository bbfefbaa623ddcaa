import { testlibInputValidator, testlibValidator } from "./adapters.ts";
import type { Comparator } from "../validators/comparator.ts";
import type { Draft, DraftFile, DraftGroup, DraftTest, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { findPairs, testOf } from "./pairs.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";
import { readYaml } from "./yaml.ts";
import type { Foreign } from "./yaml.ts";

const configNames = ["config.yaml", "config.yml", "Config.yaml", "data.yml", "data.yaml"];

/** Hydro keeps the data of a problem in testdata/ and its statement beside that. */
const rootOf = (source: Source): string =>
  source.paths.some((path) => path.startsWith("testdata/")) ? "testdata/" : "";

export const hydroConfig = (source: Source): string | null =>
  configNames.map((name) => `${rootOf(source)}${name}`).find((path) => source.has(path)) ?? null;

/** A data folder of Hydro (config.yaml) or SYZOJ (data.yml), or one with neither. */
export const convertHydro = async (source: Source, notes: Notes): Promise<Draft> => {
  const path = hydroConfig(source);
  if (path === null) throw refuse(source.name, `holds none of ${configNames.join(", ")}`, "package_invalid");
  const config = await readYaml(source, path);
  const root = rootOf(source);
  const type = config.get("type").string() ?? "default";
  const interactorName = config.get("interactor").string();
  const interactive = type === "interactive" || (type === "interaction" && interactorName !== null);
  if (
    !["default", "traditional", "interactive", "submit_answer", "submit-answer"].includes(type) &&
    !interactive
  )
    config
      .get("type")
      .fail(`${JSON.stringify(type.slice(0, 40))} can't be judged here`, "package_unsupported");
  const file = config.get("filename").string();
  if (file !== null) notes.add(path, `filename is ${file}; here submissions use standard input and output`);
  for (const key of ["template", "langs", "user_extra_files", "extraSourceFiles"])
    if (!config.get(key).absent) notes.add(path, `${key} was left out`);

  const secret = secretOf(source, root, config, notes);
  const scoring = secret.kind !== "pass-fail";
  const program = (name: string | null): DraftFile | null => {
    if (name === null) return null;
    const full = `${root}${name}`;
    if (!source.has(full)) throw refuse(full, `is named by ${path}, but missing`, "package_invalid");
    if (!/\.(?:cpp|cc|cxx)$/u.test(name))
      throw refuse(full, "is not C++; only testlib programs in C++ can be brought along");
    return sourceFile(source, full);
  };
  const checker = checkerOf(config);
  const checkerFile = checker.kind === "testlib" ? program(checker.file) : null;
  const interactor = interactive ? program(interactorName) : null;
  const validator = program(config.get("validator").string());
  const beside = new Map(
    source.paths
      .filter((each) => each.startsWith(root) && /^[^/]+\.(?:h|hpp)$/u.test(each.slice(root.length)))
      .map((each) => [each.slice(root.length), sourceFile(source, each)] as const),
  );
  if ((checkerFile ?? interactor ?? validator) !== null && !beside.has("testlib.h"))
    throw refuse(
      `${root}testlib.h`,
      "is missing; the programs of this problem need it: put it there",
      "package_invalid",
    );
  if (checker.kind === "comparator" && checker.note !== null) notes.add(path, checker.note);
  return {
    shortName: source.name,
    names: await namesOf(source),
    timeMs: timeOf(config.any("time", "timeLimit", "time_limit")),
    memoryBytes: memoryOf(config.any("memory", "memoryLimit", "memory_limit")),
    interactive,
    submitAnswer: type === "submit_answer" || type === "submit-answer",
    samples: [],
    secret,
    comparator: checker.kind === "comparator" && interactor === null ? checker.comparator : null,
    outputValidator:
      checkerFile === null && interactor === null
        ? null
        : await testlibValidator({ checker: checkerFile, interactor }, beside, scoring),
    inputValidators:
      validator === null
        ? []
        : [{ name: "validator", files: await testlibInputValidator(validator, beside) }],
    statements: statementsOf(source),
  };
};

type Checker =
  | { readonly kind: "testlib"; readonly file: string }
  | { readonly kind: "comparator"; readonly comparator: Comparator; readonly note: string | null };

const checkerOf = (config: Foreign): Checker => {
  const special = config.get("specialJudge");
  if (!special.absent)
    special.fail(
      "is a checker of SYZOJ's own protocol; rewrite it with testlib.h as checker",
      "package_unsupported",
    );
  const key = config.any("checker_type", "checkerType");
  const kind = key.string() ?? (config.get("checker").absent ? "default" : "testlib");
  switch (kind) {
    case "default":
      return {
        kind: "comparator",
        comparator: { kind: "tokens" },
        note: "the default checker became the comparator tokens: white space within lines does not count either",
      };
    case "strict":
      return { kind: "comparator", comparator: { kind: "exact" }, note: null };
    case "testlib":
      return { kind: "testlib", file: config.get("checker").string() ?? key.fail("needs a checker") };
    default:
      return key.fail(
        `${JSON.stringify(kind.slice(0, 40))} is another protocol; rewrite it with testlib.h`,
        "package_unsupported",
      );
  }
};

const secretOf = (source: Source, root: string, config: Foreign, notes: Notes): Draft["secret"] => {
  const subtasks = config.get("subtasks").items();
  const test = caseReader(source, root, config);
  if (subtasks.length === 0) {
    const cases = config.get("cases").items();
    if (cases.length === 0) return pairsOf(source, root, config);
    const stated = config.get("score").number();
    const points = cases.map((each) => (each.isMap ? each.get("score").number() : null) ?? stated);
    const total = points.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    if (points.every((each) => each === null))
      return { kind: "points", tests: cases.map(test), maxScore: 100 };
    return {
      kind: "points",
      maxScore: total,
      tests: cases.map((each, index) => ({ ...test(each), points: points[index] ?? 0 })),
    };
  }
  const ids = subtasks.map((each, index) => each.get("id").string() ?? String(index + 1));
  const types = subtasks.map((each) => each.get("type").string() ?? "min");
  const groups = subtasks.map((subtask, index): DraftGroup => {
    const cases = subtask.get("cases").items();
    const [type = "min", id = ""] = [types[index], ids[index]];
    if (cases.length === 0) subtask.fail("has no cases");
    if (!["min", "mul", "sum"].includes(type))
      subtask
        .get("type")
        .fail(`${JSON.stringify(type.slice(0, 40))} has no counterpart here`, "package_unsupported");
    if (!subtask.any("time", "timeLimit", "memory", "memoryLimit").absent)
      notes.add(config.file, `subtask ${id} has limits of its own; those of the whole problem are used`);
    return {
      title: id,
      tests: cases.map(test),
      maxScore: scoreOf(subtask),
      aggregation: type === "sum" ? "sum" : "min",
      requires: subtask
        .any("if", "depends")
        .items()
        .map((each) => each.string() ?? "")
        .map((other) => {
          const position = ids.indexOf(other);
          if (position === -1) subtask.fail(`depends on ${other}, which is no subtask`);
          return position;
        }),
    };
  });
  return { kind: "groups", groups: withPassFail(groups, config, notes) };
};

/** Only groups that are passed or failed as a whole can be required. */
const withPassFail = (
  groups: readonly DraftGroup[],
  config: Foreign,
  notes: Notes,
): readonly DraftGroup[] => {
  const required = new Set(groups.flatMap(({ requires }) => requires));
  const checked = groups.map((group, index): DraftGroup => {
    if (!required.has(index) || group.aggregation === "sum") return group;
    return { ...group, aggregation: "pass-fail" };
  });
  return checked.map((group, index) => ({
    ...group,
    requires: group.requires.filter((other) => {
      if (other === "sample") return true;
      const allowed = other < index && checked[other]?.aggregation === "pass-fail";
      if (!allowed)
        notes.add(
          config.file,
          `subtask ${group.title} no longer depends on subtask ${groups[other]?.title ?? ""}`,
        );
      return allowed;
    }),
  }));
};

const scoreOf = (subtask: Foreign): number => {
  const score = subtask.get("score").number() ?? 0;
  if (!Number.isInteger(score) || score < 0)
    subtask.get("score").fail("must be a whole number", "package_unsupported");
  return score;
};

/** A case is {input, output}, or (SYZOJ) what `#` stands for in inputFile and outputFile. */
const caseReader = (source: Source, root: string, config: Foreign): ((item: Foreign) => DraftTest) => {
  const input = config.any("inputFile", "input_file").string() ?? "#.in";
  const outputs = [config.any("outputFile", "output_file").string() ?? "#.out", "#.ans"];
  return (item) => {
    if (item.isMap) {
      const [one, other] = [item.get("input").string(), item.get("output").string()];
      if (one === null || other === null) return item.fail("needs input and output");
      return { input: existing(source, root, item, one), answer: existing(source, root, item, other) };
    }
    const name = item.string() ?? "";
    const output = outputs
      .map((each) => each.replaceAll("#", name))
      .find((each) => source.has(`${root}${each}`));
    return {
      input: existing(source, root, item, input.replaceAll("#", name)),
      answer: existing(source, root, item, output ?? (outputs[0] ?? "").replaceAll("#", name)),
      title: name,
    };
  };
};

const existing = (source: Source, root: string, item: Foreign, name: string): DraftFile => {
  if (!source.has(`${root}${name}`))
    item.fail(`names ${JSON.stringify(name.slice(0, 100))}, which is no file here`);
  return sourceFile(source, `${root}${name}`);
};

/** Without cases all pairs of files count, each subtask named before the dash: 1-1.in, 1-2.in. */
const pairsOf = (source: Source, root: string, config: Foreign): Draft["secret"] => {
  const { pairs } = findPairs(source.paths.filter((path) => path.startsWith(root)));
  if (pairs.length === 0)
    throw refuse(config.file, "lists no cases, and there are no pairs of files", "package_invalid");
  return { kind: "points", maxScore: 100, tests: pairs.map((pair) => testOf(source, pair)) };
};

const timeOf = (value: Foreign): number | null => {
  const text = value.string();
  if (text === null) return null;
  const found = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>ms|s|us)?$/iu.exec(text.trim())?.groups;
  const number = Number(found?.["number"]);
  // SYZOJ and Hydro state milliseconds where there is no unit.
  const factor =
    found?.["unit"]?.toLowerCase() === "s" ? 1000 : found?.["unit"]?.toLowerCase() === "us" ? 0.001 : 1;
  if (!(number > 0)) value.fail("must be a time such as 1s or 500ms");
  return Math.ceil(number * factor);
};

const memoryOf = (value: Foreign): number | null => {
  const text = value.string();
  if (text === null) return null;
  const found = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[kmg]?)(?:i?b)?$/iu.exec(text.trim())?.groups;
  const number = Number(found?.["number"]);
  if (!(number > 0)) value.fail("must be a size such as 256m");
  const power = { k: 1, "": 2, m: 2, g: 3 }[found?.["unit"]?.toLowerCase() ?? ""] ?? 2;
  return number * 1024 ** power;
};

const namesOf = async (source: Source): Promise<Readonly<Record<string, string>>> => {
  if (!source.has("problem.yaml")) return { en: source.name };
  const title = (await readYaml(source, "problem.yaml")).any("title", "name").string();
  return { en: title ?? source.name };
};

const statementsOf = (source: Source): ReadonlyMap<string, DraftFile> =>
  new Map(
    source.paths.flatMap((path) => {
      const code = /^problem(?:_(?<code>[a-z]{2}))?(?:\.(?<other>[a-z]{2}))?\.md$/u.exec(path)?.groups;
      if (code === undefined) return [];
      return [[`problem.${code["code"] ?? code["other"] ?? "en"}.md`, sourceFile(source, path)] as const];
    }),
  );
