import type { TestCase, ValidationExample } from "../package/types.ts";
import { acceptCode } from "../validators/judgement.ts";
import { forEach } from "./context.ts";
import type { Checking } from "./context.ts";
import { readyInputValidator } from "./input-run.ts";
import type { CheckedInput, InputVerdict, ReadyInputValidator } from "./input-run.ts";

const check = "input-validators";

/** Every input of the package must be accepted by all input validators, every invalid one refused by one. */
export const checkInputs = async (checking: Checking): Promise<void> => {
  const { problem, files } = checking;
  await using stack = new AsyncDisposableStack();
  const validators: ReadyInputValidator[] = [];
  for (const validator of problem.inputValidators) {
    const ready = await readyInputValidator(checking, validator);
    if (ready !== null) validators.push(stack.use(ready));
  }
  if (validators.length === 0) return;

  const valid = [...problem.tests, ...problem.examples.filter(({ kind }) => kind !== "invalid_input")];
  const invalid = problem.examples.filter(({ kind }) => kind === "invalid_input");
  checking.progress.add(valid.length + invalid.length);
  const broken = new Set<string>();
  await forEach(valid, checking.context.parallel, async (one) => {
    const input = await readInput(checking, one);
    for (const validator of validators) await checkValid(checking, validator, input, broken);
    checking.progress.step(check, one.name);
  });
  await forEach(invalid, checking.context.parallel, async (one) => {
    await checkInvalid(checking, validators, await readInput(checking, one), broken);
    checking.progress.step(check, one.name);
  });
  if (broken.size > 0) return;
  const [first] = problem.tests;
  await checkRubbish(checking, validators, first === undefined ? null : await files.read(first.inputPath));
};

const readInput = async ({ files }: Checking, one: TestCase | ValidationExample): Promise<CheckedInput> => ({
  name: one.name,
  input: await files.read(one.inputPath),
  args: one.args,
  files: one.files,
  inputValidatorArgs: one.inputValidatorArgs,
  namedArgs: one.namedArgs,
});

const checkValid = async (
  { report }: Checking,
  validator: ReadyInputValidator,
  input: CheckedInput,
  broken: Set<string>,
): Promise<void> => {
  const { path } = validator;
  // One that doesn't end, doesn't end on a hundred inputs either.
  if (broken.has(path)) return;
  const verdict = await validator.check(input);
  if (verdict.accepted) return;
  if (!verdict.ended) broken.add(path);
  report.oneOfMany(`${path} refuses`, {
    severity: "error",
    check,
    where: `data/${input.name}.in`,
    message: `${path} ${verdict.ended ? "does not accept this input" : "is broken"}: ${verdict.text}${hint(verdict)}`,
  });
};

const hint = ({ exitedZero }: InputVerdict): string =>
  exitedZero ? `; to accept, a validator must exit with ${acceptCode}` : "";

const checkInvalid = async (
  { report }: Checking,
  validators: readonly ReadyInputValidator[],
  input: CheckedInput,
  broken: Set<string>,
): Promise<void> => {
  const where = `data/${input.name}.in`;
  for (const validator of validators) {
    const { path } = validator;
    if (broken.has(path)) return;
    const verdict = await validator.check(input);
    if (verdict.accepted) continue;
    if (!verdict.ended) {
      report.oneOfMany(`${path} breaks`, {
        severity: "warning",
        check,
        where,
        message: `${path} breaks on this invalid input instead of refusing it: ${verdict.text}`,
      });
    }
    return;
  }
  report.error(check, where, "no input validator refuses this invalid input");
};

/** What is no input of any problem, or hardly any. */
const rubbish = (
  valid: Uint8Array | null,
): readonly { readonly what: string; readonly input: Uint8Array }[] => [
  { what: "an empty file", input: new Uint8Array() },
  { what: "a file of all 256 bytes", input: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
  { what: "a sentence", input: Buffer.from("The quick brown fox jumps over the lazy dog.\n") },
  ...(valid === null
    ? []
    : [
        {
          what: "a valid input with a line of rubbish behind it",
          input: Buffer.concat([valid, Buffer.from("rubbish -1 \u00fc\n")]),
        },
      ]),
];

const checkRubbish = async (
  { report, problem }: Checking,
  validators: readonly ReadyInputValidator[],
  valid: Uint8Array | null,
): Promise<void> => {
  const nothing = { args: [], files: [], inputValidatorArgs: [], namedArgs: null };
  const [test] = problem.tests;
  for (const { what, input } of rubbish(valid)) {
    // An input of the package may well be one of these.
    let accepted = true;
    for (const validator of validators) {
      const verdict = await validator.check({ ...nothing, ...test, name: what, input });
      if (!verdict.accepted) {
        accepted = false;
        break;
      }
    }
    if (accepted) {
      const paths = validators.map(({ path }) => path).join(" and ");
      report.warning(check, "input_validators", `${paths} would accept ${what} as an input`);
    }
  }
};
