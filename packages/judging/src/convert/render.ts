import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { PackageFiles } from "../package/files.ts";
import { isValidName } from "../package/names.ts";
import type { Comparator } from "../validators/comparator.ts";
import type { Draft, DraftFile, DraftGroup, DraftSubmission, DraftTest, Notes } from "./draft.ts";
import { refuse } from "./source.ts";

/** A package that is not on a disk yet. Also what parsePackage reads. */
export interface ConvertedFiles extends PackageFiles {
  readonly files: ReadonlyMap<string, DraftFile>;
}

/** The draft as a package of format 2025-09. */
export const renderDraft = (original: Draft, notes: Notes): ConvertedFiles => {
  const draft = { ...original, names: namesForStatements(original, notes) };
  const files = new Map<string, DraftFile>();
  const put = (path: string, file: DraftFile): void => {
    const bad = path.split("/").find((name) => !isValidName(name));
    if (bad !== undefined)
      throw refuse(path.slice(0, 200), `can't be named so in a package: ${JSON.stringify(bad.slice(0, 60))}`);
    if (files.has(path)) throw refuse(path, "two files would get this name", "package_invalid");
    files.set(path, file);
  };
  const putAll = (prefix: string, some: ReadonlyMap<string, DraftFile> | undefined | null): void => {
    for (const [path, file] of some ?? []) put(`${prefix}/${path}`, file);
  };
  const putYaml = (path: string, value: Readonly<Record<string, unknown>>): void => {
    if (Object.keys(value).length > 0) put(path, { content: stringify(value) });
  };

  const settings = new AssaySettings(draft.comparator ?? null);
  const putTests = (group: string, tests: readonly DraftTest[]): void => {
    const width = String(tests.length).length;
    for (const [index, test] of tests.entries()) {
      const number = String(index + 1).padStart(Math.max(2, width), "0");
      const label = slug(test.title ?? "");
      const name = sameNumber(label, index + 1) ? number : `${number}-${label}`;
      put(`data/${group}/${name}.in`, test.input);
      put(`data/${group}/${name}.ans`, test.answer);
      settings.test(`${group}/${name}`, test);
    }
  };

  putTests("sample", draft.samples);
  const { secret } = draft;
  if (secret.kind === "groups") {
    const names = secret.groups.map((group, index) => groupName(group, index, secret.groups.length));
    for (const [index, group] of secret.groups.entries()) {
      const name = `secret/${names[index] ?? ""}`;
      putTests(name, group.tests);
      putYaml(`data/${name}/test_group.yaml`, groupYaml(group, names));
    }
    const maxScore = secret.groups.reduce((sum, group) => sum + group.maxScore, 0);
    putYaml("data/secret/test_group.yaml", {
      max_score: maxScore,
      score_aggregation: "sum",
      ...argsOf(draft),
    });
  } else {
    putTests("secret", secret.tests);
    putYaml("data/secret/test_group.yaml", {
      ...(secret.kind === "points" ? { max_score: secret.maxScore, score_aggregation: "sum" } : {}),
      ...argsOf(draft),
    });
  }
  putYaml("data/sample/test_group.yaml", draft.samples.length > 0 ? argsOf(draft) : {});
  if (draft.outputValidator !== null && draft.outputValidator !== undefined)
    putAll("output_validator/validator", draft.outputValidator);
  for (const { name, files: own } of draft.inputValidators ?? []) putAll(`input_validators/${name}`, own);
  for (const submission of draft.submissions ?? []) {
    const [only, ...others] = submission.files;
    if (only !== undefined && others.length === 0)
      put(`submissions/${submission.directory}/${only[0]}`, only[1]);
    else putAll(`submissions/${submission.directory}/${submission.name}`, submission.files);
  }
  putYaml("submissions/submissions.yaml", submissionsYaml(draft.submissions ?? []));
  putAll("statement", draft.statements);
  putAll("attachments", draft.attachments);
  putAll("include", draft.includes);
  putYaml("assay.yaml", settings.yaml());
  putYaml("problem.yaml", problemYaml(draft, files));
  return convertedFiles(files);
};

/** The format wants a name in each language of a statement, and in no other. */
const namesForStatements = ({ names, statements }: Draft, notes: Notes): Readonly<Record<string, string>> => {
  const languages = new Set(
    [...(statements?.keys() ?? [])].flatMap(
      (path) => /^problem\.(?<code>[^.]+)\./u.exec(path)?.groups?.["code"] ?? [],
    ),
  );
  const first = names["en"] ?? Object.values(names)[0] ?? "problem";
  if (languages.size === 0) return { en: first };
  for (const code of Object.keys(names))
    if (!languages.has(code))
      notes.add("problem.yaml", `the name in language ${code} was left out: there is no statement in it`);
  return Object.fromEntries([...languages].map((code) => [code, names[code] ?? first]));
};

export const convertedFiles = (files: ReadonlyMap<string, DraftFile>): ConvertedFiles => ({
  files,
  list: () =>
    Promise.resolve(
      [...files].map(([path, file]) => ({
        path,
        size: "content" in file ? Buffer.byteLength(file.content) : file.source.size(file.path),
      })),
    ),
  read: async (path) => {
    const file = files.get(path);
    if (file === undefined) throw refuse(path, "there is no such file in the package", "package_invalid");
    return "content" in file ? Buffer.from(file.content) : await file.source.read(file.path);
  },
});

/** What of a name can stand in a file name. */
const slug = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[^a-zA-Z0-9_.-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/gu, "")
    .slice(0, 60);

/** A label that says no more than the number before it would. */
const sameNumber = (label: string, number: number): boolean =>
  label === "" || (/^\d+$/u.test(label) && Number(label) === number);

const groupName = (group: DraftGroup, index: number, count: number): string => {
  const number = String(index + 1).padStart(String(count).length, "0");
  const label = slug(group.title);
  return sameNumber(label, index + 1) ? number : `${number}-${label}`;
};

const groupYaml = (group: DraftGroup, names: readonly string[]): Readonly<Record<string, unknown>> => ({
  max_score: group.maxScore,
  score_aggregation: group.aggregation,
  ...(group.requires.length === 0
    ? {}
    : { require_pass: group.requires.map((one) => (one === "sample" ? one : `secret/${names[one] ?? ""}`)) }),
  ...(group.inputValidatorArgs === undefined || group.inputValidatorArgs.length === 0
    ? {}
    : { input_validator_args: [...group.inputValidatorArgs] }),
});

const argsOf = ({ outputValidatorArgs = [] }: Draft): Readonly<Record<string, unknown>> =>
  outputValidatorArgs.length === 0 ? {} : { output_validator_args: [...outputValidatorArgs] };

const MiB = 1024 * 1024;

const problemYaml = (
  draft: Draft,
  files: ReadonlyMap<string, DraftFile>,
): Readonly<Record<string, unknown>> => {
  const types = [
    draft.secret.kind === "pass-fail" ? "pass-fail" : "scoring",
    ...(draft.interactive === true ? ["interactive"] : []),
    ...(draft.submitAnswer === true ? ["submit-answer"] : []),
  ];
  const codes = Object.keys(draft.names);
  const limits = {
    ...(draft.timeMs === null ? {} : { time_limit: draft.timeMs / 1000 }),
    ...(draft.memoryBytes === null ? {} : { memory: Math.max(1, Math.ceil(draft.memoryBytes / MiB)) }),
    ...(draft.outputBytes === null || draft.outputBytes === undefined
      ? {}
      : { output: Math.max(1, Math.ceil(draft.outputBytes / MiB)) }),
  };
  return {
    problem_format_version: "2025-09",
    name: codes.length === 1 && codes[0] === "en" ? draft.names["en"] : { ...draft.names },
    uuid: uuidOf(draft, files),
    type: types.length === 1 ? types[0] : types,
    ...(draft.authors === undefined || draft.authors.length === 0
      ? {}
      : { credits: { authors: [...draft.authors] } }),
    ...(draft.source === null || draft.source === undefined ? {} : { source: draft.source }),
    license: "unknown",
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
};

/** Converting the same thing again gives the same problem. */
const uuidOf = (draft: Draft, files: ReadonlyMap<string, DraftFile>): string => {
  const hash = createHash("sha256").update(JSON.stringify([draft.shortName, draft.names]));
  for (const [path, file] of files)
    hash.update(
      JSON.stringify([path, "content" in file ? file.content : [file.path, file.source.size(file.path)]]),
    );
  const hex = hash.digest("hex");
  // Version 8 of RFC 9562: bits by a rule of one's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const submissionsYaml = (submissions: readonly DraftSubmission[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    submissions
      .filter(({ permitted, required }) => permitted !== undefined || required !== undefined)
      .map(({ directory, name, files, permitted, required }) => [
        `${directory}/${files.size === 1 ? ([...files.keys()][0] ?? name) : name}`,
        {
          ...(permitted === undefined ? {} : { permitted: [...permitted] }),
          ...(required === undefined ? {} : { required: [...required] }),
        },
      ]),
  );

/** What goes into assay.yaml. */
class AssaySettings {
  readonly #comparator: Comparator | null;
  readonly #tests: Record<string, unknown> = {};

  constructor(comparator: Comparator | null) {
    this.#comparator = comparator;
  }

  test(name: string, { points, comparator }: DraftTest): void {
    const rule = {
      ...(comparator === null || comparator === undefined ? {} : { comparator: comparatorYaml(comparator) }),
      ...(points === null || points === undefined ? {} : { points }),
    };
    if (Object.keys(rule).length > 0) this.#tests[name] = rule;
  }

  yaml(): Readonly<Record<string, unknown>> {
    return {
      ...(this.#comparator === null ? {} : { comparator: comparatorYaml(this.#comparator) }),
      ...(Object.keys(this.#tests).length === 0 ? {} : { tests: this.#tests }),
    };
  }
}

const comparatorYaml = (comparator: Comparator): unknown => {
  if (comparator.kind === "numbers" || comparator.kind === "json") {
    const { kind, absolute, relative } = comparator;
    return { kind, ...(absolute === null ? {} : { absolute }), ...(relative === null ? {} : { relative }) };
  }
  return comparator.kind;
};
