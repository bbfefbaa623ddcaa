import type { SourceFile } from "@assay/contracts";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeOne } from "../judge-test.fixture.ts";
import { memoryFiles } from "../package/memory-files.fixture.ts";
import { parsePackage } from "../package/parse.ts";
import { shell } from "../shell.fixture.ts";
import { answerFor } from "./submit-answer.ts";

const problem = await parsePackage(
  memoryFiles({
    "problem.yaml": "name: Answers\n",
    ".timelimit": "1",
    ...Object.fromEntries(
      ["sample/1", "secret/1", "secret/02-large", "secret/group/3"].flatMap((name) => [
        [`data/${name}.in`, "x\n"],
        [`data/${name}.ans`, "x\n"],
      ]),
    ),
  }),
);

const answered = (name: string, ...paths: string[]): string | null => {
  const test = problem.tests.find((one) => one.name === name);
  if (test === undefined) throw new Error(`no test ${name}`);
  const files = paths.map((path): SourceFile => ({ path, content: "" }));
  return answerFor(files, problem.tests, test)?.path ?? null;
};

describe("the file that answers a test", () => {
  test.each<[string, string[], string | null]>([
    ["secret/1", ["secret/1.out"], "secret/1.out"],
    ["secret/1", ["mine/secret/1.ans"], "mine/secret/1.ans"],
    ["secret/1", ["secret/1.txt", "secret/1.out"], "secret/1.out"],
    ["secret/02-large", ["02-large.out"], "02-large.out"],
    ["secret/02-large", ["answers/02-large.ans"], "answers/02-large.ans"],
    ["secret/02-large", ["x02-large.out", "02-large.out.bak", "02-large"], null],
    ["secret/group/3", ["3.out"], "3.out"],
    ["secret/group/3", ["group/3.out"], "group/3.out"],
    ["secret/1", ["1.out"], null],
    ["sample/1", ["1.out"], null],
    ["secret/1", ["sample/1.out"], null],
  ])("%s among %j is %s", (name, paths, expected) => {
    expect(answered(name, ...paths)).toBe(expected);
  });
});

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const judge = (files: readonly SourceFile[], validators: readonly string[] = []) => {
  const { sandbox, image } = box.get();
  const place = { sandbox, tools: { language: shell, image } };
  return judgeOne(place, { validators, type: { submitAnswer: true } }, "", { files });
};

describe.skipIf(box.skip !== null)(`answers instead of a program ${box.skip ?? ""}`, () => {
  test("are compared", async () => {
    const right = await judge([{ path: "1.out", content: "secret-answer\n" }]);
    expect(right.result).toMatchObject({ verdict: "AC", cpuMs: 0, evidence: { outcome: null } });
    const wrong = await judge([{ path: "1.out", content: "exit 0\n" }]);
    expect(wrong.result).toMatchObject({ verdict: "WA" });
    expect(wrong.result.evidence.text).toMatch(/got "exit", expected "secret-answer"/);
  });

  test("or given to the package's validator", async () => {
    const validator = "cat >$3judgemessage.txt; exit 43";
    const { result } = await judge([{ path: "1.out", content: "mine" }], [validator]);
    expect(result).toMatchObject({ verdict: "WA", judgeMessage: "mine" });
    expect((await judge([{ path: "1.out", content: "" }], ["exit 1"])).result.verdict).toBe("JE");
  });

  test("that are missing are wrong", async () => {
    const { result } = await judge([{ path: "2.out", content: "secret-answer\n" }]);
    expect(result).toMatchObject({ verdict: "WA", fault: "submitter" });
    expect(result.evidence.text).toBe(
      "the submission has no answer to this test: there is no file secret/1.out",
    );
  });
});
