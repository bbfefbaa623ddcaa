import { describe, expect, test } from "vitest";
import { refusal, withConverted } from "./trees.fixture.ts";
import type { Tree } from "./trees.fixture.ts";

const polygonXml = (inner: {
  tests: string;
  groups?: string;
  assets?: string;
  judging?: string;
}): string => `<?xml version="1.0" encoding="utf-8" standalone="no"?>
<problem revision="3" short-name="a-plus-b" url="https://example.org/p/1">
  <names><name language="english" value="A plus B"/><name language="russian" value="А и Б"/></names>
  <judging input-file="" output-file="" ${inner.judging ?? ""}>
    <testset name="tests">
      <time-limit>1500</time-limit><memory-limit>268435456</memory-limit>
      <input-path-pattern>tests/%02d</input-path-pattern><answer-path-pattern>tests/%02d.a</answer-path-pattern>
      <tests>${inner.tests}</tests>${inner.groups ?? ""}
    </testset>
  </judging>
  <files><resources><file path="files/testlib.h" type="h.g++"/><file path="files/olymp.sty"/></resources>
    <attachments><file path="files/starter.zip"/></attachments></files>
  <assets>${inner.assets ?? ""}</assets>
</problem>`;

const polygonAssets = `<checker name="std::ncmp.cpp" type="testlib"><source path="files/check.cpp" type="cpp.g++17"/></checker>
  <validators><validator><source path="files/val.cpp" type="cpp.g++17"/></validator></validators>
  <solutions>
    <solution tag="main"><source path="solutions/good.cpp"/></solution>
    <solution tag="wrong-answer"><source path="solutions/bad.py"/></solution>
    <solution tag="time-limit-exceeded"><source path="solutions/slow.cpp"/></solution>
    <solution tag="time-limit-exceeded-or-accepted"><source path="solutions/maybe.cpp"/></solution>
    <solution tag="odd-tag"><source path="solutions/odd.cpp"/></solution>
  </solutions>`;
const polygonFiles: Tree = {
  "files/testlib.h": "// the user's",
  "files/check.cpp": "int main() {}",
  "files/val.cpp": "int main() {}",
  "files/starter.zip": "PK",
  "solutions/good.cpp": "int main() {}",
  "solutions/bad.py": "print(1)",
  "solutions/slow.cpp": "int main() { for (;;); }",
  "solutions/maybe.cpp": "int main() {}",
  "solutions/odd.cpp": "int main() {}",
  "statement-sections/english/legend.tex": "Add $a$ and $b$.",
  "statement-sections/english/input.tex": "Two numbers.",
  "statement-sections/english/output.tex": "",
  "statement-sections/english/pic.png": "PNG",
  "tests/01": "1 2\n",
  "tests/01.a": "3\n",
  "tests/02": "3 4\n",
  "tests/02.a": "7\n",
  "tests/03": "5 6\n",
  "tests/03.a": "11\n",
};
const threeTests = `<test method="manual" sample="true"/><test method="manual"/><test cmd="gen 9" method="generated"/>`;

describe("Polygon", () => {
  test("a package with checker, validator and solutions", async () => {
    await withConverted(
      { "problem.xml": polygonXml({ tests: threeTests, assets: polygonAssets }), ...polygonFiles },
      async (made) => {
        expect(made.format).toBe("polygon");
        expect(made.shortName).toBe("a-plus-b");
        const { parsed } = made;
        expect(parsed.names).toEqual({ en: "A plus B" });
        expect(parsed.limits).toMatchObject({
          timeMs: 1500,
          timeStated: true,
          memoryBytes: 256 * 1024 * 1024,
        });
        expect(parsed.type.scoring).toBe(false);
        expect(parsed.tests.map(({ name }) => name)).toEqual(["sample/01", "secret/01", "secret/02"]);
        expect(await made.text("data/secret/02.in")).toBe("5 6\n");
        expect(parsed.outputValidators).toMatchObject([{ kind: { how: "language", language: "cpp" } }]);
        expect(parsed.inputValidators).toMatchObject([{ kind: "program" }]);
        expect(await made.text("output_validator/validator/main.cpp")).toMatch(
          /^#define WITH_CHECKER 1\n\/\/ Runs/u,
        );
        expect(await made.text("output_validator/validator/testlib.h")).toBe("// the user's");
        expect(await made.text("statement/problem.en.tex")).toBe(
          "\\problemname{A plus B}\n\n\nAdd $a$ and $b$.\n\n\\section*{Input}\n\nTwo numbers.\n",
        );
        expect(made.paths).toContain("statement/pic.png");
        expect(parsed.attachments.map(({ path }) => path)).toEqual(["attachments/starter.zip"]);
        expect(parsed.submissions.map(({ path, expected }) => [path, expected])).toEqual([
          ["submissions/accepted/good.cpp", ["AC"]],
          ["submissions/mixed/maybe.cpp", ["AC", "TLE"]],
          ["submissions/time_limit_exceeded/slow.cpp", ["TLE"]],
          ["submissions/wrong_answer/bad.py", ["WA"]],
        ]);
        expect(made.notes.join("\n")).toMatch(/odd\.cpp: has the tag "odd-tag"/u);
        expect(made.notes.join("\n")).toMatch(/language ru was left out/u);
      },
    );
  });

  test.each([
    ["Half & half: 50%_#", String.raw`Half \& half: 50\%\_\#`],
    ["The $k_1$-th", "The $k_1$-th"],
    [String.raw`Half \& half`, String.raw`Half \& half`],
  ])("the name %s in TeX", async (name, tex) => {
    const xml = polygonXml({ tests: threeTests, assets: polygonAssets });
    const named = xml.replace('value="A plus B"', `value="${name.replace("&", "&amp;")}"`);
    await withConverted({ "problem.xml": named, ...polygonFiles }, async (made) => {
      expect(made.parsed.names).toEqual({ en: name });
      expect(await made.text("statement/problem.en.tex")).toContain(`\\problemname{${tex}}\n`);
    });
  });

  test("groups with points and dependencies", async () => {
    const tests = `<test method="manual" sample="true" group="0" points="0.0"/>
      <test method="manual" group="1" points="10.0"/><test method="manual" group="2" points="5.5"/>`;
    const groups = `<groups>
      <group name="0" points-policy="each-test" points="0.0"/>
      <group name="1" points-policy="complete-group" points="10.0"><dependencies><dependency group="0"/></dependencies></group>
      <group name="2" points-policy="complete-group" points="90.0"><dependencies><dependency group="0"/><dependency group="1"/></dependencies></group>
    </groups>`;
    await withConverted(
      { "problem.xml": polygonXml({ tests, groups, assets: polygonAssets }), ...polygonFiles },
      async (made) => {
        expect(made.parsed.type.scoring).toBe(true);
        expect(await made.text("data/secret/test_group.yaml")).toBe(
          "max_score: 100\nscore_aggregation: sum\n",
        );
        expect(await made.text("data/secret/1/test_group.yaml")).toBe(
          'max_score: 10\nscore_aggregation: pass-fail\nrequire_pass:\n  - sample\ninput_validator_args:\n  - --group\n  - "1"\n',
        );
        expect(await made.text("data/secret/2/test_group.yaml")).toMatch(
          /require_pass:\n {2}- sample\n {2}- secret\/1\n/u,
        );
        expect(await made.text("output_validator/validator/main.cpp")).toMatch(/#define SCORING 1/u);
      },
    );
  });

  test("points of tests where they differ go to assay.yaml", async () => {
    const tests = `<test method="manual" points="10"/><test method="manual" points="20"/><test method="manual" points="70"/>`;
    await withConverted(
      { "problem.xml": polygonXml({ tests, assets: polygonAssets }), ...polygonFiles },
      (made) => {
        expect(made.parsed.tests.map(({ points }) => points)).toEqual([10, 20, 70]);
      },
    );
  });

  test("an interactive problem", async () => {
    const assets = `${polygonAssets}<interactor><source path="files/interactor.cpp"/></interactor>`;
    const tree = {
      "problem.xml": polygonXml({ tests: threeTests, assets }),
      ...polygonFiles,
      "files/interactor.cpp": "int main() {}",
    };
    await withConverted(tree, async (made) => {
      expect(made.parsed.type.interactive).toBe(true);
      expect(await made.text("output_validator/validator/main.cpp")).toMatch(
        /^#define WITH_CHECKER 1\n#define WITH_INTERACTOR 1\n/u,
      );
      expect(made.paths).toContain("output_validator/validator/interactor.inc");
    });
  });

  const without = (path: string): Tree => {
    const tree: Record<string, string | Uint8Array> = {
      "problem.xml": polygonXml({ tests: threeTests, assets: polygonAssets }),
      ...polygonFiles,
    };
    delete tree[path];
    return tree;
  };
  test.each<[string, Tree, RegExp]>([
    [
      "a missing generated test",
      without("tests/03"),
      /^tests\/03: is missing \(it is made by "gen 9"\); download the full package/u,
    ],
    ["a missing answer", without("tests/02.a"), /^tests\/02\.a: is missing/u],
    [
      "no testlib.h",
      without("files/testlib.h"),
      /^files\/testlib\.h: is missing from problem; files\/check\.cpp needs it/u,
    ],
    [
      "no checker source",
      without("files/check.cpp"),
      /^files\/check\.cpp: is named by problem\.xml as a program, but missing/u,
    ],
    ["broken XML", { "problem.xml": "<problem>\n<names>\n</problem>" }, /^problem\.xml:3: /u],
    [
      "a document type with entities",
      { "problem.xml": `<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<p>&b;</p>` },
      /^problem\.xml:\d+: .*entity/iu,
    ],
    ["XML nested deeply", { "problem.xml": "<a>".repeat(200_000) }, /^problem\.xml(?::\d+)?: /u],
    ["no testset", { "problem.xml": "<problem><judging/></problem>" }, /^problem\.xml: has no testset/u],
    [
      "a checker in Java",
      {
        ...polygonFiles,
        "files/check.java": "",
        "problem.xml": polygonXml({
          tests: threeTests,
          assets: `<checker><source path="files/check.java"/></checker>`,
        }),
      },
      /^files\/check\.java: is not C\+\+/u,
    ],
    [
      "fractions of points",
      {
        ...polygonFiles,
        "problem.xml": polygonXml({ tests: `<test points="0.5"/><test points="1"/>`, assets: "" }),
      },
      /are 1\.5; points of groups are whole numbers/u,
    ],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});

describe("DOMjudge", () => {
  const yaml = "problem_format_version: legacy\nname: Sum\nvalidator_flags: case_sensitive\n";
  const data: Tree = {
    "data/sample/1.in": "1\n",
    "data/sample/1.ans": "1\n",
    "data/secret/2.in": "2\n",
    "data/secret/2.ans": "2\n",
  };
  test("a zip with an ini file and a statement in the root", async () => {
    const ini = "short-name = A\nname = 'Sum It'\ntimelimit=2.5\ncolor = #ff0000\n";
    await withConverted(
      { "domjudge-problem.ini": ini, "problem.yaml": yaml, "problem.pdf": "%PDF", ...data },
      (made) => {
        expect(made.format).toBe("domjudge");
        expect(made.parsed.limits.timeMs).toBe(2500);
        expect(made.parsed.statements).toMatchObject([
          { format: "pdf", path: "problem_statement/problem.en.pdf" },
        ]);
        expect(made.parsed.tests).toHaveLength(2);
        expect(made.paths).not.toContain("domjudge-problem.ini");
        expect(made.notes.join("\n")).toMatch(/color belongs to a contest/u);
      },
    );
  });
  test("without problem.yaml", async () => {
    await withConverted({ "domjudge-problem.ini": 'name="Sum It"\n', ...data }, (made) => {
      expect(made.parsed.name).toBe("Sum It");
    });
  });
  test.each<[string, Tree, RegExp]>([
    [
      "a compare script of the server",
      { "domjudge-problem.ini": "special_compare = cmp\n", ...data },
      /special_compare names an executable of the server/u,
    ],
    [
      "a wrong time limit",
      { "domjudge-problem.ini": "timelimit = soon\n", ...data },
      /^domjudge-problem\.ini: the time limit must be/u,
    ],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});

describe("CMS", () => {
  const task =
    "name: sums\ntitle: Somme\ntime_limit: 0.5\nmemory_limit: 64\nn_input: 3\ninfile: ''\noutfile: ''\nprimary_language: it\n";
  const data: Tree = Object.fromEntries(
    [0, 1, 2].flatMap((number) => [
      [`input/input${number}.txt`, `${number}\n`],
      [`output/output${number}.txt`, `${number}\n`],
    ]),
  );
  test("subtasks of gen/GEN", async () => {
    const gen = "# a comment\n#ST: 0\n1 1\n#ST: 40\n#COPY: special.txt\n#ST: 60\n5 5 # big\n";
    const tree = {
      "task.yaml": task,
      "gen/GEN": gen,
      ...data,
      "sol/solution.cpp": "int main() {}",
      "sol/slow.cpp": "",
      "statement/statement.pdf": "%PDF",
      "att/input0.txt": "7\n",
      "att/output0.txt": "7\n",
      "att/sums.zip": "PK",
    };
    await withConverted(tree, async (made) => {
      expect(made.format).toBe("cms");
      expect(made.parsed).toMatchObject({
        name: "Somme",
        type: { scoring: true },
        limits: { timeMs: 500, memoryBytes: 64 * 1024 * 1024 },
      });
      expect(made.parsed.tests.map(({ name, comparator }) => [name, comparator.kind])).toEqual([
        ["sample/01", "tokens"],
        ["secret/1/01-0", "tokens"],
        ["secret/2/01", "tokens"],
        ["secret/3/01-2", "tokens"],
      ]);
      expect(await made.text("data/secret/3/test_group.yaml")).toBe(
        "max_score: 60\nscore_aggregation: pass-fail\n",
      );
      expect(made.parsed.statements).toMatchObject([{ language: "it", format: "pdf" }]);
      expect(made.parsed.submissions.map(({ path }) => path)).toEqual(["submissions/accepted/solution.cpp"]);
      expect(made.notes.join("\n")).toMatch(/sol\/slow\.cpp: promises no verdict/u);
    });
  });
  test("a checker and a grader", async () => {
    const tree = {
      "task.yaml": task,
      ...data,
      "check/checker.cpp": "int main() {}",
      "sol/grader.cpp": "int main() {}",
      "sol/sums.h": "",
    };
    await withConverted(tree, async (made) => {
      expect(made.parsed.outputValidators).toHaveLength(1);
      expect(await made.text("data/secret/test_group.yaml")).toMatch(
        /max_score: 100\nscore_aggregation: sum/u,
      );
      expect(made.paths).toEqual(
        expect.arrayContaining(["include/cpp/grader.cpp", "include/cpp/sums.h", "include/c/sums.h"]),
      );
    });
  });
  test("an output-only task", async () => {
    await withConverted({ "task.yaml": `${task}output_only: true\n`, ...data }, (made) => {
      expect(made.parsed.type.submitAnswer).toBe(true);
    });
  });
  test.each<[string, Tree, RegExp]>([
    [
      "a Communication task",
      { "task.yaml": task, ...data, "check/manager.cpp": "" },
      /^check\/manager\.cpp: .*Communication/u,
    ],
    [
      "a checker without source",
      { "task.yaml": task, ...data, "check/checker": "ELF" },
      /^check\/checker: is a checker without C\+\+ source/u,
    ],
    [
      "tests that were not made",
      { "task.yaml": "name: x\nn_input: 5\n", ...data },
      /^input\/input3\.txt: is missing: task\.yaml speaks of 5/u,
    ],
    [
      "GEN that says otherwise",
      { "task.yaml": task, "gen/GEN": "#ST: 100\n1\n", ...data },
      /^gen\/GEN: describes 1 tests/u,
    ],
    [
      "points that are none",
      { "task.yaml": task, "gen/GEN": "#ST: many\n1\n", ...data },
      /^gen\/GEN:1: a subtask of "many" points/u,
    ],
    ["a missing output", { "task.yaml": task, "input/input0.txt": "" }, /^output\/output0\.txt: is missing/u],
    ["broken YAML", { "task.yaml": "a: [\n" }, /^task\.yaml:\d+: /u],
    [
      "a YAML bomb",
      {
        "task.yaml": `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(50)}]\nc: &c [${"*b,".repeat(50)}]\nd: [${"*c,".repeat(50)}]\n`,
      },
      /^task\.yaml: /u,
    ],
  ])("refuses %s", async (_, tree, message) => {
    expect(await refusal(tree)).toMatch(message);
  });
});
