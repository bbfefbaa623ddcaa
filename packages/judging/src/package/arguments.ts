import { programName } from "./program.ts";
import type { TestCase } from "./types.ts";

/** What an output validator of the package is called with behind the feedback directory. */
export const outputValidatorArgs = (
  test: Pick<TestCase, "validatorArgs" | "namedArgs">,
  programPath: string,
): readonly string[] => {
  const named = test.namedArgs?.output ?? null;
  return named === null ? test.validatorArgs : [...test.validatorArgs, ...argsFor(named, programPath)];
};

/** What an input validator is called with: its own arguments, then those of the test. */
export const inputValidatorArgs = (
  test: Pick<TestCase, "args" | "inputValidatorArgs" | "namedArgs">,
  programPath: string,
): readonly string[] => {
  const named = test.namedArgs?.input ?? null;
  const own = named === null ? test.inputValidatorArgs : argsFor(named, programPath);
  return [...own, ...test.args];
};

/** A validator that the map does not name runs without arguments. */
const argsFor = (named: Readonly<Record<string, readonly string[]>>, path: string): readonly string[] => {
  for (const name of [path.split("/").at(-1) ?? "", programName(path)]) {
    if (Object.hasOwn(named, name)) return named[name] ?? [];
  }
  return [];
};
