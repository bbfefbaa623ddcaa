import { AssayError } from "@assay/contracts";
import { expect, test } from "vitest";
import { memoryFiles } from "./memory-files.fixture.ts";
import { inspectPackage, parsePackage } from "./parse.ts";
import { modernWith, yamlWith } from "./trees.fixture.ts";
import type { Tree } from "./trees.fixture.ts";

/** What is wrong, a package that is, and what is said of it. */
export type Row = [string, Tree, RegExp];

/** A package with scores: two groups of 40 and 60 points. */
export const scoring = (changes: Readonly<Record<string, string | null>>): Tree =>
  modernWith({
    ...yamlWith("type: scoring\n"),
    "data/secret/a.in": null,
    "data/secret/a.ans": null,
    "data/secret/1/b.in": "",
    "data/secret/1/b.ans": "",
    "data/secret/2/c.in": "",
    "data/secret/2/c.ans": "",
    "data/secret/1/test_group.yaml": "max_score: 40\n",
    "data/secret/2/test_group.yaml": "max_score: 60\n",
    ...changes,
  });

/** A package with this submissions.yaml. */
export const index = (text: string): Tree => modernWith({ "submissions/submissions.yaml": text });

const firstError = async (tree: Tree): Promise<AssayError> => {
  const error: unknown = await parsePackage(memoryFiles(tree)).then(
    () => new Error("the package was accepted"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AssayError) return error;
  throw error;
};

/** Each of these packages is refused for breaking the format, with that sentence first. */
export const refusesEach = (rows: readonly Row[]): void => {
  test.each(rows)("refuses %s", async (_name, tree, message) => {
    const error = await firstError(tree);
    expect(error.message).toMatch(message);
    expect(error.code).toBe("package_invalid");
    const inspected = await inspectPackage(memoryFiles(tree));
    expect(inspected).toMatchObject({ problem: null, errors: error.issues });
  });
};
