import { createHash } from "node:crypto";
import type { PackageFiles } from "./package/files.ts";
import type { TestCase } from "./package/types.ts";

/**
 * For each test a key that it shares with those that give a program and a validator the same: input,
 * answer, arguments, files, how the output is judged and who may see it. The format allows to judge
 * such tests once. Null where no other test is the same.
 *
 * Contents are compared by digest, and only of tests that are alike in everything else, so that as a
 * rule nothing has to be read for it.
 */
export const equalTests = async (
  files: PackageFiles,
  tests: readonly TestCase[],
): Promise<readonly (string | null)[]> => {
  const sizes = new Map((await files.list()).map(({ path, size }) => [path, size]));
  const alike = countBy(tests.map((test) => outlineOf(test, sizes)));
  const keys: (string | null)[] = [];
  for (const test of tests) {
    const outline = outlineOf(test, sizes);
    keys.push((alike.get(outline) ?? 0) < 2 ? null : await keyOf(files, test, outline));
  }
  const shared = countBy(keys);
  return keys.map((key) => ((shared.get(key) ?? 0) < 2 ? null : key));
};

const countBy = <Key>(keys: readonly Key[]): ReadonlyMap<Key, number> => {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

const contentsOf = ({ inputPath, answerPath, files }: TestCase): readonly string[] => [
  inputPath,
  answerPath,
  ...files.map(({ packagePath }) => packagePath),
];

/** Everything that can tell two tests apart but the contents of their files. */
const outlineOf = (test: TestCase, sizes: ReadonlyMap<string, number>): string => {
  const { name: _name, group: _group, inputPath: _input, answerPath: _answer, ...rest } = test;
  const { points: _points, hint: _hint, description: _description, files, ...others } = rest;
  return JSON.stringify([
    contentsOf(test).map((path) => sizes.get(path) ?? null),
    files.map(({ path }) => path),
    others,
  ]);
};

const keyOf = async (files: PackageFiles, test: TestCase, outline: string): Promise<string> => {
  const digests: string[] = [];
  for (const path of contentsOf(test)) {
    digests.push(
      files.digest?.(path) ??
        createHash("sha256")
          .update(await files.read(path))
          .digest("hex"),
    );
  }
  return `${digests.join(" ")} ${outline}`;
};
