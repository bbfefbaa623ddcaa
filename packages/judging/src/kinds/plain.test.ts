import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeOne } from "../judge-test.fixture.ts";
import type { JudgedTest } from "../judged-test.ts";
import { shell } from "../shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const judge = (submission: string, sample = false): Promise<JudgedTest> => {
  const { sandbox, image } = box.get();
  const place = { sandbox, tools: { language: { ...shell, messages: "python" as const }, image } };
  const limits = { outputBytes: 1 << 20, fileWriting: true };
  return judgeOne(place, { limits, test: { sample } }, submission, { revealAnswers: false });
};

/** Writes a file, and answers right. */
const write = (bytes: number): string => `head -c ${bytes} /dev/zero >out; echo secret-answer`;

describe.skipIf(box.skip !== null)(`a submission that writes files ${box.skip ?? ""}`, () => {
  test("may, as far as they and what it prints stay within the output limit", async () => {
    expect((await judge(write(900_000))).result.verdict).toBe("AC");
    const { result } = await judge(`head -c 900000 /dev/zero >out; head -c 200000 /dev/zero`);
    expect(result).toMatchObject({ verdict: "OLE", fault: "submitter" });
    expect(result.evidence.text).toMatch(
      /^wrote 200000 bytes to stdout and stderr and at least \d{6} to files, more than the output limit of 1 MiB$/,
    );
  });

  test("and what was there before does not count", async () => {
    // The sources and what the compiler made of them stand in the same directory.
    const large = `echo secret-answer; exit; ${"#".repeat(100_000)}`;
    expect((await judge(`${large}\n`)).result.verdict).toBe("AC");
  });
});

test.skipIf(box.skip !== null)("what stderr says of the failure is told like the answer", async () => {
  const crash =
    "echo 'Traceback (most recent call last):' >&2; echo '  File \"main.sh\", line 1' >&2; echo \"KeyError: $(cat)\" >&2; exit 1";
  expect((await judge(crash)).result.diagnostics).toEqual([]);
  expect((await judge(crash, true)).result.diagnostics).toMatchObject([
    { file: "main.sh", line: 1, code: "python.key-error", args: { key: "secret-input" } },
  ]);
  expect((await judge("echo secret-answer", true)).result).toMatchObject({ verdict: "AC", diagnostics: [] });
});

test.skipIf(box.skip !== null)("stderr is told like the answer", async () => {
  const crash = "cat >&2; exit 4";
  expect((await judge(crash)).result.evidence.text).toBe("exit code 4");
  expect((await judge(crash, true)).result.evidence.text).toBe(
    'exit code 4; last line of stderr: "secret-input"',
  );
});
