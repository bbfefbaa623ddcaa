import { fromSettings } from "./case-settings.ts";
import type { CaseSettings, DataRules } from "./case-settings.ts";
import { dataName } from "./data-tree.ts";
import type { Folder } from "./data-tree.ts";
import { modernDefaults, readCaseSettings, rejectUnknownExampleKeys } from "./modern-groups.ts";
import { compareNames } from "./names.ts";
import { caseFiles, isCaseFolder } from "./test-case.ts";
import type { DataRequest } from "./test-data.ts";
import type { ValidationExample } from "./types.ts";
import { readConfig } from "./yaml-file.ts";

type ExampleKind = ValidationExample["kind"];

export const exampleDirectories: readonly ExampleKind[] = ["invalid_input", "invalid_output", "valid_output"];

/** data/invalid_input, invalid_output, valid_output: what proves that validators do their work. */
export const readExamples = async (
  request: DataRequest,
  root: Folder,
): Promise<readonly ValidationExample[]> => {
  const examples: ValidationExample[] = [];
  for (const kind of exampleDirectories) {
    const folder = root.folders.get(kind);
    if (folder === undefined) continue;
    if (kind !== "invalid_input" && request.type.interactive) {
      request.findings.invalid(folder.path, null, "can't be in an interactive problem: it has no outputs");
      continue;
    }
    await readFolder(request, folder, kind, modernDefaults, examples);
  }
  return examples;
};

const readFolder = async (
  request: DataRequest,
  folder: Folder,
  kind: ExampleKind,
  inherited: CaseSettings,
  examples: ValidationExample[],
): Promise<void> => {
  const { files, findings, version, baseFlags, customValidator } = request;
  const rules: DataRules = { baseFlags, customValidator };
  const readSettings = async (name: string, outer: CaseSettings): Promise<CaseSettings> => {
    if (version !== "2025-09" || !folder.files.has(name)) return outer;
    const config = await readConfig(files, `${folder.path}/${name}`, findings);
    rejectUnknownExampleKeys(config);
    return readCaseSettings(config, outer, rules);
  };
  const group = await readSettings("test_group.yaml", inherited);
  const needed = kind === "invalid_input" ? ["in"] : ["in", "ans", "out"];
  const names = new Set<string>();
  for (const name of folder.files.keys()) {
    const base = /^(.+)\.(?:in|ans|out)$/u.exec(name)?.[1];
    if (base !== undefined) names.add(base);
  }
  for (const name of [...names].sort(compareNames)) {
    const lacking = needed.find((ending) => !folder.files.has(`${name}.${ending}`));
    if (lacking !== undefined) {
      findings.invalid(`${folder.path}/${name}.${lacking}`, null, `is missing: ${kind} needs it`);
      continue;
    }
    if (kind === "invalid_input" && folder.files.has(`${name}.ans`)) {
      findings.warn(`${folder.path}/${name}.ans`, null, "is ignored: an invalid input has no answer");
    }
    const path = (ending: string): string => `${folder.path}/${name}.${ending}`;
    const { args, validatorArgs, inputValidatorArgs, namedArgs, comparator } = fromSettings(
      await readSettings(`${name}.yaml`, group),
      rules,
    );
    examples.push({
      name: dataName(`${folder.path}/${name}`),
      kind,
      inputPath: path("in"),
      answerPath: kind === "invalid_input" ? null : path("ans"),
      outputPath: kind === "invalid_input" ? null : path("out"),
      args,
      files: caseFiles(folder, name).map(({ packagePath, path: place }) => ({ packagePath, path: place })),
      validatorArgs,
      inputValidatorArgs,
      namedArgs,
      comparator,
    });
  }
  for (const child of folder.folders.values()) {
    if (!isCaseFolder(child, version)) await readFolder(request, child, kind, group, examples);
  }
};
