import { dataTree } from "./data-tree.ts";
import type { Folder } from "./data-tree.ts";
import { readExamples } from "./examples.ts";
import { exampleDirectories } from "./examples.ts";
import type { Findings } from "./findings.ts";
import type { PackageEntry, PackageFiles } from "./files.ts";
import { readLegacyData } from "./legacy-data.ts";
import { readModernData } from "./modern-data.ts";
import type {
  FormatVersion,
  PackageProgram,
  ProblemType,
  TestCase,
  TestDisplay,
  TestGroup,
  ValidationExample,
} from "./types.ts";

export interface DataRequest {
  readonly files: PackageFiles;
  readonly version: FormatVersion;
  readonly type: ProblemType;
  /** Flags of problem.yaml. */
  readonly baseFlags: readonly string[];
  readonly customValidator: boolean;
  readonly staticValidator: boolean;
  readonly grader: PackageProgram | null;
  readonly findings: Findings;
}

export interface TestData {
  readonly tests: readonly TestCase[];
  readonly displays: readonly TestDisplay[];
  readonly data: TestGroup;
  readonly examples: readonly ValidationExample[];
}

/** What is gathered on the way through the tree, in the order of the package. */
export interface Gathered {
  readonly tests: TestCase[];
  readonly displays: TestDisplay[];
}

/** data/: its test cases in lexicographic order, sample first, the groups around them, and examples. */
export const readTestData = async (
  request: DataRequest,
  entries: readonly PackageEntry[],
): Promise<TestData> => {
  const { version, findings } = request;
  const root = dataTree(entries, findings);
  for (const [name, folder] of root.folders) {
    if (!["sample", "secret", ...exampleDirectories].includes(name)) {
      findings.warn(folder.path, null, "is ignored; data/ holds sample and secret");
    }
  }
  const configName = version === "2025-09" ? "test_group.yaml" : "testdata.yaml";
  for (const name of root.files.keys()) {
    if (name === "test_group.yaml" && version === "2025-09") {
      findings.invalid(`data/${name}`, null, "belongs into data/sample, data/secret or a group");
    } else if (name !== configName)
      findings.warn(`data/${name}`, null, "belongs to no test case and is ignored");
  }
  const gathered: Gathered = { tests: [], displays: [] };
  const data =
    version === "2025-09"
      ? await readModernData(request, root, gathered)
      : await readLegacyData(request, root, gathered);
  const examples = await readExamples(request, root);
  if (!hasSecret(root, gathered)) {
    findings.invalid(
      "data/secret",
      null,
      "holds no test case; a package needs at least one .in with its .ans",
    );
  }
  return { ...gathered, data, examples };
};

const hasSecret = (root: Folder, { tests }: Gathered): boolean =>
  root.folders.has("secret") && tests.some((test) => !test.sample);
