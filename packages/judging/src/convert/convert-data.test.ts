import { describe, expect, test } from "vitest";
import { craftZip } from "../archive/crafted.ts";
import { pairs, refusal, withConverted } from "./trees.fixture.ts";
import type { Tree } from "./trees.fixture.ts";

describe("DMOJ", () => {
  const zip = craftZip(
    Object.entries(pairs("a", "b", "c", "d")).map(([name, content]) => ({ name, content })),
  );
  const init = (rest: string): Tree => ({ "data.zip": zip, "init.yml": `archive: data.zip\n${rest}` });
  test("single cases with points, in an archive within", async () => {
    await withConverted(
      init("test_cases:\n- {in: a.in, out: a.out, points: 10}\n- {in: b.in, out: b.out, points: 30}\n"),
      async (made) => {
        expect(made.format).toBe("dmoj");
        expect(made.parsed.type.scoring).toBe(true);
        expect(made.parsed.tests.map(({ points, comparator }) => [points, comparator.kind])).toEqual([
          [10, "tokens"],
          [30, "tokens"],
        ]);
        expect(await made.text("data/secret/02.ans")).toBe("b!\n");
      },
    );
  });
  test("batches with dependencies", async () => {
    const batches =
      "checker: identical\ntest_cases:\n- {in: a.in, out: a.out, points: 0}\n- batched: [{in: b.in, out: b.out}, {in: c.in, out: c.out}]\n  points: 40\n- batched:\n  - {in: d.in, out: d.out}\n  points: 60\n  dependencies: [1]\n";
    await withConverted(init(batches), async (made) => {
      expect(await made.text("data/secret/3/test_group.yaml")).toBe(
        "max_score: 60\nscore_aggregation: pass-fail\nrequire_pass:\n  - secret/2\n",
      );
      expect(made.parsed.tests.every(({ comparator }) => comparator.kind === "exact")).toBe(true);
    });
  });
  test.each([
    ["standard", "tokens"],
    ["easy", "default"],
    ["identical", "exact"],
    ["sorted", "lines"],
    ["{name: floats, args: {precision: 4}}", "numbers"],
    ["floatsabs", "numbers"],
    ["floatsrel", "numbers"],
  ])("the checker %s", async (checker, kind) => {
    await withConverted(
      init(`checker: ${checker}\ntest_cases:\n- {in: a.in, out: a.out, points: 1}\n`),
      (made) => {
        expect(made.parsed.tests[0]?.comparator.kind).toBe(kind);
      },
    );
  });
  test.each(["rstripped", "unordered", "linecount"])(
    "the checker %s becomes a validator",
    async (checker) => {
      await withConverted(
        init(`checker: ${checker}\ntest_cases:\n- {in: a.in, out: a.out, points: 1}\n`),
        (made) => {
          expect(made.parsed.outputValidators).toMatchObject([{ kind: { language: "python" } }]);
          expect(made.parsed.tests[0]?.validatorArgs).toEqual([checker]);
        },
      );
    },
  );
  test.each<[string, Tree, RegExp]>([
    [
      "a checker in DMOJ's Python",
      init("checker: check.py\ntest_cases:\n- {in: a.in, out: a.out}\n"),
      /^init\.yml: checker "check\.py" needs DMOJ's Python API/u,
    ],
    [
      "an unknown checker",
      init("checker: foo\ntest_cases:\n- {in: a.in, out: a.out}\n"),
      /^init\.yml: checker "foo" is no checker/u,
    ],
    ["a generator", init("generator: gen.cpp\n"), /^init\.yml: generator is run by DMOJ's own graders/u],
    [
      "a bridged checker of another kind",
      init(
        "checker: {name: bridged, args: {files: c.cpp, type: coci}}\ntest_cases:\n- {in: a.in, out: a.out}\n",
      ),
      /checker\.args\.type "coci"/u,
    ],
    [
      "a file that is not there",
      init("test_cases:\n- {in: z.in, out: a.out}\n"),
      /^init\.yml: test_cases\[0\] names "z\.in"/u,
    ],
    [
      "an archive that is not there",
      { "init.yml": "archive: x.zip\ntest_cases: []\n" },
      /^init\.yml: archive names "x\.zip"/u,
    ],
    [
      "a path out of it",
      { "init.yml": "test_cases:\n- {in: ../../etc/passwd, out: a.out}\n", ...pairs("a") },
      /names "\.\.\/\.\.\/etc\/passwd", which is no file here/u,
    ],
    [
      "cases as patterns",
      init("test_cases: {input_format: x}\n"),
      /test_cases as patterns of file names is not supported/u,
    ],
    ["no cases", init(""), /test_cases must list test cases/u],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});

describe("Hydro and SYZOJ", () => {
  test("subtasks with dependencies", async () => {
    const config =
      "type: default\ntime: 500ms\nmemory: 64m\nsubtasks:\n- {id: 1, score: 30, cases: [{input: a.in, output: a.out}]}\n- {id: 2, score: 70, if: [1], type: sum, cases: [{input: b.in, output: b.out}, {input: c.in, output: c.out}]}\n";
    await withConverted(
      {
        "testdata/config.yaml": config,
        "problem.yaml": "title: Summen\n",
        "problem_en.md": "Add $a$.",
        ...Object.fromEntries(
          Object.entries(pairs("a", "b", "c")).map(([name, content]) => [`testdata/${name}`, content]),
        ),
      },
      async (made) => {
        expect(made.format).toBe("hydro");
        expect(made.parsed).toMatchObject({
          name: "Summen",
          limits: { timeMs: 500, memoryBytes: 64 * 1024 * 1024 },
        });
        expect(await made.text("data/secret/1/test_group.yaml")).toBe(
          "max_score: 30\nscore_aggregation: pass-fail\n",
        );
        expect(await made.text("data/secret/2/test_group.yaml")).toBe(
          "max_score: 70\nscore_aggregation: sum\nrequire_pass:\n  - secret/1\n",
        );
        expect(made.parsed.statements).toMatchObject([{ format: "md", language: "en" }]);
      },
    );
  });
  test("data.yml with patterns", async () => {
    const config =
      "subtasks:\n- {score: 100, type: mul, cases: [1, 2]}\ninputFile: 'x#.in'\noutputFile: 'x#.out'\n";
    await withConverted({ "data.yml": config, ...pairs("x1", "x2") }, (made) => {
      expect(made.parsed.tests.map(({ name }) => name)).toEqual(["secret/1/01", "secret/1/02"]);
    });
  });
  test("a testlib checker", async () => {
    const tree = {
      "config.yaml": "checker_type: testlib\nchecker: chk.cpp\n",
      "chk.cpp": "int main() {}",
      "testlib.h": "",
      ...pairs("1", "2", "10"),
    };
    await withConverted(tree, (made) => {
      expect(made.parsed.outputValidators).toHaveLength(1);
      expect(made.parsed.tests.map(({ name }) => name)).toEqual(["secret/01", "secret/02", "secret/03-10"]);
    });
  });
  test.each<[string, Tree, RegExp]>([
    [
      "another kind of checker",
      { "config.yaml": "checker_type: lemon\nchecker: c.cpp\n", ...pairs("1") },
      /^config\.yaml: checker_type "lemon" is another protocol/u,
    ],
    [
      "a special judge of SYZOJ",
      { "data.yml": "specialJudge: {language: cpp, fileName: s.cpp}\n", ...pairs("1") },
      /^data\.yml: specialJudge is a checker of SYZOJ's own protocol/u,
    ],
    [
      "a kind that is not judged",
      { "config.yaml": "type: remote_judge\n", ...pairs("1") },
      /^config\.yaml: type "remote_judge" can't be judged here/u,
    ],
    [
      "no testlib.h",
      { "config.yaml": "checker: c.cpp\n", "c.cpp": "", ...pairs("1") },
      /^testlib\.h: is missing/u,
    ],
    [
      "a subtask that is not there",
      {
        "config.yaml": "subtasks: [{score: 1, if: [7], cases: [{input: 1.in, output: 1.out}]}]\n",
        ...pairs("1"),
      },
      /subtasks\[0\] depends on 7/u,
    ],
    [
      "a strange time",
      { "config.yaml": "time: soon\n", ...pairs("1") },
      /^config\.yaml: time must be a time/u,
    ],
    [
      "max",
      {
        "config.yaml": "subtasks: [{score: 1, type: max, cases: [{input: 1.in, output: 1.out}]}]\n",
        ...pairs("1"),
      },
      /type "max" has no counterpart/u,
    ],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});

describe("a bare folder", () => {
  test.each<[string, Tree]>([
    ["in and out", { "1.in": "1", "1.out": "1", "2.in": "2", "2.out": "2", "10.in": "3", "10.out": "3" }],
    ["in and ans", { "1.in": "1", "1.ans": "1", "2.in": "2", "2.ans": "2", "10.in": "3", "10.ans": "3" }],
    [
      "folders",
      {
        "input/1.txt": "1",
        "output/1.txt": "1",
        "input/2.txt": "2",
        "output/2.txt": "2",
        "input/10.txt": "3",
        "output/10.txt": "3",
      },
    ],
    [
      "numbered words",
      {
        "input1.txt": "1",
        "output1.txt": "1",
        "input2.txt": "2",
        "output2.txt": "2",
        "input10.txt": "3",
        "output10.txt": "3",
      },
    ],
    [
      "folders and extensions",
      {
        "in/a1.in": "1",
        "out/a1.out": "1",
        "in/a2.in": "2",
        "out/a2.out": "2",
        "in/a10.in": "3",
        "out/a10.out": "3",
      },
    ],
  ])("of %s, in the order of numbers", async (_, tree) => {
    await withConverted(tree, async (made) => {
      expect(made.format).toBe("folder");
      const inputs = await Promise.all(made.parsed.tests.map(({ inputPath }) => made.text(inputPath)));
      expect(inputs).toEqual(["1", "2", "3"]);
      expect(made.parsed.type.scoring).toBe(false);
    });
  });
  test("with samples by their name", async () => {
    await withConverted(pairs("sample1", "01", "02"), (made) => {
      expect(made.parsed.tests.map(({ name }) => name)).toEqual([
        "sample/01-sample1",
        "secret/01",
        "secret/02",
      ]);
    });
  });
  test.each<[string, Tree, RegExp]>([
    ["an input alone", { ...pairs("1"), "2.in": "" }, /^2\.in: has no partner/u],
    ["nothing", { "readme.txt": "hello" }, /^problem: is in no format that is known here/u],
    [
      "a package",
      { "problem.yaml": "name: x\n", "data/secret/1.in": "" },
      /^problem\.yaml: is that of a problem package already/u,
    ],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});

describe("cases as JSON", () => {
  test("in each spelling", async () => {
    const cases = [
      { name: "first one", stdin: "1\n", expected: "1\n", hidden: false },
      { input: "2\n", output: "2\n", visibility: "hidden" },
      { in: "3\n", stdout: "3\n", public: false },
      { output: "none\n" },
    ];
    await withConverted(
      { "cases.json": JSON.stringify({ name: "Echo", time_limit: 2, statement: "Echo $x$.", cases }) },
      async (made) => {
        expect(made.format).toBe("cases");
        expect(made.parsed).toMatchObject({
          name: "Echo",
          limits: { timeMs: 2000 },
          type: { scoring: false },
        });
        expect(made.parsed.tests.map(({ name }) => name)).toEqual([
          "sample/01-first-one",
          "secret/01",
          "secret/02",
          "secret/03",
        ]);
        expect(await made.text("data/secret/03.in")).toBe("");
      },
    );
  });
  test("weights become points", async () => {
    const cases = [
      { stdin: "1", output: "1", weight: 1, hidden: false },
      { stdin: "2", output: "2", weight: 3, hidden: true },
    ];
    await withConverted({ "examples.json": JSON.stringify(cases) }, async (made) => {
      expect(made.parsed.tests.map(({ name, points }) => [name, points])).toEqual([
        ["sample/01", null],
        ["secret/01", 1],
        ["secret/02", 3],
      ]);
      expect(await made.text("data/secret/test_group.yaml")).toBe("max_score: 4\nscore_aggregation: sum\n");
    });
  });
  test.each<[string, unknown, RegExp]>([
    ["a case without output", [{ stdin: "1" }], /^cases\.json: \[0\] has neither output nor expected/u],
    ["no cases", { cases: [] }, /^cases\.json: holds no cases/u],
    ["a negative weight", [{ output: "1", weight: -1 }], /weight below 0/u],
    ["a case that is no object", ["x"], /^cases\.json: \[0\] must be an object/u],
    [
      "a wrong visibility",
      [{ output: "1", visibility: "maybe" }],
      /\[0\]\.visibility must be hidden or public/u,
    ],
    ["a file that is not there", [{ output_file: "../x" }], /names "\.\.\/x", which is no file here/u],
    [
      "half points",
      [
        { output: "1", weight: 0.5 },
        { output: "2", weight: 1 },
      ],
      /the weights add up to 1\.5/u,
    ],
  ])("refuses %s", async (_, content, message) => {
    expect(await refusal({ "cases.json": JSON.stringify(content) })).toMatch(message);
  });
  test("refuses what is no JSON", async () => {
    expect(await refusal({ "cases.json": "{" })).toMatch(/^cases\.json: is no JSON/u);
  });
});
