import { describe, expect, it } from "vitest";
import type { MessageFormat } from "../language.ts";
import { diagnoseCompilation, diagnoseRun } from "./diagnose.ts";
import { ruby } from "./ruby.ts";
import { readBytes, readLines } from "./read-lines.ts";

const formats: readonly MessageFormat[] = [
  "gcc",
  "clang",
  "python",
  "javac",
  "node",
  "go",
  "rustc",
  "mono",
  "kotlinc",
  "php",
  "ruby",
  "tsc",
];

const files = [
  { path: "main.py", content: "x\n" },
  { path: "a/Main.java", content: "x\n" },
];
const failed = { status: "exited", exitCode: 1, signal: null } as const;
const MiB = 1024 * 1024;

// Texts on which a pattern that goes back and forth takes time that grows with the square of their
// length or worse: megabytes of them would not end before any time limit of a test.
const pieces = [
  "main.py:1:",
  "main.py:1:1: error: ",
  "1:",
  "a",
  " ",
  "\t",
  "'",
  "‘",
  "(",
  ": ",
  "\u001b[",
  "\u001b]8;;",
  '  File "main.py", line 1\n',
  'File "',
  "Traceback (most recent call last):\n",
  "NameError: name '",
  "main.py: error: expected ",
  "In file included from main.py:1,\n                 from main.py:1:\n",
  'Exception in thread "main" a.b: c\n\tat a.Main.f(Main.java:1)\n',
  "    at f (/w/main.py:1:1)\n",
  "Error: x\n",
  "panic: x\n\t/w/main.go:1\n",
  "error[E0001]: x\n --> main.py:1:1\n",
  "main.py(1,1): error CS0001: ",
  "PHP Fatal error:  Uncaught x in ",
  "terminate called after throwing an instance of 'std::out_of_range'\n  what():  x\n",
  "^~",
  "undefined reference to `",
  "\ud83d",
  "\0",
];

describe.each(formats)("hostile messages for %s", (format) => {
  it.each(pieces)("megabytes of %j", (piece) => {
    const text = piece.repeat(Math.ceil((4 * MiB) / piece.length));
    for (const found of [
      diagnoseCompilation(format, text, files),
      diagnoseRun(format, failed, text, files),
    ]) {
      expect(found.length).toBeLessThanOrEqual(20);
      expect(JSON.stringify(found).length).toBeLessThan(64 * 1024);
      for (const { file, message, args } of found) {
        expect(["main.py", "a/Main.java", null]).toContain(file);
        expect(`${message}${Object.values(args).join("")}`.isWellFormed()).toBe(true);
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }
    }
  });

  it("a line and a column of no file that anybody sent", () => {
    const text = [
      "/etc/passwd:1:1: error: x",
      "../../main.py:0:0: error: x",
      "/usr/include/main.py:3:3: error: x",
      "other.py:99999999999:1: error: x",
    ].join("\n");
    const places = diagnoseCompilation(format, text, files);
    expect(places.filter(({ file, line }) => file === null && line !== null)).toEqual([]);
    expect(places.filter(({ line, column }) => line === null && column !== null)).toEqual([]);
    expect(places.filter(({ line, column }) => (line ?? 1) < 1 || (column ?? 1) < 1)).toEqual([]);
  });
});

it.each<[MessageFormat, string]>([
  ["gcc", "main.go:1:9999999: error: x\n"],
  ["go", "main.go:1:9999999: x\n"],
])(
  "columns of a line without end are those of the tool for %s: each message names it again",
  (format, message) => {
    const endless = [{ path: "main.go", content: `\té${" ".repeat(MiB)}` }];
    const found = diagnoseCompilation(format, message.repeat(3000), endless);
    expect(found.map(({ column }) => column)).toEqual(Array(20).fill(9_999_999));
  },
);

it("an exception of Ruby looks for its place no further than to the next one", () => {
  let asked = 0;
  const sources = { own: () => (asked++, null), line: () => null };
  const exceptions = 500;
  const lines = [
    ...Array<string>(exceptions).fill("x:1:in `f': a (A)"),
    ...Array<string>(exceptions).fill("\tfrom y.rb:1:in `g'"),
  ];
  expect(ruby.run(lines, sources)).toHaveLength(exceptions);
  expect(asked).toBeLessThan(10 * exceptions);
});

describe("readLines", () => {
  it("takes colours and links away", () => {
    const text =
      "\u001b[01m\u001b[Kmain.c:1:2:\u001b[m \u001b]8;;https://x.example\u001b\\error\u001b]8;;\u0007: \u001b(Bx";
    expect(readLines(text, "first")).toEqual(["main.c:1:2: error: x"]);
  });

  it("looks at the beginning or at the end of what is too much", () => {
    const text = `first\n${"x\n".repeat(readBytes)}last`;
    expect(readLines(text, "first")[0]).toBe("first");
    expect(readLines(text, "first")).not.toContain("last");
    expect(readLines(text, "last").at(-1)).toBe("last");
  });

  it("cuts lines, never within a character", () => {
    const [line = ""] = readLines(`${"x".repeat(999)}🙂`, "first");
    expect(line.isWellFormed()).toBe(true);
    expect(line.length).toBe(1000);
  });
});
