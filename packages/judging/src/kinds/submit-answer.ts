import type { SourceFile } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import type { TestCase } from "../package/types.ts";
import type { TestContext } from "./context.ts";
import { judgeOutput } from "./output.ts";
import type { TestData } from "./output.ts";
import { judgedTest } from "./pass-end.ts";

const extensions = [".out", ".ans", ".txt"] as const;

/**
 * The file of a submission that answers a test. The format leaves the names open; here it is the test's
 * name below data/ with .out, .ans or .txt (secret/03-large.out), or its last part alone where no other
 * test ends in the same (03-large.out). Directories in front of all of that don't matter.
 */
export const answerFor = (
  files: readonly SourceFile[],
  tests: readonly TestCase[],
  test: TestCase,
): SourceFile | null => {
  const named = (name: string): SourceFile | undefined =>
    extensions
      .map((extension) =>
        files.find(({ path }) => path === name + extension || path.endsWith(`/${name}${extension}`)),
      )
      .find((file) => file !== undefined);
  const whole = named(test.name);
  if (whole !== undefined) return whole;
  const last = lastPart(test.name);
  const isOnly = tests.every(({ name }) => name === test.name || lastPart(name) !== last);
  return (isOnly ? named(last) : undefined) ?? null;
};

const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** Nothing of the submission is executed: its files are the outputs. */
export const judgeAnswer = async (
  context: TestContext,
  test: TestCase,
  data: TestData,
  signal: AbortSignal,
): Promise<JudgedTest> => {
  const file = answerFor(context.files, context.package.tests, test);
  if (file === null) {
    const text = `the submission has no answer to this test: there is no file ${test.name}.out`;
    const nothing = {
      timeCause: null,
      diagnostics: [],
      submission: null,
      outcome: null,
      limits: null,
      judgement: null,
    };
    return judgedTest(context, test, [{ ...nothing, verdict: "WA", text, artifact: null }]);
  }
  const output = Buffer.from(file.content);
  return judgedTest(context, test, [await judgeOutput(context, test, data, output, null, signal)]);
};
