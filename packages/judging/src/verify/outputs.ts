import type { ProblemPackage, TestCase } from "../package/types.ts";
import { compareBy } from "../comparators/compare.ts";
import { outputValidatorArgs } from "../package/arguments.ts";
import type { PackageTool } from "../programs/tool.ts";
import { withTools } from "../programs/tool.ts";
import { forEach } from "./context.ts";
import type { Checking } from "./context.ts";
import { runWatched } from "./watched.ts";

const check = "output-validators";

/** An output with the test that it belongs to. */
interface CheckedOutput {
  readonly name: string;
  readonly input: Uint8Array;
  readonly answer: Uint8Array;
  readonly output: Uint8Array;
  readonly test: Pick<TestCase, "args" | "validatorArgs" | "inputValidatorArgs" | "namedArgs" | "comparator">;
}

interface OutputVerdict {
  readonly verdict: "AC" | "WA" | "JE";
  readonly text: string;
}

/**
 * Output validators, the package's own or the default one, must accept the answers as outputs, accept
 * data/valid_output, reject data/invalid_output, and not break on rubbish.
 *
 * Returns false when a validator is broken, so that nothing can be judged with it.
 */
export const checkOutputs = async (checking: Checking, tools: readonly PackageTool[]): Promise<boolean> => {
  const { problem, files, progress, report } = checking;
  // Such validators talk to a program: there is no output to give them.
  if (problem.type.interactive || problem.type.multiPass) return true;
  const examples = problem.examples.filter(({ kind }) => kind !== "invalid_input");
  progress.add(problem.tests.length + examples.length);
  let broken = false;
  const judge = async (one: CheckedOutput, where: string): Promise<OutputVerdict | null> => {
    if (broken) return null;
    const verdict = await judgeOutput(checking, tools, one);
    if (verdict.verdict === "JE") {
      // A validator of the package is broken for all tests, an answer for its own.
      broken = tools.length > 0;
      report.error(check, where, verdict.text);
      return null;
    }
    return verdict;
  };

  await forEach(problem.tests, checking.context.parallel, async (test) => {
    await checkAnswer(checking, tools, test, judge);
    progress.step(check, test.name);
  });
  await forEach(examples, checking.context.parallel, async (example) => {
    const { kind, answerPath, outputPath } = example;
    if (answerPath === null || outputPath === null) return;
    const verdict = await judge(
      {
        name: example.name,
        input: await files.read(example.inputPath),
        answer: await files.read(answerPath),
        output: await files.read(outputPath),
        test: example,
      },
      outputPath,
    );
    progress.step(check, example.name);
    if (verdict === null) return;
    if (kind === "valid_output" && verdict.verdict !== "AC") {
      report.error(check, outputPath, `this valid output is rejected: ${verdict.text}`);
    } else if (kind === "invalid_output" && verdict.verdict === "AC") {
      report.error(check, outputPath, "this invalid output is accepted");
    }
  });
  if (!broken) await checkRubbish(checking, judge);
  return !broken;
};

type Judge = (one: CheckedOutput, where: string) => Promise<OutputVerdict | null>;

const checkAnswer = async (
  { problem, files, report }: Checking,
  tools: readonly PackageTool[],
  test: TestCase,
  judge: Judge,
): Promise<void> => {
  const answer = await files.read(test.answerPath);
  const input = await files.read(test.inputPath);
  const shown = problem.displays.find(({ name }) => name === test.name);
  if (test.sample && shown?.outputPath !== null && shown?.outputPath !== undefined) {
    const output = await files.read(shown.outputPath);
    const verdict = await judge({ name: test.name, input, answer, output, test }, shown.outputPath);
    if (verdict?.verdict === "WA") {
      report.error(check, shown.outputPath, `this sample output is rejected: ${verdict.text}`);
    }
  }
  const verdict = await judge({ name: test.name, input, answer, output: answer, test }, test.answerPath);
  // A pattern need not match itself.
  if (verdict?.verdict !== "WA" || test.comparator.kind === "pattern") return;
  // The answer of a validator's own need not be an output, but what is shown as one must be.
  const isShown = test.sample && shown?.answerPath === test.answerPath && shown.interactionPath === null;
  const severity =
    tools.length === 0 || (isShown && problem.formatVersion === "2025-09") ? "error" : "warning";
  report.oneOfMany("answers", {
    severity,
    check,
    where: test.answerPath,
    message: `this answer is rejected as an output: ${verdict.text}`,
  });
};

const checkRubbish = async ({ problem, files, report }: Checking, judge: Judge): Promise<void> => {
  const test = problem.tests.find(({ sample }) => !sample) ?? problem.tests[0];
  if (test === undefined || test.comparator.kind === "pattern") return;
  const answer = await files.read(test.answerPath);
  const input = await files.read(test.inputPath);
  const rubbish = [
    { what: "an empty output", output: new Uint8Array() },
    { what: "all 256 bytes as an output", output: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
    {
      what: "an answer with a line of rubbish behind it",
      output: Buffer.concat([answer, Buffer.from("\nrubbish -1 \u00fc\n")]),
    },
  ];
  for (const { what, output } of rubbish) {
    const verdict = await judge({ name: test.name, input, answer, output, test }, test.answerPath);
    if (verdict?.verdict === "AC" && Buffer.compare(output, answer) !== 0) {
      report.warning(check, validatorName(problem), `would accept ${what} for ${test.name}`);
    }
  }
};

const validatorName = ({ outputValidators }: ProblemPackage): string =>
  outputValidators[0]?.path ?? "problem.yaml";

const judgeOutput = async (
  checking: Checking,
  tools: readonly PackageTool[],
  one: CheckedOutput,
): Promise<OutputVerdict> => {
  if (tools.length === 0) return await compare(one);
  for (const tool of tools) {
    const judged = await withTools([tool], () =>
      runWatched(checking, tool, { ...one, args: outputValidatorArgs(one.test, tool.path) }),
    );
    if (judged.verdict !== "AC") return judged;
  }
  return { verdict: "AC", text: "accepted" };
};

const compare = async ({ answer, output, test }: CheckedOutput): Promise<OutputVerdict> => {
  const comparison = await compareBy(test.comparator, answer, output);
  if (comparison.accepted) return { verdict: "AC", text: "accepted" };
  return { verdict: comparison.brokenAnswer ? "JE" : "WA", text: comparison.judgeMessage };
};
