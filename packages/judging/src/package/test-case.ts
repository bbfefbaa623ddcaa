import { fromSettings } from "./case-settings.ts";
import type { CaseSettings, DataRules } from "./case-settings.ts";
import { dataName, filesBelow } from "./data-tree.ts";
import type { Folder } from "./data-tree.ts";
import type { Findings } from "./findings.ts";
import type { FormatVersion, PlacedFile, ProblemType, TestCase, TestDisplay } from "./types.ts";

/** What one run can carry into a box, with room for the submission. */
const maxInputBytes = 96 * 1024 * 1024;

const illustrations = ["png", "jpg", "jpeg", "svg"];
/** What may belong to a test, by generation, beside `.in` and `.ans`. Longer endings first. */
const displayed = ["in.statement", "ans.statement", "in.download", "ans.download", "out", "interaction"];
const endingsOf = (version: FormatVersion): readonly string[] => [
  ...displayed,
  ...illustrations,
  ...(version === "2025-09" ? ["yaml"] : ["hint", "desc"]),
  "in",
  "ans",
];

export interface FolderCases {
  /** Names of tests, without the path. */
  readonly cases: ReadonlySet<string>;
  /** Names of files that are nothing but an interaction (legacy samples). */
  readonly interactions: readonly string[];
}

/** Which files of a directory make which tests; reports those that belong to none. */
export const casesIn = (
  folder: Folder,
  version: FormatVersion,
  configName: string,
  findings: Findings,
): FolderCases => {
  const cases = new Set<string>();
  for (const name of folder.files.keys()) {
    const base = /^(.+)\.(?:in|ans)$/u.exec(name)?.[1];
    if (base !== undefined) cases.add(base);
  }
  if (version === "2025-09" && cases.has("test_group")) {
    findings.invalid(
      `${folder.path}/test_group.in`,
      null,
      "no test can be named test_group: its settings would be those of the group",
    );
  }
  const interactions: string[] = [];
  const endings = endingsOf(version);
  for (const name of folder.files.keys()) {
    if (name === configName) continue;
    const ending = endings.find((each) => name.endsWith(`.${each}`) && name.length > each.length + 1);
    const base = ending === undefined ? null : name.slice(0, -ending.length - 1);
    if (base !== null && cases.has(base)) continue;
    if (version !== "2025-09" && base !== null && ending === "interaction") interactions.push(base);
    else if (version === "2025-09" && base !== null) missing(folder, base, name, findings);
    else if (name === "testdata.yaml" || name === "test_group.yaml") {
      findings.warn(`${folder.path}/${name}`, null, `is ignored; this version has ${configName}`);
    } else findings.warn(`${folder.path}/${name}`, null, "belongs to no test case and is ignored");
  }
  for (const name of folder.folders.keys()) {
    const base = name.endsWith(".files") ? name.slice(0, -".files".length) : null;
    if (version === "2025-09" && base !== null && !cases.has(base)) missing(folder, base, name, findings);
    if (cases.has(name)) {
      findings.invalid(`${folder.path}/${name}`, null, "has the name of a test case beside it");
    }
  }
  return { cases, interactions };
};

const missing = (folder: Folder, base: string, beside: string, findings: Findings): void =>
  findings.invalid(`${folder.path}/${base}.in`, null, `is missing beside ${beside}`);

/** Whether this directory holds the files of one test. */
export const isCaseFolder = (folder: Folder, version: FormatVersion): boolean =>
  version === "2025-09" && folder.path.endsWith(".files");

export interface CaseRequest {
  readonly folder: Folder;
  readonly name: string;
  readonly version: FormatVersion;
  readonly type: ProblemType;
  readonly group: string;
  readonly settings: CaseSettings;
  readonly hint: string | null;
  readonly description: string | null;
  readonly rules: DataRules;
  readonly findings: Findings;
}

/** One test, or null when its input or answer is missing. */
export const caseOf = (request: CaseRequest): { test: TestCase; display: TestDisplay } | null => {
  const { folder, name, group, settings, rules, findings } = request;
  const input = folder.files.get(`${name}.in`);
  const answer = folder.files.get(`${name}.ans`);
  if (input === undefined || answer === undefined) {
    const [has, lacks] = input === undefined ? ["ans", "in"] : ["in", "ans"];
    findings.invalid(`${folder.path}/${name}.${lacks}`, null, `is missing beside ${name}.${has}`);
    return null;
  }
  const files = caseFiles(folder, name);
  const carried = files.reduce((sum, file) => sum + file.size, input.size);
  if (carried > maxInputBytes || answer.size > maxInputBytes) {
    findings.unsupported(input.path, null, `test data of more than ${maxInputBytes >> 20} MiB`);
  }
  const test: TestCase = {
    ...fromSettings(settings, rules),
    name: dataName(`${folder.path}/${name}`),
    group,
    sample: group === "sample" || group.startsWith("sample/"),
    inputPath: input.path,
    answerPath: answer.path,
    files: files.map(({ packagePath, path }) => ({ packagePath, path })),
    points: null,
    hint: request.hint,
    description: request.description,
  };
  return { test, display: displayOf(request) };
};

type SizedFile = PlacedFile & { readonly size: number };

/** The files that a test puts into the working directory. */
export const caseFiles = (folder: Folder, name: string): readonly SizedFile[] => {
  const directory = folder.folders.get(`${name}.files`);
  if (directory === undefined) return [];
  return filesBelow(directory).map(({ path, size }) => ({
    packagePath: path,
    path: path.slice(directory.path.length + 1),
    size,
  }));
};

const displayOf = ({ folder, name, type, findings }: CaseRequest): TestDisplay => {
  const find = (ending: string): string | null => folder.files.get(`${name}.${ending}`)?.path ?? null;
  const both = (one: string, other: string, why: string): void => {
    const path = find(other);
    if (find(one) !== null && path !== null) findings.invalid(path, null, `can't be beside .${one}: ${why}`);
  };
  both("ans.statement", "out", "both would be shown as the output");
  for (const ending of ["in.statement", "ans.statement", "out", "in.download", "ans.download"]) {
    both("interaction", ending, "the interaction is all that is shown");
  }
  for (const kind of ["in", "ans"]) {
    const [statement, download] = [find(`${kind}.statement`), find(`${kind}.download`)];
    if (download !== null && statement === null) {
      findings.invalid(download, null, `needs a ${name}.${kind}.statement beside it`);
    } else if (statement !== null && download === null) {
      findings.warn(statement, null, `has no ${name}.${kind}.download beside it: ${name}.${kind} is offered`);
    }
  }
  const interaction = find("interaction");
  if (interaction !== null && !type.interactive && !type.multiPass) {
    findings.warn(interaction, null, "is ignored: the problem is neither interactive nor multi-pass");
  }
  const pictures = illustrations.map(find).filter((path) => path !== null);
  if (pictures[1] !== undefined) {
    findings.invalid(pictures[1], null, `is a second illustration of this test beside ${pictures[0]}`);
  }
  return {
    name: dataName(`${folder.path}/${name}`),
    inputPath: find("in.statement") ?? find("in"),
    answerPath: find("ans.statement") ?? find("out") ?? find("ans"),
    downloadInputPath: find("in.download") ?? find("in"),
    downloadAnswerPath: find("ans.download") ?? find("out") ?? find("ans"),
    interactionPath: type.interactive || type.multiPass ? interaction : null,
    outputPath: find("out"),
    illustrationPath: pictures[0] ?? null,
  };
};
