import { AssayError } from "@assay/contracts";
import type { ErrorIssue } from "@assay/contracts";
import { readAssayYaml } from "./assay-yaml.ts";
import { readAttachments } from "./attachments.ts";
import { parseValidatorFlags } from "../validators/flags.ts";
import type { ConfigMap } from "./config.ts";
import { warnOfUnknownConstants, withConstants } from "./constants.ts";
import { readDomjudgeIni } from "./domjudge-ini.ts";
import type { DomjudgeIni } from "./domjudge-ini.ts";
import { Findings, formatIssue } from "./findings.ts";
import { isHiddenPath, isIgnoredPath } from "./files.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { readIncludes } from "./includes.ts";
import { languageIdOf } from "./languages.ts";
import { readLegacyYaml } from "./legacy.ts";
import type { ProblemYaml } from "./legacy.ts";
import { formatDefaults } from "./limits.ts";
import { readModernYaml } from "./modern.ts";
import { comparePaths, isValidName } from "./names.ts";
import { readStatements } from "./statements.ts";
import { withContents } from "./program.ts";
import { readSubmissions } from "./submissions.ts";
import { readTestData } from "./test-data.ts";
import { readStatedTime } from "./time-limit.ts";
import { warnOfUnknownParts } from "./top-level.ts";
import type { FormatVersion, PackageProgram, ProblemPackage, ProblemType } from "./types.ts";
import {
  readInputValidators,
  readLegacyOutputValidators,
  readModernOutputValidator,
  readOnlyProgram,
} from "./validators.ts";
import { readConfig, readText } from "./yaml-file.ts";

export interface ParseOptions {
  readonly shortName?: string | null;
  /** Whether a time limit that the package does not state is about to be measured anyway. */
  readonly measures?: boolean;
}

/** What reading a package gave: the package unless something in it is wrong, and all that was found. */
export interface InspectedPackage {
  readonly problem: ProblemPackage | null;
  readonly errors: readonly ErrorIssue[];
  readonly warnings: readonly ErrorIssue[];
}

/**
 * Reads a problem package: everything that can be known without running anything. Test data is
 * listed, not read, so that this stays cheap for packages of any size.
 *
 * Throws AssayError `package_invalid` (the package breaks its format) or `package_unsupported` (it
 * needs a feature that this version can't judge), with file and line for each issue.
 */
export const parsePackage = async (
  files: PackageFiles,
  options: ParseOptions = {},
): Promise<ProblemPackage> => {
  const findings = new Findings();
  const problem = await readPackage(files, options, findings);
  findings.throwIfAny();
  return problem;
};

/** The same without an error for what is wrong with the package: all that was found is told. */
export const inspectPackage = async (
  files: PackageFiles,
  options: ParseOptions = {},
): Promise<InspectedPackage> => {
  const findings = new Findings();
  try {
    const problem = await readPackage(files, options, findings);
    const { errors, warnings } = findings;
    return { problem: errors.length === 0 ? problem : null, errors, warnings };
  } catch (error) {
    if (!(error instanceof AssayError) || error.status >= 500) throw error;
    const issues =
      error.issues.length > 0
        ? error.issues
        : [{ where: "problem.yaml", line: null, message: error.message }];
    // What ended the reading may be what was found itself.
    const known = new Set(findings.errors.map(formatIssue));
    const others = issues.filter((issue) => !known.has(formatIssue(issue)));
    return { problem: null, errors: [...findings.errors, ...others], warnings: findings.warnings };
  }
};

const readPackage = async (
  stored: PackageFiles,
  options: ParseOptions,
  findings: Findings,
): Promise<ProblemPackage> => {
  const entries = await withContents(stored, await listEntries(stored, findings));
  const paths = new Set(entries.map((entry) => entry.path));
  if (!paths.has("problem.yaml")) throw withoutYaml(paths);

  const found = findings.errors.length;
  const yaml = await readConfig(stored, "problem.yaml", findings);
  // What it says decides what all else means: of the rest only guesses could be told.
  if (findings.errors.length > found) findings.throwIfAny();
  const version = readVersion(yaml, findings);
  if (version === null) {
    findings.throwIfAny();
    throw new AssayError("package_invalid", "problem.yaml states no known problem_format_version");
  }
  const ini = await readDomjudgeIni(stored, paths, findings);
  const beforeTime = findings.errors.length;
  const time = await readStatedTime(stored, paths, yaml, ini, findings);
  const timeIsBad = findings.errors.length > beforeTime;
  const stated =
    version === "2025-09"
      ? readModernYaml(yaml, time, findings)
      : readLegacyYaml(yaml, version, time, ini, findings);
  // Where answers are submitted nothing runs that a limit could stop.
  if (time === null && !timeIsBad && !stated.type.submitAnswer && options.measures !== true) {
    findings.warn(
      "problem.yaml",
      null,
      `the package states no time limit; ${formatDefaults.timeSeconds} s stands in until one was measured with its submissions (or state one as limits.time_limit or in .timelimit)`,
    );
  }
  const files = withConstants(stored, stated.constants);
  warnOfUnknownParts(entries, version, findings);

  const validators = readOutputValidators(entries, version, stated, ini, findings);
  const customValidator = validators.programs.length > 0;
  const baseFlags = readBaseFlags(yaml, stated, customValidator);
  const staticValidator = readStaticValidator(entries, version, validators.type, findings);
  const read = await readTestData(
    {
      files,
      version,
      type: validators.type,
      baseFlags,
      customValidator,
      staticValidator: staticValidator !== null,
      grader: readGrader(entries, version, findings),
      findings,
    },
    entries,
  );
  const extra = await readAssayYaml(
    { files, paths, type: validators.type, customValidator, findings },
    read.tests,
  );

  const names = Object.keys(stated.names).length === 0 && ini.name !== null ? { en: ini.name } : stated.names;
  const shortName = shortNameOf(options.shortName ?? ini.shortName ?? firstName(names));
  const statements = readStatements(entries, version, names, findings);
  for (const { path, format } of version === "2025-09" ? statements : []) {
    const text = format === "md" ? await readText(stored, path, findings) : null;
    if (text !== null) warnOfUnknownConstants(path, text, stated.constants, findings);
  }
  return {
    formatVersion: version,
    type: validators.type,
    shortName,
    name: firstName(names) ?? shortName,
    names,
    uuid: stated.uuid,
    version: stated.version,
    credits: stated.credits,
    keywords: stated.keywords,
    limits: stated.limits,
    languages: languagesOf(yaml, stated),
    objective: stated.objective,
    presentationErrors: extra.presentationErrors,
    tests: extra.tests,
    data: read.data,
    displays: read.displays,
    examples: read.examples,
    inputValidators: readInputValidators(entries, version, findings),
    outputValidators: validators.programs,
    staticValidator,
    includes: readIncludes(entries, version, findings),
    constants: stated.constants,
    submissions: await readSubmissions({ files, version, type: validators.type, findings }, entries),
    statements,
    attachments: readAttachments(entries, findings),
    warnings: findings.warnings,
  };
};

/** What the format ignores is left out, and told where it looks like a slip: `-1.in` is no test. */
const listEntries = async (files: PackageFiles, findings: Findings): Promise<readonly PackageEntry[]> => {
  const entries: PackageEntry[] = [];
  for (const entry of await files.list()) {
    if (!isIgnoredPath(entry.path)) entries.push(entry);
    else if (!isHiddenPath(entry.path)) {
      findings.warn(entry.path, null, "is ignored: the format ignores names that start with a dash");
    }
  }
  return entries.toSorted((one, other) => comparePaths(one.path, other.path));
};

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
        `problem_format_version "${stated.slice(0, 40)}" (known are legacy, legacy-icpc and 2025-09)`,
      );
      return null;
  }
};

const readOutputValidators = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  stated: ProblemYaml,
  ini: DomjudgeIni,
  findings: Findings,
): { readonly programs: readonly PackageProgram[]; readonly type: ProblemType } => {
  if (version === "2025-09") {
    return { programs: readModernOutputValidator(entries, stated.validation, findings), type: stated.type };
  }
  const { programs, validation } = readLegacyOutputValidators(entries, stated.validation, ini, findings);
  return { programs, type: { ...stated.type, interactive: validation.interactive } };
};

const readBaseFlags = (yaml: ConfigMap, stated: ProblemYaml, custom: boolean): readonly string[] => {
  if (custom) return stated.validatorFlags;
  const flags = parseValidatorFlags(stated.validatorFlags);
  if (typeof flags !== "string") return stated.validatorFlags;
  yaml.invalid("validator_flags", `: ${flags}`);
  return [];
};

const readStaticValidator = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  type: ProblemType,
  findings: Findings,
): PackageProgram | null => {
  const first = entries.find((entry) => entry.path.startsWith("static_validator/"));
  if (first === undefined) return null;
  if (version !== "2025-09") {
    findings.invalid(first.path, null, `${version} has no static validators`);
    return null;
  }
  if (type.submitAnswer) {
    findings.invalid(first.path, null, "can't be in a problem of type submit-answer: there is no source");
  }
  return readOnlyProgram(entries, "static_validator", "a static validator", findings);
};

const readGrader = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): PackageProgram | null => {
  const first = entries.find((entry) => entry.path.startsWith("graders/"));
  if (first === undefined) return null;
  if (version !== "legacy") {
    findings.invalid(first.path, null, `${version} has no graders`);
    return null;
  }
  return readOnlyProgram(entries, "graders", "a grader", findings);
};

const languagesOf = (yaml: ConfigMap, { languages }: ProblemYaml): "all" | readonly string[] => {
  if (languages === "all") return "all";
  const known = [...new Set(languages.flatMap((name) => languageIdOf(name) ?? []))];
  if (known.length === 0 && languages.length > 0) {
    yaml.warn("languages", "names no language that this version knows: nobody can submit");
  }
  return known;
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
