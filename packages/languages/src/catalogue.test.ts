import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { languages } from "./catalogue/index.ts";
import type { Command, Language } from "./language.ts";

// The commands of the catalogue, run for real by this machine's own compilers and interpreters. What
// the images' own do with them, the tests of the whole platform show.
const tools: Record<string, string> = { c: "gcc", cpp: "g++", python: "python3", bash: "bash" };
const missing = (id: string): string | null => {
  const tool = tools[id] ?? id;
  return existsSync(`/usr/bin/${tool}`) ? null : `/usr/bin/${tool} is not installed here`;
};

interface Workplace extends Disposable {
  run(command: Command, stdin?: string): { code: number | null; stdout: string; stderr: string };
}

const workplace = (files: Record<string, string | Uint8Array>): Workplace => {
  const directory = mkdtempSync(join(tmpdir(), "assay-languages-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return {
    run: ({ argv, env }, stdin = "") => {
      const [program = "", ...args] = argv;
      const result = spawnSync(program, args, { cwd: directory, env, input: stdin, encoding: "utf8" });
      if (result.error) throw result.error;
      return { code: result.status, stdout: result.stdout, stderr: result.stderr };
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
};

const get = (id: string): Language => {
  const language = languages.get(id);
  if (language === undefined) throw new Error(`no language ${id}`);
  return language;
};

interface Result {
  readonly compile: { readonly code: number | null; readonly stderr: string };
  readonly run: { readonly code: number | null; readonly stdout: string; readonly stderr: string } | null;
}

/** Compiles and, when that went well, runs. */
const execute = (
  id: string,
  files: Record<string, string | Uint8Array>,
  args: readonly string[] = [],
  stdin = "",
): Result => {
  const language = get(id);
  using place = workplace(files);
  const names = Object.keys(files);
  const command = language.compile(names);
  const compile = command === null ? { code: 0, stderr: "" } : place.run(command);
  return { compile, run: compile.code === 0 ? place.run(language.run(names, args), stdin) : null };
};

/** Reads a word from standard input and prints it with its first argument. */
const greeters: Record<string, Record<string, string>> = {
  c: {
    "main.c":
      '#include "greet.h"\n#include <stdio.h>\nint main(int n, char **v) { char w[9]; scanf("%8s", w); greet(w, n > 1 ? v[1] : ""); }',
    "greet.c": '#include <stdio.h>\nvoid greet(char *w, char *v) { printf("%s %s\\n", w, v); }',
    "greet.h": "void greet(char *w, char *v);",
  },
  cpp: {
    "main.cpp":
      '#include <iostream>\nstd::string join(std::string, std::string);\nint main(int, char **v) { std::string w; std::cin >> w; std::cout << join(w, v[1]) << "\\n"; }',
    "-o.cc": '#include <string>\nstd::string join(std::string a, std::string b) { return a + " " + b; }',
  },
  python: {
    "greet.py": "def join(*words): return ' '.join(words)\n",
    "main.py": "import sys, greet\nprint(greet.join(input(), sys.argv[1]))\n",
  },
  bash: {
    "library.sh": 'join() { echo "$1 $2"; }\n',
    "main.sh": 'source ./library.sh\nread -r word\njoin "$word" "$1"\n',
  },
};

describe.each([...languages.keys()])("%s", (id) => {
  const reason = missing(id);

  it("compiles and runs several files with arguments and input", ({ skip }) => {
    if (reason !== null) skip(reason);
    const { compile, run } = execute(id, greeters[id] ?? {}, ["a b"], "hello\n");
    expect(compile).toMatchObject({ code: 0, stderr: "" });
    expect(run).toEqual({ code: 0, stdout: "hello a b\n", stderr: "" });
  });

  it("passes the program's exit code on", ({ skip }) => {
    if (reason !== null) skip(reason);
    const exits: Record<string, string> = {
      c: "int main(void) { return 7; }",
      cpp: "int main() { return 7; }",
      python: "raise SystemExit(7)",
      bash: "exit 7",
    };
    expect(execute(id, { [get(id).defaultSource]: exits[id] ?? "" }).run?.code).toBe(7);
  });

  it("refuses what is not a program, and says where", ({ skip }) => {
    if (reason !== null) skip(reason);
    const source = get(id).defaultSource;
    const { compile } = execute(id, { [source]: "int main( { if ( \n" });
    expect(compile.code).not.toBe(0);
    expect(compile.stderr).toContain(source);
  });

  it("takes a source whose name says nothing", ({ skip }) => {
    if (reason !== null) skip(reason);
    const empty: Record<string, string> = {
      c: "int main(void) {}",
      cpp: "int main() {}",
      python: "",
      bash: "",
    };
    expect(execute(id, { "-Program": empty[id] ?? "" }).run).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("reads its version", ({ skip }) => {
    if (reason !== null) skip(reason);
    using place = workplace({});
    const { version } = get(id);
    const { code, stdout } = place.run(version);
    expect(code).toBe(0);
    expect(version.parse(stdout)).toMatch(/^\d+\.\d+\.\d+$/);
    for (const wrong of ["", "not found", "1.2", `${stdout}${stdout}`])
      expect(version.parse(wrong)).toBeNull();
  });
});

describe("python's check", () => {
  const reason = missing("python");

  it.for<[string, string | Uint8Array]>([
    ["bytes that are not UTF-8", Buffer.from("print('\xff')\n", "latin1")],
    ["NUL bytes", "print(1)\0\n"],
    ["brackets too deep to parse", "(".repeat(5000)],
    ["an unknown encoding", "# -*- coding: nonsense -*-\nprint(1)\n"],
  ])("refuses %s without a traceback of its own", ([, content], { skip }) => {
    if (reason !== null) skip(reason);
    const { compile } = execute("python", { "main.py": content });
    expect(compile.code).toBe(1);
    expect(compile.stderr).toContain("main.py");
    expect(compile.stderr).not.toContain("<string>");
  });

  it("is not taken over by a source that is named like a module", ({ skip }) => {
    if (reason !== null) skip(reason);
    const { compile } = execute("python", {
      "main.py": "if",
      "py_compile.py": "def compile(*a, **k): pass\n",
    });
    expect(compile.code).toBe(1);
  });

  it("checks every file, not only the one that starts", ({ skip }) => {
    if (reason !== null) skip(reason);
    const { compile } = execute("python", { "main.py": "print(1)", "other.py": "def" });
    expect(compile.code).toBe(1);
    expect(compile.stderr).toContain("other.py");
  });

  it("leaves bytecode that a changed time stamp does not make stale", ({ skip }) => {
    if (reason !== null) skip(reason);
    const language = get("python");
    using place = workplace({ "main.py": "import other", "other.py": "print('source')" });
    const command = language.compile(["main.py", "other.py"]);
    expect(command === null ? null : place.run(command).code).toBe(0);
    place.run({ argv: ["touch", "-d", "2001-01-01", "other.py"], env: language.version.env });
    const { argv, env } = language.run(["main.py", "other.py"]);
    const { stderr } = place.run({ argv: ["python3", "-v", ...argv.slice(1)], env });
    expect(stderr).toMatch(/code object from '.*__pycache__\/other\./);
  });
});

it("keeps a set's order between two processes", ({ skip }) => {
  const reason = missing("python");
  if (reason !== null) skip(reason);
  const source = { "main.py": "print({str(n) for n in range(100)})" };
  expect(execute("python", source).run).toEqual(execute("python", source).run);
});

it("links C and C++ statically", ({ skip }) => {
  const reason = missing("c");
  if (reason !== null) skip(reason);
  const reader =
    '#include <stdio.h>\nint main(void) { FILE *f = fopen("/proc/self/maps", "r"); for (int c; (c = getc(f)) != EOF;) putchar(c); }';
  const { run } = execute("c", { "main.c": reader });
  expect(run?.code).toBe(0);
  expect(run?.stdout).not.toContain(".so");
});
