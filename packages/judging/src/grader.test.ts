import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { runGrader } from "./grader.ts";
import type { GraderAnswer } from "./grader.ts";
import { contextOf } from "./judge-test.fixture.ts";
import { prepareTool } from "./programs/tool.ts";
import { shell } from "./shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const lines = [
  { verdict: "AC", score: 30 },
  { verdict: "WA", score: 0.5 },
] as const;

const grade = async (source: string): Promise<GraderAnswer> => {
  const { sandbox, image } = box.get();
  const tools = { language: shell, image };
  const path = "graders/grade.sh";
  const { signal } = new AbortController();
  await using context = await contextOf({ sandbox, tools }, { tree: { [path]: source } }, []);
  await using grader = await prepareTool(
    {
      ...context,
      limits: context.package.limits,
      toolbox: { toolsFor: () => tools },
      compiled: null,
      signal,
    },
    { path, files: [{ packagePath: path, path: "main.sh" }], kind: { how: "language", language: "sh" } },
  );
  return await runGrader({ ...context, signal }, grader, ["min", "a b"], lines);
};

describe.skipIf(box.skip !== null)(`a grader of a package ${box.skip ?? ""}`, () => {
  test("reads a line per result and writes one", async () => {
    const source = `
      read a; read b; read c && exit 1
      [ "$a|$b|$1|$2|$#" = "AC 30|WA 0.5|min|a b|2" ] || exit 2
      echo AC 30.5`;
    expect(await grade(source)).toEqual({ ok: true, verdict: "AC", score: 30.5 });
  });

  test.each<[string, object]>([
    ["echo 'WA -1e1'", { ok: true, verdict: "WA", score: -10 }],
    ["echo AC", { ok: true, verdict: "AC", score: null }],
  ])("%s", async (source, expected) => {
    expect(await grade(source)).toEqual(expected);
  });

  test.each<[string, RegExp]>([
    ["echo AC 1; exit 1", /graders\/grade.sh is broken: exit code 1/],
    ["echo AC 1; exit 42", /is broken: exit code 42/],
    ["echo why >&2; exit 3", /exit code 3; last line of stderr: "why"/],
    ["while :; do :; done", /CPU limit/],
    ["while :; do echo AC 1; done", /output limit/],
    ["true", /wrote "" instead of one verdict and one score/],
    ["echo AC 1; echo AC 2", /wrote "AC 1\\u\{a\}AC 2" instead/],
    ["echo OK 1", /wrote "OK 1" instead/],
    ["echo AC inf", /wrote "AC inf" instead/],
    ["echo AC 1e999", /wrote "AC 1e999" instead/],
    ["echo ac 1", /wrote "ac 1" instead/],
    // Neither is a grader's to say: the platform's fault, and that nothing was run.
    ["echo IE 1", /wrote "IE 1" instead/],
    ["echo SK 1", /wrote "SK 1" instead/],
  ])("is broken when it does: %s", async (source, text) => {
    const answer = await grade(source);
    expect(answer).toMatchObject({ ok: false, text: expect.stringMatching(text) });
  });
});
