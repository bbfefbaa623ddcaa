import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { contextOf } from "../judge-test.fixture.ts";
import type { JudgeOptions, ProblemFixture } from "../judge-test.fixture.ts";
import type { JudgedTest } from "../judged-test.ts";
import { formatNameOf } from "../package/languages.ts";
import type { ModernRule, TestGroup } from "../package/types.ts";
import { shell } from "../shell.fixture.ts";
import { judgeStatic } from "./static.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const rule: ModernRule = {
  generation: "2025-09",
  maxScore: null,
  aggregation: "sum",
  requirePass: [],
  staticValidationScore: 5,
  staticValidatorArgs: ["no loops", "x"],
};
const group: TestGroup = { name: "secret/1-short", rule, members: [] };

const judge = async (
  validator: string,
  fixture: ProblemFixture = {},
  options: JudgeOptions = {},
): Promise<JudgedTest> => {
  const { sandbox, image } = box.get();
  const files = [
    { path: "part/lib.sh", content: "lib" },
    { path: "main.sh", content: "cat\n" },
  ];
  await using context = await contextOf(
    { sandbox, tools: { language: shell, image } },
    {
      formatVersion: "2025-09",
      tree: { "static_validator/check.sh": validator },
      staticValidator: {
        path: "static_validator/check.sh",
        files: [{ packagePath: "static_validator/check.sh", path: "main.sh" }],
        kind: { how: "language", language: "sh" },
      },
      ...fixture,
    },
    files,
    options,
  );
  return await judgeStatic(context, group, new AbortController().signal);
};

describe.skipIf(box.skip !== null)(`a static validator ${box.skip ?? ""}`, () => {
  test("stands among the submission's files and is told where it starts", async () => {
    const { result } = await judge(
      `{ echo "$1|$2|$4|$5|$#"; ls . part; cat $2; [ -t 0 ] || read x || echo no input; } >$3judgemessage.txt; exit 43`,
    );
    expect(result).toMatchObject({ name: "secret/1-short/static", verdict: "WA", fault: "submitter" });
    expect(result.judgeMessage).toBe(
      "sh|main.sh|no loops|x|5\n.:\nmain.sh\npart\n\npart:\nlib.sh\ncat\nno input",
    );
  });

  test("hears the format's names of languages", () => {
    const names = ["python3", "cpp", "c", "bash", "c", "python3", "objectivec", "visualbasic", "scheme"];
    const families = ["python", "cpp", "c", "bash", "c11", "pypy", "objective-c", "vb", "scheme"];
    expect(families.map((family) => formatNameOf({ family }))).toEqual(names);
  });

  test.each<[string, string, RegExp]>([
    ["exit 42", "AC", /^accepted$/],
    ["echo 'too long' >$3teammessage.txt; exit 43", "WA", /^rejected by the static validator: too long$/],
    ["exit 0", "JE", /static_validator\/check.sh is broken: exit code 0/],
    ["while :; do :; done", "JE", /CPU limit/],
  ])("says %s", async (validator, verdict, text) => {
    const { result } = await judge(validator);
    expect(result.verdict).toBe(verdict);
    expect(result.evidence.text).toMatch(text);
  });

  test("scores", async () => {
    const scoring = { type: { scoring: true } };
    expect(await judge("echo 2.5 >$3score.txt; exit 42", scoring)).toMatchObject({ score: 2.5 });
    expect(await judge("echo .5 >$3score_multiplier.txt; exit 42", scoring)).toMatchObject({
      multiplier: 0.5,
    });
    expect((await judge("echo 2 >$3score.txt; exit 43", scoring)).result.verdict).toBe("JE");
  });

  test("tells its judge message to nobody but the author", async () => {
    const secret = "echo secret >$3judgemessage.txt; exit 43";
    const { result } = await judge(secret, {}, { revealAnswers: false });
    expect(JSON.stringify(result)).not.toContain("secret\\n");
    expect(result).toMatchObject({
      judgeMessage: null,
      evidence: { text: "rejected by the static validator" },
    });
  });
});
