import type { Comparator } from "../validators/comparator.ts";
import { parseValidatorFlags } from "../validators/flags.ts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";
import { globPattern } from "./glob.ts";
import type { Glob } from "./glob.ts";
import type { ProblemType, TestCase } from "./types.ts";
import { readConfig } from "./yaml-file.ts";

const assayPath = "assay.yaml";

export interface AssayRequest {
  readonly files: PackageFiles;
  readonly paths: ReadonlySet<string>;
  readonly type: ProblemType;
  /** Whether programs of the package check outputs. */
  readonly customValidator: boolean;
  readonly findings: Findings;
}

export interface AssaySettings {
  readonly presentationErrors: boolean;
  readonly tests: readonly TestCase[];
}

/**
 * assay.yaml: what goes beyond the format, in a file that other tools ignore. Comparators for all
 * tests or some of them, points of single tests, presentation errors.
 */
export const readAssayYaml = async (
  request: AssayRequest,
  tests: readonly TestCase[],
): Promise<AssaySettings> => {
  const { files, paths, customValidator, findings } = request;
  if (!paths.has(assayPath)) return { presentationErrors: false, tests };
  const config = await readConfig(files, assayPath, findings);
  config.rejectUnknown(["comparator", "presentation_errors", "tests"], "invalid");
  if (customValidator) {
    for (const key of ["comparator", "presentation_errors"]) {
      if (config.has(key)) {
        config.invalid(key, "can't be chosen: the package has an output validator of its own");
      }
    }
  }
  const comparator = config.has("comparator") ? readComparator(config) : null;
  const presentationErrors = config.boolean("presentation_errors") ?? false;
  const rules = readTestRules(config, request, tests);
  return {
    presentationErrors,
    tests: tests.map((test) => {
      const fitting = rules.filter(({ pattern }) => pattern.test(test.name));
      return {
        ...test,
        comparator:
          fitting.findLast((rule) => rule.comparator !== null)?.comparator ?? comparator ?? test.comparator,
        points: fitting.findLast((rule) => rule.points !== null)?.points ?? test.points,
      };
    }),
  };
};

interface TestRule {
  readonly pattern: Glob;
  readonly comparator: Comparator | null;
  readonly points: number | null;
}

const readTestRules = (
  config: ConfigMap,
  { type, customValidator }: AssayRequest,
  tests: readonly TestCase[],
): readonly TestRule[] => {
  const map = config.has("tests") ? config.map("tests") : null;
  const rules: TestRule[] = [];
  for (const glob of map?.keys ?? []) {
    const rule = map?.map(glob) ?? null;
    const pattern = globPattern(glob);
    if (map === null || rule === null) continue;
    if (pattern === null) {
      map.invalid(glob, "is no valid pattern; it takes * and {a,b}");
      continue;
    }
    rule.rejectUnknown(["comparator", "points"], "invalid");
    if (!tests.some((test) => pattern.test(test.name))) map.invalid(glob, "fits no test, such as secret/01");
    if (customValidator && rule.has("comparator")) {
      rule.invalid("comparator", "can't be chosen: the package has an output validator of its own");
    }
    if (rule.has("points") && !type.scoring) rule.invalid("points", "is only for problems of type scoring");
    rules.push({
      pattern,
      comparator: rule.has("comparator") ? readComparator(rule) : null,
      points: rule.number("points", { min: 0 }),
    });
  }
  return rules;
};

const kinds = ["default", "exact", "tokens", "numbers", "json", "lines", "pattern"];

/** A word such as `tokens`, or a map: its `kind`, and flags or tolerances. */
const readComparator = (config: ConfigMap): Comparator | null => {
  const map = config.isMap("comparator") ? config.map("comparator") : null;
  const kind = map === null ? config.string("comparator") : map.string("kind");
  const tolerances = kind === "numbers" || kind === "json" ? ["absolute", "relative"] : [];
  map?.rejectUnknown(["kind", ...tolerances, ...(kind === "default" ? ["flags"] : [])], "invalid");
  const absolute = map?.number("absolute", { min: 0 }) ?? null;
  const relative = map?.number("relative", { min: 0 }) ?? null;
  switch (kind) {
    case "exact":
    case "tokens":
    case "lines":
    case "pattern":
      return { kind };
    case "numbers":
    case "json":
      return { kind, absolute, relative };
    case "default": {
      const flags = parseValidatorFlags(map?.strings("flags", { words: true }) ?? []);
      if (typeof flags !== "string") return { kind, flags };
      map?.invalid("flags", `: ${flags}`);
      return null;
    }
    case null:
    default:
      config.invalid("comparator", `must be one of ${kinds.join(", ")}`);
      return null;
  }
};
