import { parseValidatorFlags, defaultValidatorFlags } from "../validators/flags.ts";
import { readConfig } from "./config.ts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { compareNames, isValidName } from "./names.ts";
import type { FormatVersion, PlacedFile, TestCase } from "./types.ts";

/** What a test gets from the groups around it. */
interface Inherited {
  readonly validatorFlags: readonly string[];
  readonly args: readonly string[];
}

/** What one run can carry into a box, with room for the submission. */
const maxInputBytes = 96 * 1024 * 1024;

interface Folder {
  /** Path in the package, for example "data/secret". */
  readonly path: string;
  readonly files: Map<string, PackageEntry>;
  readonly folders: Map<string, Folder>;
}

/**
 * The test cases below data/sample and data/secret, each `<name>.in` with its `<name>.ans`, in
 * lexicographic order, sample first.
 *
 * @param baseFlags flags of the default output validator that problem.yaml states
 */
export const readTestData = async (
  files: PackageFiles,
  entries: readonly PackageEntry[],
  version: FormatVersion,
  baseFlags: readonly string[],
  findings: Findings,
): Promise<readonly TestCase[]> => {
  const root = folderOf("data");
  for (const entry of entries) {
    if (entry.path.startsWith("data/sample/") || entry.path.startsWith("data/secret/")) {
      place(root, entry.path.split("/").slice(1), entry, findings);
    }
  }
  const tests: TestCase[] = [];
  const reader = { files, version, baseFlags, findings, tests };
  let inherited: Inherited = { validatorFlags: [], args: [] };
  const rootConfig = `data/${configName(version)}`;
  if (entries.some((entry) => entry.path === rootConfig)) {
    if (version === "2025-09")
      findings.invalid(rootConfig, null, "belongs into data/sample, data/secret or a group");
    else inherited = await readGroup(reader, rootConfig, inherited);
  }
  for (const name of ["sample", "secret"]) {
    const folder = root.folders.get(name);
    if (folder !== undefined) await readFolder(reader, folder, inherited, 0);
  }
  if (!tests.some((test) => !test.sample)) {
    findings.invalid(
      "data/secret",
      null,
      "holds no test case; a package needs at least one .in with its .ans",
    );
  }
  return tests;
};

interface Reader {
  readonly files: PackageFiles;
  readonly version: FormatVersion;
  /** Of problem.yaml: they come before the flags of any group. */
  readonly baseFlags: readonly string[];
  readonly findings: Findings;
  readonly tests: TestCase[];
}

const folderOf = (path: string): Folder => ({ path, files: new Map(), folders: new Map() });

const place = (folder: Folder, names: readonly string[], entry: PackageEntry, findings: Findings): void => {
  const [name, ...rest] = names;
  if (name === undefined) return;
  if (!isValidName(name)) {
    findings.invalid(entry.path, null, `"${name}" is no valid name; use letters, digits, "_", "." and "-"`);
    return;
  }
  if (rest.length === 0) {
    folder.files.set(name, entry);
    return;
  }
  const next = folder.folders.get(name) ?? folderOf(`${folder.path}/${name}`);
  folder.folders.set(name, next);
  place(next, rest, entry, findings);
};

const configName = (version: FormatVersion): string =>
  version === "2025-09" ? "test_group.yaml" : "testdata.yaml";

const readFolder = async (
  reader: Reader,
  folder: Folder,
  inherited: Inherited,
  depth: number,
): Promise<void> => {
  const { version, findings } = reader;
  const config = configName(version);
  if (version === "2025-09" && depth > 1 && folder.files.has(config)) {
    findings.invalid(
      `${folder.path}/${config}`,
      null,
      "belongs into data/secret or a directory right below it",
    );
  }
  const group = folder.files.has(config)
    ? await readGroup(reader, `${folder.path}/${config}`, inherited)
    : inherited;

  const cases = new Set<string>();
  for (const name of folder.files.keys()) {
    const base = /^(.+)\.(?:in|ans)$/u.exec(name)?.[1];
    if (base !== undefined) cases.add(base);
  }
  checkOrphans(reader, folder, cases);
  const groups = [...folder.folders.values()].filter((child) => !isCaseFolder(child, version));
  const [firstGroup] = groups;
  if (firstGroup !== undefined) checkNesting(reader, firstGroup, depth, cases.size > 0);

  const steps = [
    ...[...cases].map((name) => ({ name, run: () => readCase(reader, folder, name, group) })),
    ...groups.map((child) => ({
      name: child.path.slice(folder.path.length + 1),
      run: () => readFolder(reader, child, group, depth + 1),
    })),
  ].sort((one, other) => compareNames(one.name, other.name));
  for (const step of steps) await step.run();
  if (groups.length === 0 && cases.size === 0 && depth > 0) {
    findings.warn(folder.path, null, "this group holds no test case");
  }
};

const isCaseFolder = (folder: Folder, version: FormatVersion): boolean =>
  version === "2025-09" && folder.path.endsWith(".files");

const checkNesting = ({ version, findings }: Reader, group: Folder, depth: number, mixed: boolean): void => {
  if (version === "legacy-icpc") findings.invalid(group.path, null, "legacy-icpc has no test groups");
  if (version !== "2025-09") return;
  if (group.path.startsWith("data/sample/"))
    findings.invalid(group.path, null, "data/sample can't hold groups");
  else if (depth === 0 && mixed) {
    findings.invalid(group.path, null, "data/secret holds either test cases or groups, not both");
  }
};

/** In 2025-09 what belongs to a test case may not be there without it. */
const checkOrphans = ({ version, findings }: Reader, folder: Folder, cases: ReadonlySet<string>): void => {
  if (version !== "2025-09") return;
  for (const name of [...folder.files.keys(), ...folder.folders.keys()]) {
    const base = /^(.+)\.(?:yaml|files)$/u.exec(name)?.[1];
    if (base === undefined || name === configName(version) || cases.has(base)) continue;
    findings.invalid(`${folder.path}/${base}.in`, null, `is missing beside ${name}`);
  }
};

const readCase = async (
  { files, version, baseFlags, findings, tests }: Reader,
  folder: Folder,
  name: string,
  inherited: Inherited,
): Promise<void> => {
  const input = folder.files.get(`${name}.in`);
  const answer = folder.files.get(`${name}.ans`);
  if (input === undefined || answer === undefined) {
    const [has, lacks] = input === undefined ? ["ans", "in"] : ["in", "ans"];
    findings.invalid(`${folder.path}/${name}.${lacks}`, null, `is missing beside ${name}.${has}`);
    return;
  }
  let own = inherited;
  const placed: (PlacedFile & { readonly size: number })[] = [];
  if (version === "2025-09") {
    if (folder.files.has(`${name}.yaml`)) {
      const path = `${folder.path}/${name}.yaml`;
      const config = await readConfig(files, path, findings);
      config.rejectUnknown(modernCaseKeys, "invalid");
      own = readModernArgs(config, inherited, findings);
    }
    const folderOfFiles = folder.folders.get(`${name}.files`);
    if (folderOfFiles !== undefined) collectFiles(folderOfFiles, folderOfFiles.path.length + 1, placed);
  }
  const carried = placed.reduce((sum, file) => sum + file.size, input.size);
  if (carried > maxInputBytes || answer.size > maxInputBytes)
    findings.unsupported(input.path, null, `test data of more than ${maxInputBytes >> 20} MiB`);
  const group = folder.path.slice("data/".length);
  const flags = parseValidatorFlags([...baseFlags, ...own.validatorFlags]);
  tests.push({
    name: `${group}/${name}`,
    group,
    sample: group === "sample" || group.startsWith("sample/"),
    inputPath: input.path,
    answerPath: answer.path,
    args: own.args,
    files: placed.map(({ packagePath, path }) => ({ packagePath, path })),
    // Wrong flags are reported where they stand, once; not at each test.
    comparator: { kind: "default", flags: typeof flags === "string" ? defaultValidatorFlags : flags },
    validatorArgs: own.validatorFlags,
    inputValidatorArgs: [],
    points: null,
    fullFeedback: group === "sample",
    hint: null,
    description: null,
  });
};

const collectFiles = (
  folder: Folder,
  prefix: number,
  placed: (PlacedFile & { readonly size: number })[],
): void => {
  for (const entry of folder.files.values()) {
    placed.push({ packagePath: entry.path, path: entry.path.slice(prefix), size: entry.size });
  }
  for (const child of folder.folders.values()) collectFiles(child, prefix, placed);
};

const readGroup = async (
  { files, version, baseFlags, findings }: Reader,
  path: string,
  inherited: Inherited,
): Promise<Inherited> => {
  const config = await readConfig(files, path, findings);
  return version === "2025-09"
    ? readModernGroup(config, inherited, findings)
    : readLegacyGroup(config, inherited, baseFlags, findings);
};

const modernSharedKeys = [
  "args",
  "input_validator_args",
  "output_validator_args",
  "input_visualizer_args",
  "output_visualizer_args",
  "full_feedback",
];
const modernCaseKeys = [...modernSharedKeys, "hint", "description"];
const modernScoringKeys = ["max_score", "score_aggregation", "static_validation_score", "require_pass"];

const readModernGroup = (config: ConfigMap, inherited: Inherited, findings: Findings): Inherited => {
  config.rejectUnknown([...modernSharedKeys, ...modernScoringKeys, "static_validator_args"], "invalid");
  for (const key of modernScoringKeys) {
    if (config.has(key))
      findings.unsupported(config.file, config.lineOf(key), `a scored test group (${key})`);
  }
  return readModernArgs(config, inherited, findings);
};

/** In 2025-09 the nearest list of arguments holds, as a whole. */
const readModernArgs = (config: ConfigMap, inherited: Inherited, findings: Findings): Inherited => {
  const validatorFlags = config.strings("output_validator_args", { words: false });
  if (validatorFlags !== null) checkFlags(config, "output_validator_args", validatorFlags, findings);
  const args = config.strings("args", { words: false });
  if (args !== null) checkArguments(config, args);
  return {
    validatorFlags: validatorFlags ?? inherited.validatorFlags,
    args: args ?? inherited.args,
  };
};

const maxArguments = 256;
const maxArgumentBytes = 4096;

/** What no program can be given would end every submission before it starts. */
const checkArguments = (config: ConfigMap, args: readonly string[]): void => {
  if (args.length > maxArguments) config.invalid("args", `holds more than ${maxArguments} arguments`);
  if (args.some((arg) => arg.includes("\0") || !arg.isWellFormed()))
    config.invalid("args", "holds what is no text, such as a NUL");
  if (args.some((arg) => Buffer.byteLength(arg) > maxArgumentBytes))
    config.invalid("args", `holds an argument of more than ${maxArgumentBytes} bytes`);
};

const legacyKeys = [
  "on_reject",
  "grading",
  "grader_flags",
  "input_validator_flags",
  "output_validator_flags",
  "accept_score",
  "reject_score",
  "range",
];
/** Values with which these keys mean nothing beyond pass-fail. */
const legacyScoreDefaults: Readonly<Record<string, string>> = {
  accept_score: "1",
  reject_score: "0",
  range: "-inf +inf",
  grader_flags: "",
};

const readLegacyGroup = (
  config: ConfigMap,
  inherited: Inherited,
  baseFlags: readonly string[],
  findings: Findings,
): Inherited => {
  config.rejectUnknown(legacyKeys, "warning");
  const grading = config.string("grading") ?? "default";
  if (grading === "custom") {
    findings.unsupported(config.file, config.lineOf("grading"), "a custom grader");
  } else if (grading !== "default") config.invalid("grading", "must be default or custom");
  for (const [key, meaningless] of Object.entries(legacyScoreDefaults)) {
    if (config.has(key) && config.string(key)?.trim() !== meaningless) {
      findings.unsupported(config.file, config.lineOf(key), `a scored test group (${key})`);
    }
  }
  const onReject = config.string("on_reject") ?? "break";
  if (onReject === "continue") {
    findings.warn(
      config.file,
      config.lineOf("on_reject"),
      "on_reject: continue changes nothing here: the verdict is that of the first test that fails",
    );
  } else if (onReject !== "break") config.invalid("on_reject", "must be break or continue");

  const flags = config.strings("output_validator_flags", { words: true });
  if (flags === null) return inherited;
  // The nearest testdata.yaml replaces what outer ones say, never what problem.yaml says.
  checkFlags(config, "output_validator_flags", [...baseFlags, ...flags], findings);
  return { ...inherited, validatorFlags: flags };
};

const checkFlags = (config: ConfigMap, key: string, words: readonly string[], findings: Findings): void => {
  const flags = parseValidatorFlags(words);
  if (typeof flags === "string") findings.invalid(config.file, config.lineOf(key), `${key}: ${flags}`);
};
