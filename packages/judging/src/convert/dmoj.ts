import { lineValidator, testlibValidator } from "./adapters.ts";
import type { Comparator } from "../validators/comparator.ts";
import type { Draft, DraftFile, DraftGroup, DraftTest, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";
import { Foreign, readYaml } from "./yaml.ts";

const init = "init.yml";

/** A problem folder of DMOJ. */
export const convertDmoj = async (source: Source, notes: Notes): Promise<Draft> => {
  const config = await readYaml(source, init);
  for (const key of [
    "generator",
    "interactive",
    "custom_judge",
    "signature_grader",
    "grader",
    "communication",
  ]) {
    const value = config.get(key);
    if (!value.absent)
      value.fail("is run by DMOJ's own graders and can't be judged here", "package_unsupported");
  }
  const archive = config.get("archive").string();
  const data = archive === null ? source : await openArchive(source, config, archive);
  const list = [...config.get("pretest_test_cases").items(), ...casesOf(config.get("test_cases"))];
  if (list.length === 0) config.get("test_cases").fail("must list test cases");
  notes.add(init, "states no limits (DMOJ keeps them on its site): those of the format are used");
  if (!config.get("pretest_test_cases").absent) notes.add(init, "pretests became ordinary tests");
  const file = config.get("file_io");
  if (!file.absent) notes.add(init, "file_io was left out: here submissions use standard input and output");

  const checker = checkerOf(config.get("checker"), notes);
  // A share of a test's points needs a batch that can give a share of its own.
  const shares = checker.kind === "lines" && checker.mode === "linecount";
  const secret = secretOf(data, list, config, shares, notes);
  const outputValidator =
    checker.kind === "lines"
      ? await lineValidator()
      : checker.kind === "testlib"
        ? await testlibOf(source, config, checker.file)
        : null;
  return {
    shortName: source.name,
    names: { en: source.name },
    timeMs: null,
    memoryBytes: null,
    outputBytes: config.get("output_limit_length").number(),
    samples: [],
    secret,
    comparator: checker.kind === "comparator" ? checker.comparator : null,
    outputValidator,
    outputValidatorArgs: checker.kind === "lines" ? [checker.mode] : [],
  };
};

const openArchive = async (source: Source, config: Foreign, archive: string): Promise<Source> => {
  if (!source.has(archive))
    config.get("archive").fail(`names ${JSON.stringify(archive.slice(0, 100))}, which is no file here`);
  return await source.open(archive);
};

const casesOf = (cases: Foreign): readonly Foreign[] => {
  if (cases.isMap)
    cases.fail("as patterns of file names is not supported: list the cases", "package_unsupported");
  return cases.items();
};

const secretOf = (
  data: Source,
  list: readonly Foreign[],
  config: Foreign,
  shares: boolean,
  notes: Notes,
): Draft["secret"] => {
  const readCase = (item: Foreign): DraftTest => {
    const [input, output] = [item.get("in").string(), item.get("out").string()];
    for (const key of ["checker", "generator", "generator_args"])
      if (!item.get(key).absent) item.get(key).fail("of a single case can't be kept", "package_unsupported");
    if (output === null) return item.fail("needs out");
    return {
      input: input === null ? { content: "" } : existing(data, item, input),
      answer: existing(data, item, output),
    };
  };
  const pointsOf = (item: Foreign): number => {
    const points = item.get("points").number() ?? config.get("points").number() ?? 1;
    if (!Number.isInteger(points) || points < 0)
      item.get("points").fail("must be a whole number", "package_unsupported");
    return points;
  };
  if (list.every((item) => item.get("batched").absent)) {
    const points = list.map(pointsOf);
    const equal = new Set(points).size === 1;
    return {
      kind: "points",
      maxScore: points.reduce((sum, each) => sum + each, 0),
      tests: list.map((item, index) => ({ ...readCase(item), points: equal ? null : (points[index] ?? 0) })),
    };
  }
  const groups = list.map((item, index): DraftGroup => {
    const batched = item.get("batched");
    const cases = batched.absent ? [item] : batched.items();
    if (cases.length === 0) batched.fail("has no cases");
    return {
      title: "",
      tests: cases.map(readCase),
      maxScore: pointsOf(item),
      aggregation: shares ? "min" : "pass-fail",
      requires: item
        .get("dependencies")
        .items()
        .map((each) => batchPosition(list, each))
        .filter((other) => {
          if (other < index && !shares) return true;
          notes.add(
            init,
            `batch ${index + 1} no longer depends on batch ${other + 1}, which ${shares ? "gives shares" : "comes after it"}`,
          );
          return false;
        }),
    };
  });
  return { kind: "groups", groups };
};

/** Dependencies count batches from 1; single cases between them do not count. */
const batchPosition = (list: readonly Foreign[], each: Foreign): number => {
  const number = each.number() ?? 0;
  const batches = list.flatMap((item, index) => (item.get("batched").absent ? [] : [index]));
  return batches[number - 1] ?? each.fail("is no batch");
};

const existing = (data: Source, item: Foreign, name: string): DraftFile => {
  if (!data.has(name)) item.fail(`names ${JSON.stringify(name.slice(0, 100))}, which is no file here`);
  return sourceFile(data, name);
};

type Checker =
  | { readonly kind: "comparator"; readonly comparator: Comparator | null }
  | { readonly kind: "lines"; readonly mode: string }
  | { readonly kind: "testlib"; readonly file: string };

const tokens: Checker = { kind: "comparator", comparator: { kind: "tokens" } };

const numbers = (absolute: number | null, relative: number | null): Checker => ({
  kind: "comparator",
  comparator: { kind: "numbers", absolute, relative },
});

const checkerOf = (checker: Foreign, notes: Notes): Checker => {
  const name = checker.isMap
    ? (checker.get("name").string() ?? "standard")
    : (checker.string() ?? "standard");
  const args = checker.isMap ? checker.get("args") : new Foreign(checker.file, undefined);
  const tolerance = 10 ** -(args.get("precision").number() ?? 6);
  switch (name) {
    case "standard":
      notes.add(
        init,
        "the standard checker became the comparator tokens: line ends count as any white space",
      );
      return tokens;
    case "easy":
      notes.add(init, "the checker easy became the default output validator: words regardless of case");
      return { kind: "comparator", comparator: null };
    case "floats": {
      const mode = args.get("error_mode").string() ?? "default";
      return numbers(mode === "relative" ? null : tolerance, mode === "absolute" ? null : tolerance);
    }
    case "floatsabs":
      return numbers(tolerance, null);
    case "floatsrel":
      return numbers(null, tolerance);
    case "identical":
      return { kind: "comparator", comparator: { kind: "exact" } };
    case "sorted":
      if ((args.get("split_on").string() ?? "lines") !== "lines")
        args.get("split_on").fail("of the checker sorted must be lines", "package_unsupported");
      return { kind: "comparator", comparator: { kind: "lines" } };
    case "rstripped":
    case "unordered":
    case "linecount":
      return { kind: "lines", mode: name };
    case "bridged": {
      const files = args.get("files");
      const file = files.isList ? files.items()[0]?.string() : files.string();
      const type = args.get("type").string() ?? "default";
      if (type !== "testlib" || file === null || file === undefined)
        return args
          .get("type")
          .fail(
            `${JSON.stringify(type.slice(0, 40))} is a protocol of DMOJ's; only testlib can be kept`,
            "package_unsupported",
          );
      return { kind: "testlib", file };
    }
    default:
      return checker.fail(
        name.endsWith(".py")
          ? `${JSON.stringify(name.slice(0, 100))} needs DMOJ's Python API and can't be judged here`
          : `${JSON.stringify(name.slice(0, 100))} is no checker that is known here`,
        "package_unsupported",
      );
  }
};

const testlibOf = async (
  source: Source,
  config: Foreign,
  file: string,
): Promise<ReadonlyMap<string, DraftFile>> => {
  if (!source.has(file))
    config.get("checker").fail(`names ${JSON.stringify(file.slice(0, 100))}, which is no file here`);
  if (!source.has("testlib.h"))
    throw refuse("testlib.h", `is missing; ${file} needs it: put it beside ${init}`, "package_invalid");
  const beside = new Map([["testlib.h", sourceFile(source, "testlib.h")]]);
  return await testlibValidator({ checker: sourceFile(source, file), interactor: null }, beside, true);
};
