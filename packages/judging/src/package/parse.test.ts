import { AssayError } from "@assay/contracts";
import { describe, expect, test } from "vitest";
import { memoryFiles } from "./memory-files.fixture.ts";
import { inspectPackage, parsePackage } from "./parse.ts";

const legacy = {
  "problem.yaml": "name: Halves\n",
  ".timelimit": "1.5\n",
  "problem_statement/problem.en.tex": "…",
  "data/sample/1.in": "1\n",
  "data/sample/1.ans": "2\n",
  "data/secret/b.in": "",
  "data/secret/b.ans": "",
  "data/secret/a.in": "",
  "data/secret/a.ans": "",
  "submissions/accepted/main.py": "print()",
};
const modernYaml = `problem_format_version: 2025-09
name: Halves
uuid: 5ca6ba5b-36d5-4eff-8aa7-d967cbc4375e
`;
const modern = {
  ...Object.fromEntries(Object.entries(legacy).filter(([path]) => !path.startsWith("problem_statement"))),
  "problem.yaml": `${modernYaml}limits:\n  time_limit: 2\n`,
  ".timelimit": "2",
  "statement/problem.en.md": "…",
};

/** Groups without scores: only their order and their arguments matter. */
const groups = {
  ...Object.fromEntries(Object.entries(modern).filter(([path]) => !path.startsWith("data/secret"))),
  "data/secret/g/test_group.yaml": "args: [x]\n",
  "data/secret/g/deep/1.in": "",
  "data/secret/g/deep/1.ans": "",
  "data/secret/g/0.in": "",
  "data/secret/g/0.ans": "",
};

const withLimit = (seconds: string) =>
  parsePackage(
    memoryFiles({
      ...modern,
      ".timelimit": seconds,
      "problem.yaml": `${modernYaml}limits: {time_limit: ${seconds}}\n`,
    }),
  );

const failure = async (tree: Readonly<Record<string, string | Uint8Array>>): Promise<AssayError> => {
  const error: unknown = await parsePackage(memoryFiles(tree)).then(
    () => new Error("the package was accepted"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AssayError) return error;
  throw error;
};

describe("a legacy package", () => {
  test("is read with its tests in lexicographic order", async () => {
    const problem = await parsePackage(memoryFiles(legacy), { shortName: "halves" });
    expect(problem).toMatchObject({
      formatVersion: "legacy",
      shortName: "halves",
      name: "Halves",
      credits: { license: "unknown" },
      languages: "all",
      limits: {
        timeMs: 1500,
        timeStated: true,
        wallMs: 5500,
        memoryBytes: (2048 << 20) >>> 0,
        outputBytes: 8 << 20,
        codeBytes: 128 << 10,
        compile: { cpuMs: 60_000, wallMs: 120_000, memoryBytes: 2 ** 31 },
      },
      submissions: [{ path: "submissions/accepted/main.py", language: "python", expected: ["AC"] }],
      statements: [{ language: "en", format: "tex" }],
      warnings: [],
    });
    expect(problem.tests.map((each) => [each.name, each.sample])).toEqual([
      ["sample/1", true],
      ["secret/a", false],
      ["secret/b", false],
    ]);
  });

  test("keeps its limits exactly", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...legacy,
        "problem.yaml":
          "limits:\n  memory: 256\n  output: 0.5\n  code: 1\n  compilation_time: 7\n  compilation_memory: 512\n",
      }),
    );
    expect(problem.limits).toMatchObject({
      memoryBytes: 256 << 20,
      outputBytes: 512 << 10,
      codeBytes: 1024,
      compile: { cpuMs: 7000, wallMs: 14_000, memoryBytes: 512 << 20 },
    });
  });

  test("without a time limit gets the default and a warning", async () => {
    const { ".timelimit": _, ...tree } = legacy;
    const problem = await parsePackage(memoryFiles(tree));
    expect(problem.limits).toMatchObject({ timeMs: 2000, timeStated: false });
    expect(problem.warnings.map((warning) => warning.message).join()).toMatch(/states no time limit; 2 s/);
  });

  test.each([
    ["a problem.yaml that can't be read", "problem.yaml", "name: a\nname: b\n", "Map keys must be unique"],
    [
      "an unknown version",
      "problem.yaml",
      "problem_format_version: 2030-01\n",
      'problem_format_version "2030-01" (known are legacy, legacy-icpc and 2025-09) can\'t be judged by this version',
    ],
    [
      "a time limit that is none",
      ".timelimit",
      "fast\n",
      'the time limit must be a positive number of seconds, not "fast"',
    ],
  ])("%s is told once, and nothing that only follows from it", async (_, path, content, message) => {
    const { ".timelimit": __, ...tree } = legacy;
    const { errors, warnings } = await inspectPackage(memoryFiles({ ...tree, [path]: content }));
    expect({ errors: errors.map((each) => each.message), warnings }).toEqual({
      errors: [message],
      warnings: [],
    });
  });

  test("takes the time limit and the name of domjudge-problem.ini", async () => {
    const { ".timelimit": _, ...tree } = legacy;
    const problem = await parsePackage(
      memoryFiles({
        ...tree,
        "problem.yaml": "",
        "domjudge-problem.ini": "name='Half'\nshort-name = H\ntimelimit = 2.5\n",
      }),
    );
    expect(problem).toMatchObject({ name: "Half", shortName: "H", limits: { timeMs: 2500 } });
  });

  test("inherits validator flags through its groups", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...legacy,
        "problem.yaml": "validator_flags: case_sensitive\n",
        "data/secret/testdata.yaml": "output_validator_flags: float_tolerance 1e-3\non_reject: break\n",
        "data/secret/deep/er/x.in": "",
        "data/secret/deep/er/x.ans": "",
        "data/secret/deep/testdata.yaml":
          "output_validator_flags: space_change_sensitive\ngrading: default\n",
      }),
    );
    const flags = Object.fromEntries(
      problem.tests.map((each) => [each.name, each.comparator.kind === "default" && each.comparator.flags]),
    );
    expect(flags["sample/1"]).toMatchObject({ caseSensitive: true, floatAbsoluteTolerance: null });
    expect(flags["secret/a"]).toMatchObject({ caseSensitive: true, floatAbsoluteTolerance: 1e-3 });
    expect(flags["secret/deep/er/x"]).toMatchObject({
      caseSensitive: true,
      spaceChangeSensitive: true,
      floatAbsoluteTolerance: null,
    });
    expect(problem.tests.map((each) => each.name)).toEqual([
      "sample/1",
      "secret/a",
      "secret/b",
      "secret/deep/er/x",
    ]);
  });

  test("warns of what it ignores", async () => {
    const problem = await parsePackage(
      memoryFiles({ ...legacy, "problem.yaml": "name: x\nfavourite: 1\n", "output_validators/v/v.py": "" }),
    );
    expect(problem.warnings).toEqual([
      { where: "problem.yaml", line: 2, message: expect.stringMatching(/"favourite" is ignored/) },
      { where: "output_validators/v/v.py", line: null, message: expect.stringMatching(/not used/) },
    ]);
  });

  test("lists what it includes, by language of the catalogue", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...legacy,
        "include/cpp/lib/a.h": "",
        "include/python3/b.py": "",
        "include/odin/c.odin": "",
      }),
    );
    expect(problem.includes).toEqual({
      cpp: [{ packagePath: "include/cpp/lib/a.h", path: "lib/a.h" }],
      python: [{ packagePath: "include/python3/b.py", path: "b.py" }],
    });
  });

  test("knows what its submissions promise", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...legacy,
        "submissions/wrong_answer/wa.c": "",
        "submissions/time_limit_exceeded/slow/main.cpp": "",
        "submissions/time_limit_exceeded/slow/more.h": "",
        "submissions/run_time_error/crash.py": "",
        "submissions/mixed/tagged.py": "# @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT\n",
        "submissions/mixed/untagged.unknown": "",
      }),
    );
    expect(
      problem.submissions.map((each) => [each.path, each.language, each.expected, each.files.length]),
    ).toEqual([
      ["submissions/accepted/main.py", "python", ["AC"], 1],
      ["submissions/mixed/tagged.py", "python", ["WA", "TLE"], 1],
      ["submissions/mixed/untagged.unknown", null, [], 1],
      ["submissions/run_time_error/crash.py", "python", ["RTE", "MLE", "OLE"], 1],
      ["submissions/time_limit_exceeded/slow", "cpp", ["TLE", "WA"], 2],
      ["submissions/wrong_answer/wa.c", "c", ["WA"], 1],
    ]);
  });
});

describe("a 2025-09 package", () => {
  test("is read with arguments and files of its tests", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...modern,
        "data/secret/test_group.yaml": "args: [--fast]\noutput_validator_args: [case_sensitive]\n",
        "data/secret/b.yaml": "args: ['1 2', x]\nhint: none\noutput_validator_args: []\n",
        "data/secret/b.files/deep/table.txt": "",
        "data/sample/1.in.statement": "shown instead",
      }),
    );
    expect(problem).toMatchObject({
      formatVersion: "2025-09",
      uuid: "5ca6ba5b-36d5-4eff-8aa7-d967cbc4375e",
      limits: { timeMs: 2000, fileWriting: false },
    });
    expect(problem.tests).toMatchObject([
      { name: "sample/1", args: [], files: [] },
      { name: "secret/a", args: ["--fast"], comparator: { flags: { caseSensitive: true } } },
      {
        name: "secret/b",
        args: ["1 2", "x"],
        files: [{ packagePath: "data/secret/b.files/deep/table.txt", path: "deep/table.txt" }],
        comparator: { flags: { caseSensitive: false } },
      },
    ]);
  });

  test.each(["2025-09", "2023-07", "2023-07-draft"])("goes by the version %s", async (version) => {
    const yaml = modern["problem.yaml"].replace("2025-09", version);
    expect(await parsePackage(memoryFiles({ ...modern, "problem.yaml": yaml }))).toMatchObject({
      formatVersion: "2025-09",
    });
  });

  test("reads names and languages", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...modern,
        "statement/problem.de.md": "",
        "problem.yaml": `${modernYaml.replace("name: Halves", "name: {en: Halves, de: Hälften}")}languages: [cpp, python3, odin]\n`,
      }),
    );
    expect(problem).toMatchObject({
      name: "Halves",
      names: { en: "Halves", de: "Hälften" },
      languages: ["cpp", "python"],
    });
  });

  test("may have groups, and directories within them", async () => {
    const problem = await parsePackage(memoryFiles(groups));
    expect(problem.tests.slice(1)).toMatchObject([
      { name: "secret/g/0", args: ["x"] },
      // A directory in a group is no group of its own.
      { name: "secret/g/deep/1", group: "secret/g", args: ["x"] },
    ]);
  });

  test("takes any time limit, and warns where no clock can keep it", async () => {
    expect(await withLimit("1.234")).toMatchObject({ limits: { timeMs: 1234 }, warnings: [] });
    const finer = await withLimit("0.12345");
    expect(finer.warnings).toEqual([
      { where: "problem.yaml", line: 4, message: "a time limit of 0.12345 s is finer than a millisecond" },
    ]);
  });

  test("follows submissions.yaml", async () => {
    const problem = await parsePackage(
      memoryFiles({
        ...modern,
        "submissions/other/slow.py": "",
        "submissions/other/b.py": "",
        "submissions/submissions.yaml":
          "'other/{slow,b}.*':\n  permitted: [AC, TLE]\n  required: [TLE]\nother/b.py:\n  permitted: [WA, TLE]\n  language: cpp\n",
      }),
    );
    expect(problem.submissions.map((each) => [each.path, each.language, each.expected])).toEqual([
      ["submissions/accepted/main.py", "python", ["AC"]],
      ["submissions/other/b.py", "cpp", ["TLE"]],
      ["submissions/other/slow.py", "python", ["TLE"]],
    ]);
  });
});

const without = (tree: Record<string, string>, ...paths: string[]) =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));
const yaml = (text: string) => ({ "problem.yaml": text });

const multiPass = (limits: string) => ({
  ...modern,
  ...yaml(`${modernYaml}type: multi-pass\nlimits: {time_limit: 2, ${limits}}\n`),
  "output_validator/v.py": "",
});

describe("refuses by name what it can't judge", () => {
  test.each([
    [
      "a validator in another language",
      { ...legacy, ...yaml("validation: custom\n"), "output_validators/Check.klingon": "" },
      /^output_validators\/Check.klingon: an output validator that is in no language/,
    ],
    ["VIVA", { ...legacy, "input_validators/v.viva": "" }, /^input_validators\/v.viva: .*VIVA/],
    ["special compare", { ...legacy, "domjudge-problem.ini": "special_compare = x\n" }, /special_compare/],
    ["special run", { ...legacy, "domjudge-problem.ini": "special_run = x\n" }, /special_run/],
    [
      "an unknown version",
      { ...legacy, ...yaml("problem_format_version: 2031-01\n") },
      /problem_format_version "2031-01"/,
    ],
    [
      "a validator without language (2025-09)",
      { ...modern, "output_validator/v/notes": "" },
      /^output_validator\/v: an output validator that holds neither `build` nor `run`/,
    ],
    ["too many passes", multiPass("validation_passes: 5000"), /limits.validation_passes of 5000/],
    [
      "validation beyond ours",
      { ...legacy, ...yaml("limits: {validation_time: 9999}\n") },
      /validation_time/,
    ],
    [
      "a limit beyond ours",
      { ...legacy, ...yaml("limits:\n  memory: 900000\n") },
      /^problem.yaml:2: limits.memory of 900000 MiB/,
    ],
    ["a limit below ours", { ...legacy, ...yaml("limits:\n  memory: 1\n") }, /limits.memory of 1 MiB/],
    ["a day of time", { ...legacy, ".timelimit": "86400" }, /^.timelimit:1: a time limit of 86400 s/],
    ["an endless output", { ...legacy, ...yaml("limits: {output: 4096}\n") }, /limits.output of 4096 MiB/],
  ])("%s", async (_, tree, message) => {
    const error = await failure(tree);
    expect(error.code).toBe("package_unsupported");
    expect(error.message).toMatch(message);
  });
});

test("refuses test data that no run can carry", async () => {
  const files = memoryFiles(legacy);
  const huge = {
    ...files,
    list: async () =>
      (await files.list()).map((entry) =>
        entry.path === "data/secret/a.in" ? { ...entry, size: 2 ** 27 } : entry,
      ),
  };
  await expect(parsePackage(huge)).rejects.toMatchObject({
    code: "package_unsupported",
    message: expect.stringMatching(/^data\/secret\/a.in: test data of more than 96 MiB/),
  });
});

describe("refuses what breaks the format, with file and line", () => {
  test.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    ["no problem.yaml", without(legacy, "problem.yaml"), /^problem.yaml: is missing/],
    ["problem.yaml deeper", { "x/y/problem.yaml": "" }, /there is one at x\/y\/problem.yaml/],
    ["no test data", yaml("name: x"), /^data\/secret: holds no test case/],
    [
      "samples only",
      without(legacy, ...Object.keys(legacy).filter((path) => path.includes("secret"))),
      /^data\/secret/,
    ],
    [
      "a missing answer",
      without(legacy, "data/secret/b.ans"),
      /^data\/secret\/b.ans: is missing beside b.in/,
    ],
    ["a missing input", without(legacy, "data/sample/1.in"), /^data\/sample\/1.in: is missing beside 1.ans/],
    ["a bad name", { ...legacy, "data/secret/b c.in": "" }, /"b c.in" is no valid name/],
    [
      "a bad name within a test's files",
      { ...modern, "data/secret/b.files/x y": "" },
      /"x y" is no valid name/,
    ],
    ["broken YAML", { ...legacy, ...yaml("name: x\nlimits: {memory\n") }, /^problem.yaml:\d/],
    ["a list", { ...legacy, ...yaml("- a\n") }, /must be a map/],
    ["a key twice", { ...legacy, ...yaml("name: a\nname: b\n") }, /^problem.yaml:2/],
    [
      "a wrong type",
      { ...legacy, ...yaml("name: x\nlimits:\n  memory: lots\n") },
      /^problem.yaml:3: limits.memory must be a number/,
    ],
    ["a zero limit", { ...legacy, ...yaml("limits: {memory: 0}\n") }, /more than 0/],
    ["a negative limit", { ...legacy, ...yaml("limits: {output: -1}\n") }, /more than 0/],
    ["limits as text", { ...legacy, ...yaml("limits: much\n") }, /limits must be a map/],
    ["an unknown type", { ...legacy, ...yaml("type: fun\n") }, /must be pass-fail or scoring/],
    ["an unknown validation", { ...legacy, ...yaml("validation: magic\n") }, /validation must be default/],
    [
      "a bad flag",
      { ...legacy, ...yaml("validator_flags: float_tolerance x\n") },
      /^problem.yaml:1: .*needs a number/,
    ],
    [
      "a bad group flag",
      { ...legacy, "data/secret/testdata.yaml": "output_validator_flags: wild\n" },
      /testdata.yaml:1: .*no flag/,
    ],
    [
      "a tolerance twice",
      {
        ...legacy,
        ...yaml("validator_flags: float_tolerance 1\n"),
        "data/secret/testdata.yaml": "output_validator_flags: float_tolerance 2\n",
      },
      /stated already/,
    ],
    [
      "a bad on_reject",
      { ...legacy, "data/secret/testdata.yaml": "on_reject: explode\n" },
      /break or continue/,
    ],
    ["a bad time limit", { ...legacy, ".timelimit": "soon" }, /^.timelimit:1/],
    [
      "two time limits",
      { ...legacy, "domjudge-problem.ini": "timelimit = 3\n" },
      /^domjudge-problem.ini:1: states a time limit of 3 s, but .timelimit one of 1.5 s/,
    ],
    [
      "groups in legacy-icpc",
      {
        ...legacy,
        ...yaml("problem_format_version: legacy-icpc\n"),
        "data/secret/g/1.in": "",
        "data/secret/g/1.ans": "",
      },
      /has no test groups/,
    ],
    [
      "include in legacy-icpc",
      { ...legacy, ...yaml("problem_format_version: legacy-icpc\n"), "include/cpp/a.h": "" },
      /has no include/,
    ],
    ["a byte order mark", { ...legacy, ...yaml("\ufeffname: x\n") }, /byte order mark/],
    ["no UTF-8", { ...legacy, "problem.yaml": Buffer.from([0x6e, 0xff, 0xfe]) }, /is not UTF-8/],
    ["endless nesting", { ...legacy, ...yaml(`name: ${"[".repeat(100_000)}`) }, /^problem.yaml/],
    ["an anchor bomb", { ...legacy, ...yaml("a: &a [x,x]\nname: *a\n") }, /name must be a string/],
    ["a huge problem.yaml", { ...legacy, ...yaml(`name: ${"x".repeat(2 << 20)}`) }, /is larger than/],
    [
      "an unknown key (2025-09)",
      { ...modern, ...yaml(`${modernYaml}author: me\n`) },
      /^problem.yaml:4: unknown key "author"/,
    ],
    [
      "an unknown limit (2025-09)",
      { ...modern, ...yaml(`${modernYaml}limits:\n  time_multiplier: 5\n`) },
      /problem.yaml:5: unknown key "limits.time_multiplier"/,
    ],
    ["no uuid", { ...modern, ...yaml("problem_format_version: 2025-09\nname: x\n") }, /uuid is required/],
    ["a wrong license", { ...modern, ...yaml(`${modernYaml}license: mine\n`) }, /license must be one of/],
    [
      "settings of no test",
      { ...modern, "data/secret/c.yaml": "" },
      /^data\/secret\/c.in: is missing beside c.yaml/,
    ],
    ["files of no test", { ...modern, "data/secret/c.files/x": "" }, /^data\/secret\/c.in: is missing/],
    [
      "a test_group.yaml too deep",
      { ...groups, "data/secret/g/deep/test_group.yaml": "" },
      /^data\/secret\/g\/deep\/test_group.yaml: belongs into/,
    ],
    [
      "a name without text",
      { ...modern, ...yaml(modernYaml.replace("Halves", "{en: a, fr: b}")) },
      /no text in language "fr"/,
    ],
    ["a text without name", { ...modern, "statement/problem.sv.md": "" }, /no name in language "sv"/],
    [
      "groups in sample",
      { ...modern, "data/sample/g/1.in": "", "data/sample/g/1.ans": "" },
      /data\/sample can't hold groups/,
    ],
    [
      "groups and cases",
      { ...modern, "data/secret/g/1.in": "", "data/secret/g/1.ans": "" },
      /either test cases or groups/,
    ],
    ["a misplaced test_group.yaml", { ...modern, "data/test_group.yaml": "" }, /belongs into/],
    [
      "an unknown group key",
      { ...modern, "data/secret/test_group.yaml": "on_reject: break\n" },
      /unknown key "on_reject"/,
    ],
    ["args as text", { ...modern, "data/secret/a.yaml": "args: -x\n" }, /a.yaml:1: args must be a list/],
    ["a NUL in args", { ...modern, "data/secret/a.yaml": 'args: ["a\\0b"]\n' }, /a.yaml:1: args .*NUL/],
    [
      "a long argument",
      { ...modern, "data/secret/a.yaml": `args: [${"x".repeat(5000)}]\n` },
      /a.yaml:1: args .*more than 4096 bytes/,
    ],
    [
      "many arguments",
      { ...modern, "data/secret/test_group.yaml": `args: [${"x, ".repeat(300)}]\n` },
      /test_group.yaml:1: args .*more than 256/,
    ],
    [
      "a wrong promise",
      { ...modern, "submissions/submissions.yaml": "a.py: {permitted: [XX]}\n" },
      /must list AC/,
    ],
  ])("%s", async (_, tree, message) => {
    const error = await failure(tree);
    expect(error.message).toMatch(message);
    expect(error.code).toBe("package_invalid");
  });

  test("and reports everything at once", async () => {
    const error = await failure({ ...legacy, ...yaml("limits:\n  memory: x\n  output: y\n") });
    expect(error.issues.map((issue) => [issue.where, issue.line])).toEqual([
      ["problem.yaml", 2],
      ["problem.yaml", 3],
    ]);
  });
});
