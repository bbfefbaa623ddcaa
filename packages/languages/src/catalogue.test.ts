import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import { captured, standardStreams } from "@assay/sandbox";
import type { ArtifactId, RunReport } from "@assay/sandbox";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { languages } from "./catalogue/index.ts";
import type { Command, Language } from "./language.ts";

// The commands of the catalogue, run for real in boxes of the images that they name.
const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());

const get = (id: string): Language => {
  const language = languages.get(id);
  if (language === undefined) throw new Error(`no language ${id}`);
  return language;
};

type Files = Readonly<Record<string, string | Uint8Array>>;

interface InBox {
  readonly base?: ArtifactId | null;
  readonly files?: Files;
  readonly stdin?: string;
  readonly keep?: boolean;
}

const inBox = (language: Language, { argv, env }: Command, more: InBox = {}): Promise<RunReport> => {
  const { sandbox, images } = box.get();
  const [program = "", ...args] = argv;
  return sandbox.run(
    {
      image: images.get(language.image) ?? "",
      argv: [program, ...args],
      env,
      limits: more.keep === true ? defaultCompileLimits : defaultRunLimits,
      fds: standardStreams({
        stdin: Buffer.from(more.stdin ?? ""),
        outputBytes: defaultRunLimits.outputBytes,
        onOutputLimit: "discard",
      }),
      base: more.base ?? null,
      files: Object.entries(more.files ?? {}).map(([path, content]) => ({
        path,
        mode: 0o644,
        content: Buffer.from(content),
      })),
      keep: more.keep === true ? { maxBytes: defaultCompileLimits.diskBytes } : null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: false,
    },
    { signal: null },
  );
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ended = (report: RunReport): Ended => ({
  code: report.outcome.exitCode,
  stdout: Buffer.from(captured(report, 1)).toString(),
  stderr: Buffer.from(captured(report, 2)).toString(),
});

/** Compiles in one box and, when that went well, runs in another. */
const execute = async (
  id: string,
  files: Files,
  args: readonly string[] = [],
  stdin = "",
): Promise<{ compile: Ended; run: Ended | null }> => {
  const language = get(id);
  const names = Object.keys(files);
  const command = language.compile(names);
  if (command === null) throw new Error(`${id} has no compile step`);
  const compiled = await inBox(language, command, { files, keep: true });
  const base = compiled.artifact?.id ?? null;
  const run = base === null ? null : await inBox(language, language.run(names, args), { base, stdin });
  return { compile: ended(compiled), run: run === null ? null : ended(run) };
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

// Those of the core images; the probes of `assay languages test` look at all of them.
describe.skipIf(box.skip !== null).each(Object.keys(greeters))(`%s ${box.skip ?? ""}`, (id) => {
  it("compiles and runs several files with arguments and input", async () => {
    const { compile, run } = await execute(id, greeters[id] ?? {}, ["a b"], "hello\n");
    expect(compile).toMatchObject({ code: 0, stderr: "" });
    expect(run).toEqual({ code: 0, stdout: "hello a b\n", stderr: "" });
  });

  it("passes the program's exit code on", async () => {
    const exits: Record<string, string> = {
      c: "int main(void) { return 7; }",
      cpp: "int main() { return 7; }",
      python: "raise SystemExit(7)",
      bash: "exit 7",
    };
    const { run } = await execute(id, { [get(id).defaultSource]: exits[id] ?? "" });
    expect(run?.code).toBe(7);
  });

  it("refuses what is not a program, and says where", async () => {
    const source = get(id).defaultSource;
    const { compile } = await execute(id, { [source]: "int main( { if ( \n" });
    expect(compile.code).not.toBe(0);
    expect(compile.stderr).toContain(source);
  });

  it("takes a source whose name says nothing", async () => {
    const empty: Record<string, string> = {
      c: "int main(void) {}",
      cpp: "int main() {}",
      python: "",
      bash: "",
    };
    const { run } = await execute(id, { "-Program": empty[id] ?? "" });
    expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("reads its version", async () => {
    const { version } = get(id);
    const { code, stdout } = ended(await inBox(get(id), version));
    expect(code).toBe(0);
    expect(version.parse(stdout)).toMatch(/^\d+\.\d+\.\d+$/);
    for (const wrong of ["", "not found", "1.2", `${stdout}${stdout}`])
      expect(version.parse(wrong)).toBeNull();
  });
});

describe.skipIf(box.skip !== null)(`python's check ${box.skip ?? ""}`, () => {
  it.for<[string, string | Uint8Array]>([
    ["bytes that are not UTF-8", Buffer.from("print('\xff')\n", "latin1")],
    ["NUL bytes", "print(1)\0\n"],
    ["brackets too deep to parse", "(".repeat(5000)],
    ["an unknown encoding", "# -*- coding: nonsense -*-\nprint(1)\n"],
  ])("refuses %s without a traceback of its own", async ([, content]) => {
    const { compile } = await execute("python", { "main.py": content });
    expect(compile.code).toBe(1);
    expect(compile.stderr).toContain("main.py");
    expect(compile.stderr).not.toContain("<string>");
  });

  it("is not taken over by a source that is named like a module", async () => {
    const { compile } = await execute("python", {
      "main.py": "if",
      "py_compile.py": "def compile(*a, **k): pass\n",
    });
    expect(compile.code).toBe(1);
  });

  it("checks every file, not only the one that starts", async () => {
    const { compile } = await execute("python", { "main.py": "print(1)", "other.py": "def" });
    expect(compile.code).toBe(1);
    expect(compile.stderr).toContain("other.py");
  });

  it("leaves bytecode that the next box uses, although its files are younger there", async () => {
    const python = get("python");
    const files = { "main.py": "import other", "other.py": "print('source')" };
    const command = python.compile(Object.keys(files));
    if (command === null) throw new Error("python has no compile step");
    const { artifact } = await inBox(python, command, { files, keep: true });
    const { argv, env } = python.run(Object.keys(files));
    const traced = await inBox(
      python,
      { argv: ["python3", "-v", ...argv.slice(1)], env },
      { base: artifact?.id ?? null },
    );
    expect(ended(traced).stderr).toMatch(/code object from '.*__pycache__\/other\./);
  });
});

it.skipIf(box.skip !== null)("keeps a set's order between two processes", async () => {
  const source = { "main.py": "print({str(n) for n in range(100)})" };
  const [one, other] = [await execute("python", source), await execute("python", source)];
  expect(one.run).toEqual(other.run);
});

it.skipIf(box.skip !== null)("links C and C++ statically", async () => {
  const reader =
    '#include <stdio.h>\nint main(void) { FILE *f = fopen("/proc/self/maps", "r"); for (int c; (c = getc(f)) != EOF;) putchar(c); }';
  const { run } = await execute("c", { "main.c": reader });
  expect(run?.code).toBe(0);
  expect(run?.stdout).not.toContain(".so");
});

it.skipIf(box.skip !== null)("starts a Python package by its name", async () => {
  const { run } = await execute("python", {
    "game/__init__.py": "",
    "game/__main__.py": "from .board import size\nprint(size)\n",
    "game/board.py": "size = 3\n",
  });
  expect(run).toMatchObject({ code: 0, stdout: "3\n" });
});

it.skipIf(box.skip !== null)("finds headers from the top of the submission and in include/", async () => {
  const { run } = await execute("c", {
    "src/main.c": '#include "lib/two.h"\n#include "one.h"\nint main(void) { return ONE + TWO; }\n',
    "include/one.h": "#define ONE 1\n",
    "lib/two.h": "#define TWO 2\n",
  });
  expect(run?.code).toBe(3);
});
