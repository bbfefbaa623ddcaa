import { captured, standardStreams } from "@assay/sandbox";
import type { BoxFile } from "@assay/sandbox";
import { checkTestDataInThread } from "../checktestdata/in-thread.ts";
import { describeOutcome } from "../evidence.ts";
import { JudgeError } from "../judge-error.ts";
import { NotHere } from "../not-here.ts";
import { inputValidatorArgs } from "../package/arguments.ts";
import type { InputValidator, NamedArgs, PlacedFile } from "../package/types.ts";
import { toolSpec } from "../programs/tool-box.ts";
import { prepareTool, withTools } from "../programs/tool.ts";
import { acceptCode } from "../validators/judgement.ts";
import type { Checking } from "./context.ts";

/** What an input validator said of an input. */
export interface InputVerdict {
  readonly accepted: boolean;
  /** Whether it ended by itself: one that crashes, loops or floods says nothing. */
  readonly ended: boolean;
  /** Whether it ended with 0, as programs do that know no better. */
  readonly exitedZero: boolean;
  /** Why, in words. */
  readonly text: string;
}

/** An input with what belongs to it. */
export interface CheckedInput {
  readonly name: string;
  readonly input: Uint8Array;
  readonly args: readonly string[];
  readonly files: readonly PlacedFile[];
  readonly inputValidatorArgs: readonly string[];
  readonly namedArgs: NamedArgs | null;
}

/** An input validator that is ready to run, any number of times and at once. */
export interface ReadyInputValidator extends AsyncDisposable {
  readonly path: string;
  check(input: CheckedInput): Promise<InputVerdict>;
}

/** Null after reporting why the validator can't be used. */
export const readyInputValidator = async (
  checking: Checking,
  validator: InputValidator,
): Promise<ReadyInputValidator | null> =>
  validator.kind === "checktestdata"
    ? await readyCheckTestData(checking, validator.path)
    : await readyProgram(checking, validator);

const readyCheckTestData = async ({ files }: Checking, path: string): Promise<ReadyInputValidator> => {
  const program = Buffer.from(await files.read(path)).toString("latin1");
  return {
    path,
    async check({ input }) {
      const result = await checkTestDataInThread(program, input);
      if (result.ok) return { accepted: true, ended: true, exitedZero: false, text: "accepted" };
      const { where, line, column, message } = result;
      const text = `${where === "program" ? "the program is wrong at its" : "at"} line ${line}, column ${column}: ${message}`;
      return { accepted: false, ended: where === "input", exitedZero: false, text };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};

const readyProgram = async (
  checking: Checking,
  { path, program }: InputValidator & { readonly kind: "program" },
): Promise<ReadyInputValidator | null> => {
  const { context, problem, files, report, limits } = checking;
  const { sandbox, signal } = context;
  const tool = await prepareTool({ ...context, packageFiles: files, limits: problem.limits }, program).catch(
    (error: unknown) => {
      if (error instanceof NotHere) report.warning("input-validators", path, `is not run: ${error.message}`);
      else if (error instanceof JudgeError) report.error("input-validators", path, error.message);
      else throw error;
      return null;
    },
  );
  if (tool === null) return null;
  return {
    path,
    async check(one) {
      const placed: BoxFile[] = [];
      for (const { packagePath, path: place } of one.files) {
        placed.push({ path: place, mode: 0o644, content: await files.read(packagePath) });
      }
      const result = await withTools([tool], () =>
        sandbox.run(
          toolSpec({
            tool,
            args: inputValidatorArgs(one, path),
            files: placed,
            fds: standardStreams({
              stdin: one.input,
              outputBytes: limits.outputBytes,
              onOutputLimit: "stop",
            }),
            limits,
            base: null,
            around: null,
            keep: null,
            collect: null,
          }),
          { signal },
        ),
      );
      signal.throwIfAborted();
      const { outcome } = result;
      if (outcome.status === "platform") throw new NotHere(`${path} could not be run: the platform failed`);
      const ended = outcome.status === "exited" && outcome.cpuMs <= limits.cpuMs;
      const stdout = captured(result, 1);
      const said = captured(result, 2);
      return {
        accepted: ended && outcome.exitCode === acceptCode,
        ended,
        exitedZero: ended && outcome.exitCode === 0,
        text: describeOutcome(outcome, limits, said.byteLength > 0 ? said : stdout),
      };
    },
    [Symbol.asyncDispose]: () => tool[Symbol.asyncDispose](),
  };
};
