import { AssayError } from "@assay/contracts";
import { parseValidatorFlags } from "../validators/flags.ts";
import { readConfig } from "./config.ts";
import type { ConfigMap } from "./config.ts";
import { Findings } from "./findings.ts";
import { isIgnoredPath } from "./files.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { readIncludes } from "./includes.ts";
import { languageIdOf } from "./languages.ts";
import { readLegacyYaml } from "./legacy.ts";
import { formatDefaults } from "./limits.ts";
import { readModernYaml } from "./modern.ts";
import { comparePaths, isValidName } from "./names.ts";
import { readStatements } from "./statements.ts";
import { readSubmissions } from "./submissions.ts";
import { readTestData } from "./test-data.ts";
import { readDomjudgeIni, readStatedTime } from "./time-limit.ts";
import type { FormatVersion, ProblemPackage, TestCase, TestGroup } from "./types.ts";

/**
 * Reads a problem package: everything that can be known without running anything. Test data is
 * listed, not read, so that this stays cheap for packages of any size.
 *
 * Throws AssayError `package_invalid` (the package breaks its format) or `package_unsupported` (it
 * needs a feature that this version can't judge), with file and line for each issue.
 */
export const parsePackage = async (
  files: PackageFiles,
  options: { readonly shortName?: string | null } = {},
): Promise<ProblemPackage> => {
  const findings = new Findings();
  const entries = (await files.list())
    .filter((entry) => !isIgnoredPath(entry.path))
    .toSorted((one, other) => comparePaths(one.path, other.path));
  const paths = new Set(entries.map((entry) => entry.path));
  if (!paths.has("problem.yaml")) throw withoutYaml(paths);

  const yaml = await readConfig(files, "problem.yaml", findings);
  const version = readVersion(yaml, findings);
  if (version === null) {
    findings.throwIfAny();
    throw new AssayError("package_invalid", "problem.yaml states no known problem_format_version");
  }
  refuseParts(entries, version, findings);
  const ini = await readDomjudgeIni(files, paths, findings);
  const time = await readStatedTime(files, paths, yaml, ini, findings);
  const problem =
    version === "2025-09" ? readModernYaml(yaml, time, findings) : readLegacyYaml(yaml, time, findings);
  if (time === null) {
    findings.warn(
      "problem.yaml",
      null,
      `the package states no time limit; ${formatDefaults.timeSeconds} s is used (state one as limits.time_limit or in .timelimit)`,
    );
  }
  const flags = parseValidatorFlags(problem.validatorFlags);
  if (typeof flags === "string") yaml.invalid("validator_flags", `: ${flags}`);

  const names =
    Object.keys(problem.names).length === 0 && ini.name !== null ? { en: ini.name } : problem.names;
  const shortName = shortNameOf(options.shortName ?? ini.shortName ?? firstName(names));
  const languages =
    problem.languages === "all" ? "all" : problem.languages.flatMap((name) => languageIdOf(name) ?? []);
  const tests = await readTestData(
    files,
    entries,
    version,
    typeof flags === "string" ? [] : problem.validatorFlags,
    findings,
  );
  const result: ProblemPackage = {
    formatVersion: version,
    shortName,
    name: firstName(names) ?? shortName,
    names,
    uuid: problem.uuid,
    version: null,
    credits: {
      license: problem.license,
      rightsOwner: null,
      authors: [],
      others: {},
      sources: [],
      embargoUntil: null,
    },
    keywords: [],
    type: { scoring: false, interactive: false, multiPass: false, submitAnswer: false },
    objective: "max",
    presentationErrors: false,
    limits: problem.limits,
    languages,
    tests,
    data: groupOf(tests),
    examples: [],
    inputValidators: [],
    outputValidators: [],
    staticValidator: null,
    constants: {},
    attachments: [],
    includes: readIncludes(entries, version, findings),
    submissions: await readSubmissions(files, entries, version, findings),
    statements: readStatements(entries, version, names, findings),
    warnings: findings.warnings,
  };
  findings.throwIfAny();
  return result;
};

/** All tests in one group: what a pass-fail problem comes to. */
const groupOf = (tests: readonly TestCase[]): TestGroup => ({
  name: "",
  rule: {
    generation: "legacy",
    onReject: "break",
    grader: null,
    graderFlags: [],
    acceptScore: 1,
    rejectScore: 0,
    range: [-Infinity, Infinity],
  },
  members: tests.map((_, test) => ({ kind: "test", test })),
});

const readVersion = (yaml: ConfigMap, findings: Findings): FormatVersion | null => {
  const stated = yaml.string("problem_format_version") ?? "legacy";
  switch (stated) {
    case "legacy":
    case "legacy-icpc":
      return stated;
    case "2025-09":
    case "2023-07":
    case "2023-07-draft":
      return "2025-09";
    default:
      findings.unsupported(
        yaml.file,
        yaml.lineOf("problem_format_version"),
        `problem_format_version "${stated.slice(0, 40)}"`,
      );
      return null;
  }
};

/**
 * Directories that mean another way of judging. A legacy package selects its output validators in
 * problem.yaml; in 2025-09 their presence does, and the legacy name there is surely meant too.
 */
const refuseParts = (entries: readonly PackageEntry[], version: FormatVersion, findings: Findings): void => {
  const first = (directory: string): string | null =>
    entries.find((entry) => entry.path.startsWith(`${directory}/`))?.path ?? null;
  const refuse = (directory: string, feature: string): void => {
    const path = first(directory);
    if (path !== null) findings.unsupported(path, null, feature);
  };
  refuse("graders", "a custom grader");
  refuse("static_validator", "a static validator");
  if (version === "2025-09") {
    refuse("output_validator", "a custom output validator");
    refuse("output_validators", "a custom output validator");
    return;
  }
  for (const directory of ["output_validator", "output_validators"]) {
    const path = first(directory);
    if (path !== null) {
      findings.warn(
        path,
        null,
        `${directory}/ is not used: problem.yaml selects the default output validator`,
      );
    }
  }
};

const withoutYaml = (paths: ReadonlySet<string>): AssayError => {
  const elsewhere = [...paths].find((path) => path.endsWith("/problem.yaml"));
  const message =
    elsewhere === undefined
      ? "is missing; it belongs into the root of the package"
      : `is missing; there is one at ${elsewhere}: pack that directory`;
  return new AssayError("package_invalid", `problem.yaml: ${message}`, {
    issues: [{ where: "problem.yaml", line: null, message }],
  });
};

const firstName = (names: Readonly<Record<string, string>>): string | null =>
  names["en"] ?? Object.values(names)[0] ?? null;

/** A name that can stand in a URL, made from whatever names the package. */
const shortNameOf = (source: string | null): string => {
  if (source !== null && isValidName(source)) return source;
  const slug = (source ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .slice(0, 100);
  return slug === "" ? "problem" : slug;
};
