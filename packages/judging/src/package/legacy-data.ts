import { caseOf, casesIn } from "./test-case.ts";
import { dataName } from "./data-tree.ts";
import type { Folder } from "./data-tree.ts";
import { legacyDefaults, readLegacyGroup } from "./legacy-groups.ts";
import type { LegacyInherited, LegacyRules } from "./legacy-groups.ts";
import { compareNames } from "./names.ts";
import type { DataRequest, Gathered } from "./test-data.ts";
import type { TestGroup, TestGroupMember } from "./types.ts";
import { readConfig, readText } from "./yaml-file.ts";

interface Reader {
  readonly request: DataRequest;
  readonly rules: LegacyRules;
  readonly gathered: Gathered;
}

const configName = "testdata.yaml";

/** data/ of a legacy package: groups in groups, each with what it inherits from those around it. */
export const readLegacyData = async (
  request: DataRequest,
  root: Folder,
  gathered: Gathered,
): Promise<TestGroup> => {
  const { version, type, baseFlags, customValidator, grader } = request;
  const rules = { version, scoring: type.scoring, baseFlags, customValidator, grader };
  const reader: Reader = { request, rules, gathered };
  const inherited = await settingsOf(reader, root, legacyDefaults);
  const members: TestGroupMember[] = [];
  for (const name of ["sample", "secret"]) {
    const folder = root.folders.get(name);
    if (folder === undefined) continue;
    const settings = { ...inherited.settings, fullFeedback: name === "sample" };
    const group = await readGroup(reader, folder, { ...inherited, settings });
    members.push({ kind: "group", group });
  }
  return { name: "", rule: inherited.rule, members };
};

const settingsOf = async (
  { request, rules }: Reader,
  folder: Folder,
  inherited: LegacyInherited,
): Promise<LegacyInherited> =>
  folder.files.has(configName)
    ? readLegacyGroup(
        await readConfig(request.files, `${folder.path}/${configName}`, request.findings),
        inherited,
        rules,
      )
    : inherited;

const readGroup = async (reader: Reader, folder: Folder, outer: LegacyInherited): Promise<TestGroup> => {
  const { version, findings } = reader.request;
  const inherited = await settingsOf(reader, folder, outer);
  const { cases, interactions } = casesIn(folder, version, configName, findings);
  const members: TestGroupMember[] = [];
  const steps = [
    ...[...cases].map((name) => ({ name, run: () => readCase(reader, folder, name, inherited, members) })),
    ...[...folder.folders.values()].map((child) => ({
      name: child.path.slice(folder.path.length + 1),
      run: async () => {
        if (version === "legacy-icpc") findings.invalid(child.path, null, "legacy-icpc has no test groups");
        members.push({ kind: "group", group: await readGroup(reader, child, inherited) });
      },
    })),
  ].sort((one, other) => compareNames(one.name, other.name));
  for (const step of steps) await step.run();

  const name = dataName(folder.path);
  if (name.includes("/") && members.length === 0) {
    findings.warn(folder.path, null, "this group holds no test case");
  }
  for (const each of interactions) addInteraction(reader, folder, each);
  return { name, rule: inherited.rule, members };
};

const readCase = async (
  { request, rules, gathered }: Reader,
  folder: Folder,
  name: string,
  inherited: LegacyInherited,
  members: TestGroupMember[],
): Promise<void> => {
  const { files, findings, version, type } = request;
  const text = async (ending: string): Promise<string | null> => {
    const entry = folder.files.get(`${name}.${ending}`);
    return entry === undefined ? null : ((await readText(files, entry.path, findings))?.trim() ?? null);
  };
  const read = caseOf({
    folder,
    name,
    version,
    type,
    group: dataName(folder.path),
    settings: inherited.settings,
    hint: await text("hint"),
    description: await text("desc"),
    rules,
    findings,
  });
  if (read === null) return;
  members.push({ kind: "test", test: gathered.tests.length });
  gathered.tests.push(read.test);
  if (read.test.fullFeedback) gathered.displays.push(read.display);
};

/** A sample that shows how to talk to the validator, without a test behind it. */
const addInteraction = ({ request, gathered }: Reader, folder: Folder, name: string): void => {
  const path = `${folder.path}/${name}.interaction`;
  if (!folder.path.startsWith("data/sample")) {
    request.findings.warn(path, null, "belongs to no test case and is ignored");
    return;
  }
  gathered.displays.push({
    name: dataName(`${folder.path}/${name}`),
    inputPath: null,
    answerPath: null,
    downloadInputPath: null,
    downloadAnswerPath: null,
    interactionPath: path,
    outputPath: null,
    illustrationPath: null,
  });
};
