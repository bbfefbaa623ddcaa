import { caseOf, casesIn, isCaseFolder } from "./test-case.ts";
import type { CaseSettings } from "./case-settings.ts";
import type { ConfigMap } from "./config.ts";
import { dataName } from "./data-tree.ts";
import type { Folder } from "./data-tree.ts";
import {
  checkScoring,
  defaultModernRule,
  modernDefaults,
  readCaseSettings,
  readCaseTexts,
  readModernRule,
} from "./modern-groups.ts";
import type { GroupPlace, ModernRules, ReadGroup } from "./modern-groups.ts";
import { compareNames } from "./names.ts";
import type { DataRequest, Gathered } from "./test-data.ts";
import type { TestGroup, TestGroupMember } from "./types.ts";
import { readConfig } from "./yaml-file.ts";

interface Reader {
  readonly request: DataRequest;
  readonly rules: ModernRules;
  readonly gathered: Gathered;
}

const configName = "test_group.yaml";

/** data/sample and data/secret of a 2025-09 package; secret holds tests or one level of groups. */
export const readModernData = async (
  request: DataRequest,
  root: Folder,
  gathered: Gathered,
): Promise<TestGroup> => {
  const { type, baseFlags, customValidator, staticValidator, findings } = request;
  const reader: Reader = {
    request,
    rules: { scoring: type.scoring, baseFlags, customValidator, staticValidator },
    gathered,
  };
  const members: TestGroupMember[] = [];
  const sample = root.folders.get("sample");
  const read: ReadGroup[] = [];
  let samples: ReadGroup | null = null;
  if (sample !== undefined) {
    for (const child of sample.folders.values()) {
      if (!isCaseFolder(child, "2025-09")) {
        findings.invalid(child.path, null, "data/sample can't hold groups");
      }
    }
    samples = await readGroup(reader, sample, "sample", { ...modernDefaults, fullFeedback: true });
    read.push(samples);
  }
  const secret = root.folders.get("secret");
  const groups: ReadGroup[] = [];
  if (secret !== undefined) {
    const all = await readSecret(reader, secret, groups);
    read.push(all);
    if (type.scoring) checkScoring(samples, all, groups, findings);
  }
  for (const { group } of read) members.push({ kind: "group", group });
  if (staticValidator && ![...read, ...groups].some(({ rule }) => rule.staticValidationScore !== null)) {
    findings.warn("static_validator", null, "is never run: no test_group.yaml has a static_validation_score");
  }
  return { name: "", rule: defaultModernRule("group", false), members };
};

const readSecret = async (reader: Reader, secret: Folder, groups: ReadGroup[]): Promise<ReadGroup> => {
  const { findings } = reader.request;
  const children = [...secret.folders.values()]
    .filter((child) => !isCaseFolder(child, "2025-09"))
    .sort((one, other) => compareNames(one.path, other.path));
  const [first] = children;
  if (first === undefined) return await readGroup(reader, secret, "secret", modernDefaults);

  const { cases } = casesIn(secret, "2025-09", configName, findings);
  if (cases.size > 0) {
    findings.invalid(first.path, null, "data/secret holds either test cases or groups, not both");
  }
  const { config, rule, settings } = await settingsOf(reader, secret, "secret", modernDefaults);
  const members: TestGroupMember[] = [];
  for (const child of children) {
    const read = await readGroup(reader, child, "group", settings);
    groups.push(read);
    members.push({ kind: "group", group: read.group });
    if (read.group.members.length === 0 && read.rule.staticValidationScore === null) {
      findings.invalid(child.path, null, "this group holds no test case");
    }
  }
  return { group: { name: "secret", rule, members }, rule, config };
};

const settingsOf = async (
  { request, rules }: Reader,
  folder: Folder,
  place: GroupPlace,
  inherited: CaseSettings,
): Promise<Pick<ReadGroup, "config" | "rule"> & { readonly settings: CaseSettings }> => {
  if (!folder.files.has(configName)) {
    return { config: null, rule: defaultModernRule(place, rules.scoring), settings: inherited };
  }
  const config = await readConfig(request.files, `${folder.path}/${configName}`, request.findings);
  return {
    config,
    rule: readModernRule(config, place, rules),
    settings: readCaseSettings(config, inherited, rules),
  };
};

const readGroup = async (
  reader: Reader,
  folder: Folder,
  place: GroupPlace,
  inherited: CaseSettings,
): Promise<ReadGroup> => {
  const { config, rule, settings } = await settingsOf(reader, folder, place, inherited);
  const name = dataName(folder.path);
  const members: TestGroupMember[] = [];
  await readCases(reader, folder, { name, config, settings, members });
  return { group: { name, rule, members }, rule, config };
};

interface GroupInReading {
  readonly name: string;
  readonly config: ConfigMap | null;
  readonly settings: CaseSettings;
  readonly members: TestGroupMember[];
}

/** Tests of a group: those in its directory, and those in directories below, which are no groups. */
const readCases = async (reader: Reader, folder: Folder, group: GroupInReading): Promise<void> => {
  const { findings } = reader.request;
  const { cases } = casesIn(folder, "2025-09", configName, findings);
  const steps = [
    ...[...cases].map((name) => ({ name, run: () => readCase(reader, folder, name, group) })),
    ...[...folder.folders.values()]
      .filter((child) => !isCaseFolder(child, "2025-09"))
      .map((child) => ({
        name: child.path.slice(folder.path.length + 1),
        run: () => {
          if (child.files.has(configName)) {
            findings.invalid(
              `${child.path}/${configName}`,
              null,
              "belongs into data/secret or a directory right below it",
            );
          }
          return readCases(reader, child, group);
        },
      })),
  ].sort((one, other) => compareNames(one.name, other.name));
  for (const step of steps) await step.run();
};

const readCase = async (
  { request, rules, gathered }: Reader,
  folder: Folder,
  name: string,
  group: GroupInReading,
): Promise<void> => {
  const { files, findings, type } = request;
  let { settings } = group;
  let texts: { readonly hint: string | null; readonly description: string | null } = {
    hint: null,
    description: null,
  };
  if (folder.files.has(`${name}.yaml`)) {
    const config = await readConfig(files, `${folder.path}/${name}.yaml`, findings);
    texts = readCaseTexts(config);
    settings = readCaseSettings(config, settings, rules);
  }
  const read = caseOf({
    folder,
    name,
    version: "2025-09",
    type,
    group: group.name,
    settings,
    ...texts,
    rules,
    findings,
  });
  if (read === null) return;
  group.members.push({ kind: "test", test: gathered.tests.length });
  gathered.tests.push(read.test);
  if (read.test.sample || read.test.fullFeedback) gathered.displays.push(read.display);
};
