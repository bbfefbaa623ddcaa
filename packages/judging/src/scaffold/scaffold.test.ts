import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test, vi } from "vitest";
import { parsePackage } from "../package/parse.ts";
import { scaffoldFormats, scaffoldPackage, scaffoldTypes } from "./scaffold.ts";
import { verified } from "./verified.fixture.ts";

/** Programs are compiled here, on machines that others use as well. */
vi.setConfig({ testTimeout: 300_000 });

const box = await catalogueSandboxOrSkip({ slots: 2 });
afterAll(async () => await box[Symbol.asyncDispose]());

const kinds = scaffoldTypes.flatMap((type) => scaffoldFormats.map((format) => ({ type, format })));

describe.each(kinds)("a new package: $type in $format", ({ type, format }) => {
  const files = scaffoldPackage("My Problem", type, format);
  test.skipIf(files === null)("is of that type and has all that a problem needs", async () => {
    if (files === null) throw new Error("there is no such package");
    const parsed = await parsePackage(files);
    expect(parsed).toMatchObject({ name: "My Problem", formatVersion: format, warnings: [] });
    expect(parsed.type).toEqual({
      scoring: type === "scoring",
      interactive: type === "interactive",
      multiPass: type === "multi-pass",
      submitAnswer: type === "submit-answer",
    });
    expect(parsed.statements).toHaveLength(1);
    expect(parsed.inputValidators).toHaveLength(1);
    expect((await files.list()).some(({ path }) => path.startsWith("data/sample/1."))).toBe(true);
    const languages = parsed.submissions.map((submission) => submission.language);
    const expected = type === "submit-answer" ? [] : ["cpp", "python"];
    expect(languages).toEqual(expect.arrayContaining(expected));
  });

  test.skipIf(files === null || box.skip !== null)(
    `passes verification ${box.skip ?? "(needs a sandbox)"}`,
    async () => {
      if (files === null) throw new Error("there is no such package");
      const result = await verified(box.get(), files);
      expect(result.findings).toEqual([]);
      expect(result.accepted).toBe(true);
      expect(result.submissions.every(({ kept }) => kept)).toBe(true);
    },
  );
});

test("the legacy format has no problems of submitted answers", () => {
  expect(scaffoldPackage("x", "submit-answer", "legacy")).toBeNull();
});
