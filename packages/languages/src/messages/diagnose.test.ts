import { describe, expect, it } from "vitest";
import { diagnoseCompilation, diagnoseRun } from "./diagnose.ts";

const failed = { status: "exited", exitCode: 1, signal: null } as const;

describe("columns", () => {
  it.each([
    ["gcc", "main.c", "\tint ä = b;", "./main.c:1:17: error: 'b' undeclared", 10],
    ["gcc", "main.c", 'char *s = "漢字🙂"; s = q;', "./main.c:1:25: error: 'q' undeclared", 23],
    ["clang", "main.c", "\tint ä = b;", "./main.c:1:11: error: use of undeclared identifier 'b'", 10],
    ["gcc", "main.c", "\ufeffint a = b;", "./main.c:1:9: error: 'b' undeclared", 9],
    ["rustc", "main.rs", 'let s = "🙂"; b;', "error[E0425]: cannot find `b`\n --> ./main.rs:1:14", 15],
    ["go", "main.go", "\tä := b", "./main.go:1:8: undefined: b", 7],
    ["gcc", "main.c", "int a = b;", "./main.c:1:9: error: 'b' undeclared", 9],
    ["tsc", "main.ts", "let a: x = 1;", "main.ts(1,8): error TS2304: Cannot find name 'x'.", 8],
    ["tsc", "main.ts", "let a: x = 1;", "main.ts:1:8 - error TS2304: Cannot find name 'x'.", 8],
  ] as const)("of %s count UTF-16 code units: %s %j", (format, path, content, said, column) => {
    expect(diagnoseCompilation(format, said, [{ path, content }])).toMatchObject([
      { file: path, line: 1, column },
    ]);
  });

  it("of Python count the indentation that its excerpt lacks", () => {
    const files = [{ path: "main.py", content: "def f():\n        return 1 / 0\nf()\n" }];
    const said =
      'Traceback (most recent call last):\n  File "/w/./main.py", line 3, in <module>\n    f()\n  File "/w/./main.py", line 2, in f\n    return 1 / 0\n           ~~^~~\nZeroDivisionError: division by zero\n';
    expect(diagnoseRun("python", failed, said, files)).toMatchObject([
      { file: "main.py", line: 2, column: 16, code: "python.zero-division" },
    ]);
  });

  // Until 3.12 marks stand below characters, since then below what a terminal shows.
  it.each([
    ["ä", 11],
    ["🙂", null],
    ["漢", null],
  ])("of Python are left out where marks below %s may mean two places", (text, column) => {
    const line = `x = '${text}' + 1 / 0`;
    const said = `Traceback (most recent call last):\n  File "/w/main.py", line 1, in <module>\n    ${line}\n    ${" ".repeat(10)}~~^~~\nZeroDivisionError: division by zero\n`;
    expect(diagnoseRun("python", failed, said, [{ path: "main.py", content: `${line}\n` }])).toMatchObject([
      { line: 1, column },
    ]);
  });
});

describe("where", () => {
  it("is the submission's own frame, not that of the library that it called", () => {
    const files = [{ path: "main.py", content: "import json\njson.loads('{')\n" }];
    const said =
      'Traceback (most recent call last):\n  File "/w/./main.py", line 2, in <module>\n    json.loads("{")\n  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads\n    return _default_decoder.decode(s)\njson.decoder.JSONDecodeError: Expecting property name: line 1 column 2 (char 1)\n';
    expect(diagnoseRun("python", failed, said, files)).toMatchObject([
      { file: "main.py", line: 2, code: "python.exception", args: { type: "json.decoder.JSONDecodeError" } },
    ]);
  });

  it("is the line that made a template of the library fail", () => {
    const files = [{ path: "main.cpp", content: "x\n".repeat(20) }];
    const said =
      "In file included from /usr/include/c++/12/algorithm:61,\n                 from ./main.cpp:1:\n/usr/include/c++/12/bits/stl_algo.h: In instantiation of 'void std::sort(...)':\n./main.cpp:9:14:   required from here\n/usr/include/c++/12/bits/stl_algo.h:1938:50: error: no match for 'operator-'\n";
    expect(diagnoseCompilation("gcc", said, files)).toMatchObject([
      { file: "main.cpp", line: 9, column: null, kind: "error", code: "cpp.no-operator" },
    ]);
  });

  it("tells two files of one name by the package of the class", () => {
    const files = [
      { path: "game/Board.java", content: "" },
      { path: "Board.java", content: "" },
    ];
    const said =
      'Exception in thread "main" java.lang.NullPointerException\n\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n\tat game.Board.move(Board.java:7)\n\tat Board.main(Board.java:3)\n';
    expect(diagnoseRun("javac", failed, said, files)).toMatchObject([
      { file: "game/Board.java", line: 7, code: "java.null-pointer" },
    ]);
  });
});

describe("which", () => {
  const files = [{ path: "main.py", content: "x\n" }];

  it("is the exception that ended the program, not the one that it was caught for", () => {
    const said =
      'Traceback (most recent call last):\n  File "/w/main.py", line 1, in <module>\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "/w/main.py", line 1, in <module>\nValueError: no such key\n';
    expect(diagnoseRun("python", failed, said, files)).toMatchObject([
      { message: "ValueError: no such key" },
    ]);
  });

  it("is none of a program that did not fail, nor of a format that nobody knows", () => {
    const said = 'Traceback (most recent call last):\n  File "/w/main.py", line 1\nKeyError: 1\n';
    expect(diagnoseRun("python", { ...failed, exitCode: 0 }, said, files)).toEqual([]);
    expect(
      diagnoseRun("python", { status: "cpu_limit", exitCode: null, signal: "SIGKILL" }, said, files),
    ).toEqual([]);
    expect(diagnoseRun(undefined, failed, said, files)).toEqual([]);
    expect(diagnoseCompilation(undefined, said, files)).toEqual([]);
  });

  it("is what the signal means, where the program says nothing", () => {
    const end = { status: "signalled", exitCode: null, signal: "SIGSEGV" } as const;
    expect(diagnoseRun("gcc", end, "", [])).toMatchObject([{ code: "c.segmentation-fault", file: null }]);
    expect(diagnoseRun("python", end, "", [])).toEqual([]);
    const abort = { ...end, signal: "SIGABRT" };
    expect(diagnoseRun("gcc", abort, "free(): invalid pointer\n", [])).toMatchObject([
      { code: "c.invalid-free" },
    ]);
  });

  it("keeps warnings and notes apart from errors", () => {
    const source = [{ path: "main.c", content: "int x;\n" }];
    const said =
      "./main.c:1:1: warning: implicit declaration of function 'f' [-Wimplicit-function-declaration]\n./main.c:1:1: note: declared here\n./main.c:1:1: fatal error: x.h: No such file or directory\n";
    expect(diagnoseCompilation("gcc", said, source).map(({ kind, message }) => [kind, message])).toEqual([
      ["warning", "implicit declaration of function 'f'"],
      ["note", "declared here"],
      ["error", "x.h: No such file or directory"],
    ]);
  });

  it("reads what Clang says", () => {
    const source = [{ path: "main.c", content: "int main(void) { x = 1 }\n" }];
    const said =
      "main.c:1:18: error: use of undeclared identifier 'x'\nmain.c:1:23: error: expected ';' after expression\n";
    expect(diagnoseCompilation("gcc", said, source).map(({ code }) => code)).toEqual([
      "cpp.undeclared",
      "c.missing-semicolon",
    ]);
  });
});
