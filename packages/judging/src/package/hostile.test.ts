import { describe, expect, test } from "vitest";
import { memoryFiles } from "./memory-files.fixture.ts";
import { inspectPackage } from "./parse.ts";
import { index, refusesEach, scoring } from "./refusals.fixture.ts";
import type { Row } from "./refusals.fixture.ts";
import { legacyWith, modernWith, yamlWith } from "./trees.fixture.ts";

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

const hostile: Row[] = [
  ["UTF-16", modernWith({ "problem.yaml": utf16("name: x\n") }), /^problem.yaml:1: is UTF-16/],
  [
    "UTF-16 the other way round",
    modernWith({ "problem.yaml": utf16("name: x\n").swap16() }),
    /^problem.yaml:1: is UTF-16/,
  ],
  [
    "UTF-16 without mark",
    modernWith({ "data/secret/a.yaml": Buffer.from("a: b\n", "utf16le") }),
    /^data\/secret\/a.yaml:1: holds a NUL/,
  ],
  ["a merge key", modernWith(yamlWith("x: &x {a: 1}\nlimits:\n  <<: *x\n")), /^problem.yaml/],
  [
    "a merge key in settings",
    modernWith({ "data/secret/a.yaml": "args: []\n<<: {hint: x}\n" }),
    /a.yaml:2: merge keys \("<<"\) are not taken/,
  ],
  ["a key twice, deeper", modernWith(yamlWith("constants:\n  a: 1\n  a: 2\n")), /^problem.yaml:7/],
  ["an alias without anchor", modernWith(yamlWith("license: *nowhere\n")), /^problem.yaml:5/],
  [
    "an alias that holds itself",
    modernWith(yamlWith("keywords: &k [*k]\n")),
    /keywords must be a list of strings/,
  ],
  [
    "a bomb of aliases",
    modernWith(yamlWith(`a: &a [x]\nkeywords: [${"*a, ".repeat(200)}]\n`)),
    /more than 100 aliases/,
  ],
  [
    "a huge text",
    modernWith(yamlWith(`version: ${"9".repeat(30_000)}a\n`)),
    /version has more than 20000 characters/,
  ],
  ["a NUL", modernWith(yamlWith('rights_owner: "a\\0b"\n')), /rights_owner holds what is no text/],
  [
    "half a character",
    modernWith(yamlWith('rights_owner: "\\ud800"\n')),
    /rights_owner holds what is no text/,
  ],
  ["a tag that makes things", modernWith(yamlWith("constants: !!set {a}\n")), /problem.yaml/],
  ["two documents", modernWith(yamlWith("---\nname: y\n")), /^problem.yaml/],
  ["a name with a line end", modernWith({ "data/secret/a\nb.in": "" }), /is no valid name/],
];

refusesEach(hostile);

// Each would keep a server from everything else for hours if it was looked at place by place.
test("long rows and patterns of many stars are read at once", async () => {
  const blanks = " ".repeat(300_000);
  const tree = legacyWith({
    "domjudge-problem.ini": `name = x${blanks}y\nname =${blanks}\rz\n${blanks}x`,
    "assay.yaml": `tests: {"secret/${"*a".repeat(100)}b": {comparator: exact}}\n`,
    [`data/secret/${"a".repeat(200)}.in`]: "",
    [`data/secret/${"a".repeat(200)}.ans`]: "",
  });
  const { errors } = await inspectPackage(memoryFiles(tree));
  expect(errors).toMatchObject([{ message: expect.stringContaining("fits no test") }]);
});

describe("warned of", () => {
  test.each<Row>([
    [
      "a test named like a flag",
      modernWith({ "data/secret/-x.in": "", "data/secret/-x.ans": "" }),
      /^data\/secret\/-x.in: is ignored: .*start with a dash/,
    ],
    [
      "Windows line ends",
      modernWith({ "data/secret/a.yaml": "hint: a\r\ndescription: b\r\n" }),
      /a.yaml:1: has Windows line ends/,
    ],
    [
      "a part of no version",
      modernWith({ "sumbissions/x.py": "" }),
      /^sumbissions: is no part of the format/,
    ],
    [
      "the statements of legacy",
      modernWith({ "problem_statement/problem.en.tex": "" }),
      /^problem_statement\/problem.en.tex: is ignored/,
    ],
    [
      "groups that sum up to something else",
      scoring({ "data/secret/2/test_group.yaml": "max_score: 50\n" }),
      /^data\/secret: max_score is 100, but its groups give 90/,
    ],
    ["a static validator that never runs", modernWith({ "static_validator/v.py": "" }), /is never run/],
    [
      "an entry that fits nothing",
      index("other/*: {permitted: [AC]}\n"),
      /submissions.yaml:1: "other\/\*" fits no submission/,
    ],
    ["test data elsewhere", modernWith({ "data/extra/1.in": "" }), /^data\/extra: is ignored/],
    [
      "a link that is none",
      modernWith(yamlWith("source: {name: x, url: 'javascript:alert(1)'}\n")),
      /source.url is no http/,
    ],
    ["a file of no test", legacyWith({ "data/secret/a.inn": "" }), /a.inn: belongs to no test case/],
    [
      "a misspelt ini",
      legacyWith({ "domjudge-problem.ini": "timelimits = 3\n" }),
      /^domjudge-problem.ini:1: unknown key "timelimits"/,
    ],
    ["no name that is known", modernWith(yamlWith("languages: [odin]\n")), /nobody can submit/],
  ])("%s", async (_, tree, message) => {
    const { errors, warnings } = await inspectPackage(memoryFiles(tree));
    expect(errors).toEqual([]);
    const said = warnings.map(
      ({ where, line, message: text }) => `${where}${line === null ? "" : `:${line}`}: ${text}`,
    );
    expect(said).toContainEqual(expect.stringMatching(message));
  });
});
