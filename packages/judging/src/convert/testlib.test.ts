import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test, vi } from "vitest";
import { verified } from "../scaffold/verified.fixture.ts";
import { checkerOfSum, interactorOfSum, smallTestlib, validatorOfTwo } from "./testlib.fixture.ts";
import { withConverted } from "./trees.fixture.ts";
import type { Tree } from "./trees.fixture.ts";

/** Programs are compiled here, on machines that others use as well. */
vi.setConfig({ testTimeout: 300_000 });

const box = await catalogueSandboxOrSkip({ slots: 2 });
afterAll(async () => await box[Symbol.asyncDispose]());

const xml = (interactor: string): string => `<problem short-name="sum">
  <names><name language="english" value="Sum"/></names>
  <judging><testset name="tests"><time-limit>2000</time-limit><memory-limit>268435456</memory-limit>
    <input-path-pattern>tests/%d</input-path-pattern><answer-path-pattern>tests/%d.a</answer-path-pattern>
    <tests><test method="manual" sample="true"/><test method="manual"/></tests></testset></judging>
  <files><resources><file path="files/testlib.h"/></resources></files>
  <assets><checker><source path="files/check.cpp"/></checker>${interactor}
    <validators><validator><source path="files/validator.cpp"/></validator></validators>
    <solutions>
      <solution tag="main"><source path="solutions/right.cpp"/></solution>
      <solution tag="wrong-answer"><source path="solutions/wrong.py"/></solution>
      <solution tag="wrong-answer"><source path="solutions/words.py"/></solution>
    </solutions></assets>
</problem>`;

const files: Tree = {
  "files/testlib.h": smallTestlib,
  "files/check.cpp": checkerOfSum,
  "files/validator.cpp": validatorOfTwo,
  "files/interactor.cpp": interactorOfSum,
  "solutions/right.cpp":
    "#include <iostream>\nint main() { long long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }\n",
  "solutions/wrong.py": "a, b = int(input().split()[0]), 1\nprint(a + 5000)\n",
  "solutions/words.py": "input()\nprint('many')\n",
  "statement-sections/english/legend.tex": "Add two numbers.",
  "tests/1": "1 2\n",
  "tests/1.a": "3\n",
  "tests/2": "30 4\n",
  "tests/2.a": "34\n",
};

const interactorTag = '<interactor><source path="files/interactor.cpp"/></interactor>';

describe.skipIf(box.skip !== null)(
  `testlib programs under the 42/43 protocol ${box.skip ?? "(needs a sandbox)"}`,
  () => {
    test.each([
      ["a checker and a validator", ""],
      ["an interactor before a checker", interactorTag],
    ])("%s: verification finds each promise kept", async (_, interactor) => {
      await withConverted({ "problem.xml": xml(interactor), ...files }, async (made) => {
        const result = await verified(box.get(), made.files);
        expect(result.findings.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(result.accepted).toBe(true);
        expect(result.submissions.map(({ path, verdict }) => [path, verdict])).toEqual([
          ["submissions/accepted/right.cpp", "AC"],
          ["submissions/wrong_answer/words.py", "WA"],
          ["submissions/wrong_answer/wrong.py", "WA"],
        ]);
      });
    });

    test("an input that the validator refuses is found", async () => {
      await withConverted({ "problem.xml": xml(""), ...files, "tests/2": "0 4\n" }, async (made) => {
        const result = await verified(box.get(), made.files);
        expect(result.accepted).toBe(false);
        expect(result.findings).toContainEqual(
          expect.objectContaining({ severity: "error", where: "data/secret/01.in" }),
        );
      });
    });

    test("a checker that gives up is a judge error", async () => {
      const tree = { "problem.xml": xml(""), ...files, "solutions/wrong.py": "input()\nprint(777)\n" };
      await withConverted(tree, async (made) => {
        const result = await verified(box.get(), made.files);
        const found = result.submissions.find(({ path }) => path === "submissions/wrong_answer/wrong.py");
        expect(found).toMatchObject({ verdict: "JE", kept: false });
      });
    });
  },
);
