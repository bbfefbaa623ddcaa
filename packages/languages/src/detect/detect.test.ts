import { defaultCompileLimits } from "@assay/contracts";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { languages } from "../catalogue/index.ts";
import type { Language } from "../language.ts";
import { languageById, languageForFile, languageForFiles, languagesInFiles } from "./detect.ts";
import { proofs, signs } from "./signs.ts";
import { usualFamilies } from "./usual.ts";
import { isVariantOf } from "../variants.ts";

describe("languageForFile", () => {
  it.each([
    ["a.c", "c"],
    ["a.C", "cpp"],
    ["a.cc", "cpp"],
    ["a.cpp", "cpp"],
    ["a.cxx", "cpp"],
    ["a.c++", "cpp"],
    ["A.CPP", "cpp"],
    ["MAIN.PY", "python"],
    ["submissions/accepted/a.py", "python"],
    ["a.sh", "bash"],
    ["a.bash", "bash"],
  ])("%s is %s", (path, id) => {
    expect(languageForFile(path)?.id).toBe(id);
  });

  it.each(["a.h", "a.H", "a", "", ".py", "a.py/", "a.py.txt", "a.unknown"])(
    "%j is of no language",
    (path) => {
      expect(languageForFile(path)).toBeNull();
    },
  );

  it("goes by the first line where the name says nothing", () => {
    expect(languageForFile("solve", "#!/usr/bin/env python3\nprint(1)\n")?.id).toBe("python");
    expect(languageForFile("solve", Buffer.from("#!/bin/sh\necho 1\n"))?.id).toBe("bash");
    expect(languageForFile("solve", "#!/usr/bin/nothing\n")).toBeNull();
    expect(languageForFile("solve", "print(1)")).toBeNull();
    // What a name says counts for more than a line of another language.
    expect(languageForFile("a.c", "#!/usr/bin/env python3\n")?.id).toBe("c");
    expect(languageForFile("a.h", "#!/usr/bin/env python3\n")).toBeNull();
  });
});

const paths = (...all: string[]) => languageForFiles(all.map((path) => ({ path })));

describe("languageForFiles", () => {
  it("ignores files of no language", () => {
    expect(paths("a.h", "a.cpp", "b.cc", "README")?.id).toBe("cpp");
  });

  it("asks a script without an extension only where there is nothing else", () => {
    const script = { path: "tool", content: "#!/bin/bash\n" };
    expect(languageForFiles([script, { path: "README" }])?.id).toBe("bash");
    expect(languageForFiles([script, { path: "main.py" }])?.id).toBe("python");
    expect(languageForFiles([script, { path: "other", content: "#!/usr/bin/python3\n" }])).toBeNull();
  });

  it("decides nothing between two languages", () => {
    expect(paths("a.c", "b.py")).toBeNull();
    expect(paths()).toBeNull();
    expect(languagesInFiles([{ path: "b.py" }, { path: "a.c" }]).map(({ id }) => id)).toEqual([
      "python",
      "c",
    ]);
  });
});

/** A catalogue of languages of which nothing but their extensions is of interest. */
const python = languages.get("python");
if (python === undefined) throw new Error("the catalogue has no python");
const family = (name: string, ...extensions: string[]): Language => ({
  ...python,
  id: name,
  family: name,
  release: "1",
  aliases: [],
  extensions,
});
const colliding: ReadonlyMap<string, Language> = new Map(
  [
    family("bun", ".ts", ".js"),
    family("c", ".c"),
    family("c-clang", ".c"),
    family("c11", ".c"),
    family("scheme-chicken", ".scm"),
    family("deno", ".ts", ".js"),
    family("forth", ".fs", ".fth", ".f"),
    family("fortran", ".f", ".f90"),
    family("fsharp", ".fs", ".fsx"),
    family("gas", ".s", ".S", ".asm"),
    family("javascript", ".js"),
    family("lisp", ".lisp", ".lsp", ".cl"),
    family("lua", ".lua"),
    family("luajit", ".lua"),
    family("nasm", ".asm", ".nasm", ".s"),
    family("newlisp", ".lsp"),
    family("objective-c", ".m"),
    family("octave", ".m"),
    family("perl", ".pl", ".pm"),
    family("prolog", ".pl", ".pro"),
    family("pypy", ".py"),
    { ...family("python", ".py"), id: "python@3.13", release: "3.13" },
    family("python", ".py"),
    family("raku", ".raku", ".pm"),
    family("scala", ".scala", ".sc"),
    family("scheme", ".scm", ".ss", ".sc"),
    family("typescript", ".ts"),
  ].map((language) => [language.id, language]),
);

describe("an extension of several families", () => {
  it.each([
    ["a.c", "int main(void) {}", "c"],
    ["a.py", "print(1)", "python"],
    ["a.py", "#!/usr/bin/env pypy3\nprint(1)", "pypy"],
    ["a.py", "import __pypy__\n", "pypy"],
    ["a.ts", "console.log(1 as number);", "typescript"],
    ["a.ts", "console.log(Deno.args);", "deno"],
    ["a.ts", "#!/usr/bin/env -S bun run\nconsole.log(1);", "bun"],
    ["a.ts", 'import { $ } from "bun";', "bun"],
    ["a.js", "console.log(1);", "javascript"],
    ["a.js", "await Bun.write('a', 'b');", "bun"],
    ["a.lua", "print(1)", "lua"],
    ["a.lua", 'local ffi = require("ffi")', "luajit"],
    ["a.pl", "", "perl"],
    ["a.pl", 'print "Hello\\n";', "perl"],
    ["a.pl", "use strict;\nmy @words = split ' ', <STDIN>;\nprint scalar @words;\n", "perl"],
    ["a.pl", "while (<>) { chomp; print lc; }\n", "perl"],
    ["a.pl", ":- initialization(main).\nmain :- write(hello), nl, halt.\n", "prolog"],
    ["a.pl", "parent(ann, bob).\nparent(bob, cid).\n", "prolog"],
    ["a.pl", "#!/usr/bin/swipl\nmain.\n", "prolog"],
    ["a.pl", '% a fact\nmain :- format("~w~n", [42]).\n', "prolog"],
    ["a.m", "", "octave"],
    ["a.m", 'printf("%d\\n", 42);\n', "octave"],
    ["a.m", "% sums\nx = [1 2 3];\ndisp(sum(x))\n", "octave"],
    ["a.m", "function r = f(x)\n  r = x;\nend\ndisp(f(1))\n", "octave"],
    ["a.m", '#import <Foundation/Foundation.h>\nint main(void) { NSLog(@"hi"); return 0; }\n', "objective-c"],
    ["a.m", '#include <stdio.h>\nint main(void) { puts("hi"); }\n', "objective-c"],
    ["a.m", "@interface Thing\n- (int)answer;\n@end\n", "objective-c"],
    ["a.fs", 'printfn "hello"\n', "fsharp"],
    ["a.fs", "module Main\nopen System\nlet rec f x = x |> string\n", "fsharp"],
    ["a.fs", ': hello ." Hello" cr ;\nhello bye\n', "forth"],
    ["a.fs", "\\ squares\n: square ( n -- n ) dup * ;\n7 square . cr bye\n", "forth"],
    ["a.f", "      program hello\n      print *, 'hi'\n      end\n", "fortran"],
    ["a.f", ": f 1 . cr ;\nf bye\n", "forth"],
    ["a.asm", "section .text\nglobal _start\n_start:\n  mov rax, 60\n  syscall\n", "nasm"],
    ["a.asm", ".text\n.globl main\nmain:\n  movl $0, %eax\n  ret\n", "gas"],
    ["a.asm", "", "nasm"],
    ["a.s", "", "gas"],
    ["a.s", "bits 64\nglobal main\nmain: xor eax, eax\n ret\nmsg: db 'hi', 10\n", "nasm"],
    ["a.s", ".intel_syntax noprefix\n.globl main\nmain: mov eax, 0\nret\n", "gas"],
    ["a.scm", "(define (f x) x)\n(display (f 1))\n(newline)\n", "scheme"],
    ["a.scm", "(import (chicken io))\n(define x (read-line))\n(display x)\n", "scheme-chicken"],
    ["a.sc", "object Main extends App { println(1) }\n", "scala"],
    ["a.sc", "(define x 1)\n(display x)\n", "scheme"],
    ["a.lsp", '(defun f (x) x)\n(format t "~a" (f 1))\n', "lisp"],
    ["a.lsp", "(define (f x) x)\n(println (f 1))\n(exit)\n", "newlisp"],
    ["a.pm", "package A;\nuse strict;\nsub f { my $x = shift; }\n1;\n", "perl"],
    ["a.pm", "use v6;\nsub f($x) is export { $x }\n", "raku"],
  ])("%s with %j is %s", (path, content, id) => {
    expect(languageForFile(path, content, colliding)?.id).toBe(id);
  });

  it("is told by all files together", () => {
    const files = [
      { path: "main.pl", content: "\n" },
      { path: "facts.pl", content: "parent(ann, bob).\n" },
    ];
    expect(languageForFiles(files, colliding)?.id).toBe("prolog");
  });

  it("does not take longer for a hostile file, whatever repeats in it", () => {
    for (const piece of [
      "(",
      "a",
      " ",
      "\t",
      ": ",
      "$",
      "a(",
      "let ",
      "\n ",
      "-- ",
      "( ",
      "import ",
      ":-",
      "@",
    ])
      for (const extension of new Set([...colliding.values()].flatMap(({ extensions }) => extensions)))
        expect(() => languageForFile(`a${extension}`, piece.repeat(100_000), colliding)).not.toThrow();
  });

  it("has signs and proofs that keep no state", () => {
    for (const all of [...Object.values(signs), ...Object.values(proofs)])
      for (const { flags } of all) expect(flags).not.toMatch(/[gy]/);
  });
});

describe("the catalogue", () => {
  it("knows no language that is not its own key", () => {
    expect(languageById("python")?.id).toBe("python");
    for (const id of ["klingon", "", "__proto__", "constructor", "Python"])
      expect(languageById(id)).toBeNull();
  });

  it("is called by its families in the tables, not by aliases of them", () => {
    const aliases = new Set([...languages.values()].flatMap((language) => language.aliases));
    const named = [...Object.keys(signs), ...Object.keys(proofs), ...Object.values(usualFamilies)];
    expect(named.filter((name) => aliases.has(name))).toEqual([]);
  });

  it("asks for no more than a compiler gets", () => {
    for (const { compileMinimum } of languages.values())
      for (const limit of ["memoryBytes", "processes", "diskBytes"] as const)
        expect(compileMinimum[limit]).toBeLessThanOrEqual(defaultCompileLimits[limit]);
  });

  const families = new Map([...languages.values()].map((language) => [language.family, language]));
  it.each([...families.values()].map((language) => [language.family, language] as const))(
    "knows a program of %s without being told",
    (name, { extensions, defaultSource, programs }) => {
      const sharing = [...families.values()]
        .filter((other) => other.extensions.some((extension) => extensions.includes(extension)))
        .map((other) => other.family);
      const expected = isVariantOf(name, sharing)
        ? sharing.filter((other) => other === name || isVariantOf(name, [other]))
        : [name];
      // The name alone tells a family that has the extension; which one, only the content may.
      expect(sharing).toContain(languageForFile(defaultSource)?.family ?? "none");
      const directory = new URL(`../../programs/${programs}/`, import.meta.url);
      if (!existsSync(directory)) return;
      for (const probe of readdirSync(directory)) {
        // That one is a program of no language.
        if (probe === "compile-error") continue;
        const files = readdirSync(new URL(`${probe}/`, directory)).map((path) => ({
          path,
          content: readFileSync(new URL(`${probe}/${path}`, directory)),
        }));
        expect(expected, `${programs}/${probe}`).toContain(languageForFiles(files)?.family ?? "none");
      }
    },
  );
});
