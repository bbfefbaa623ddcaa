import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import { captured, standardStreams } from "@assay/sandbox";
import type { ArtifactId, RunReport } from "@assay/sandbox";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import type { Command, Language } from "../language.ts";
import { bun } from "./bun.ts";
import { deno } from "./deno.ts";
import { javascript } from "./javascript.ts";
import { heapOption } from "./node.ts";
import { perl } from "./perl.ts";
import { php } from "./php.ts";
import { ruby } from "./ruby.ts";
import { sql } from "./sql.ts";
import { typescript } from "./typescript.ts";

// What the probes of all languages don't ask: rules of single ones. Each needs its image.
const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());

type Files = Readonly<Record<string, string>>;

const skipped = ({ image }: Language): string | null =>
  box.skip ?? (box.get().images.has(image) ? null : `(skipped: needs ./assay images build ${image})`);

const inBox = (
  language: Language,
  { argv: [program = "", ...args], env }: Command,
  { base = null, files = {}, stdin = "" }: { base?: ArtifactId | null; files?: Files; stdin?: string },
  keep: boolean,
): Promise<RunReport> => {
  const { sandbox, images } = box.get();
  const limits = keep ? defaultCompileLimits : defaultRunLimits;
  return sandbox.run(
    {
      image: images.get(language.image) ?? "",
      argv: [program, ...args],
      env,
      limits,
      fds: standardStreams({
        stdin: Buffer.from(stdin),
        outputBytes: limits.outputBytes,
        onOutputLimit: "discard",
      }),
      base,
      files: Object.entries(files).map(([path, content]) => ({
        path,
        mode: 0o644,
        content: Buffer.from(content),
      })),
      keep: keep ? { maxBytes: limits.diskBytes } : null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: false,
    },
    { signal: null },
  );
};

/** What it says: of the compilation when that fails, else of the run. */
const said = async (
  language: Language,
  files: Files,
  { args = [], stdin = "" }: { args?: readonly string[]; stdin?: string } = {},
): Promise<{ compiled: boolean; code: number | null; stdout: string; stderr: string }> => {
  const names = Object.keys(files);
  const command = language.compile(names);
  const compiled = command === null ? null : await inBox(language, command, { files }, true);
  const artifact = compiled?.artifact ?? null;
  const isRun = compiled === null || artifact !== null;
  const last = isRun
    ? await inBox(
        language,
        language.run(names, args, defaultRunLimits.memoryBytes),
        artifact === null ? { files, stdin } : { base: artifact.id, stdin },
        false,
      )
    : compiled;
  const text = (fd: number): string => Buffer.from(captured(last, fd)).toString();
  return { compiled: isRun, code: last.outcome.exitCode, stdout: text(1), stderr: text(2) };
};

const printed = (stdout: string): object => ({ compiled: true, code: 0, stdout, stderr: "" });

describe.skipIf(skipped(javascript) !== null)(`JavaScript ${skipped(javascript) ?? ""}`, () => {
  it("may recurse as deep as the stack limit lets it", async () => {
    const source = "const depth = (n) => (n === 0 ? 0 : 1 + depth(n - 1)); console.log(depth(200_000));";
    expect(await said(javascript, { "main.js": source })).toEqual(printed("200000\n"));
  });

  it("ends an endless recursion with an error that names it", async () => {
    const { code, stderr } = await said(javascript, { "main.js": "const f = () => f() + 1; f();" });
    expect(code).toBe(1);
    expect(stderr).toContain("RangeError: Maximum call stack size exceeded");
  });

  it.each<[string, Files]>([
    ["imports", { "main.js": "import { sep } from 'node:path'; console.log(sep)" }],
    ["requires", { "main.js": "const { sep } = require('node:path'); console.log(sep)" }],
    ["awaits", { "main.js": "const { sep } = await import('node:path'); console.log(sep)" }],
    ["is a module by name", { "main.mjs": "import { sep } from 'node:path'; console.log(sep)" }],
    ["is CommonJS by name", { "main.cjs": "console.log(require('node:path').sep)" }],
    ["has no extension", { "-Program": "console.log(require('node:path').sep)" }],
    [
      "mixes both kinds",
      {
        "main.mjs": "import other from './other.cjs'; console.log(other)",
        "other.cjs": "module.exports = '/'",
      },
    ],
  ])("runs a program that %s", async (_, files) => {
    expect(await said(javascript, files)).toEqual(printed("/\n"));
  });

  it("checks every file, and says in which one it fails", async () => {
    const { compiled, stderr } = await said(javascript, {
      "main.js": "0",
      "other.mjs": "export const const",
    });
    expect(compiled).toBe(false);
    expect(stderr).toContain("other.mjs:1");
  });
});

describe.skipIf(skipped(typescript) !== null)(`TypeScript ${skipped(typescript) ?? ""}`, () => {
  it("refuses wrong types", async () => {
    const { compiled, stdout } = await said(typescript, { "main.ts": "const n: number = 'x';\nvoid n;\n" });
    expect(compiled).toBe(false);
    expect(stdout).toContain("main.ts(1,7): error TS2322");
  });

  it("finds modules with and without their extension, data and package.json", async () => {
    const files = {
      "main.ts":
        "import { a } from './a'; import { b } from './b.js'; import { c } from './c.ts'; console.log(a + b + c, process.argv.length);",
      "a.ts": "export const a: number = 1;",
      "b.ts": "export const b: number = 2;",
      "c.ts": "export const c: number = 3;",
      "tsconfig.json": "{}",
    };
    expect(await said(typescript, files)).toEqual(printed("6 2\n"));
  });

  it("names lines of the sources when a program fails", async () => {
    const { code, stderr } = await said(typescript, {
      "main.ts": "interface None {}\n\n\nthrow new Error('here');\n",
    });
    expect(code).toBe(1);
    expect(stderr).toContain("main.ts:4");
  });

  it("takes a source whose name says nothing", async () => {
    expect(await said(typescript, { "-Program": "console.log(1 as number)" })).toEqual(printed("1\n"));
  });
});

describe.each([deno, bun])("$name", (language) => {
  it.skipIf(skipped(language) !== null)(`takes a nameless source ${skipped(language) ?? ""}`, async () => {
    expect(await said(language, { "-Program": "console.log(1 as number)" })).toEqual(printed("1\n"));
  });
});

it.skipIf(skipped(perl) !== null)(`keeps the order of Perl's hashes ${skipped(perl) ?? ""}`, async () => {
  const files = { "main.pl": "my %h = map { $_ => 1 } 1 .. 100; print join(' ', keys %h);" };
  expect(await said(perl, files)).toEqual(await said(perl, files));
});

it.skipIf(skipped(php) !== null)(`compiles PHP to machine code ${skipped(php) ?? ""}`, async () => {
  const files = {
    "main.php":
      "<?php function f($n) { $s = 0; for ($i = 0; $i < $n; $i++) $s += $i; return $s; } f(1000000); $jit = opcache_get_status(false)['jit']; echo $jit['on'] && $jit['buffer_free'] < $jit['buffer_size'] - 1000 ? 'compiled' : 'interpreted';",
  };
  expect(await said(php, files)).toEqual(printed("compiled"));
});

it.skipIf(skipped(ruby) !== null)(`finds Ruby's bundled gems ${skipped(ruby) ?? ""}`, async () => {
  expect(await said(ruby, { "main.rb": "require 'prime'; puts Prime.first(4).sum" })).toEqual(
    printed("17\n"),
  );
});

describe.skipIf(skipped(sql) !== null)(`SQL ${skipped(sql) ?? ""}`, () => {
  it("reads lines as they are, arguments too", async () => {
    const source =
      "SELECT rowid, line FROM stdin; SELECT argument FROM arguments; CREATE TABLE stdin (x); SELECT count(*) FROM main.stdin;";
    const stdin = `a|b,"c" \\ 'd'\n\n  e\r\nlast`;
    const args = ["it's", '"; DROP', "two\nlines\n"];
    expect(await said(sql, { "a 'b\".sql": source }, { stdin, args })).toEqual(
      printed(`1|a|b,"c" \\ 'd'\n2|\n3|  e\r\n4|last\nit's\n"; DROP\ntwo\nlines\n\n0\n`),
    );
  });

  it("stops at the first error", async () => {
    const { code, stdout, stderr } = await said(sql, { "main.sql": "SELECT 1; SELECT x; SELECT 2;" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "1\n" });
    expect(stderr).toContain("no such column: x");
  });
});

it("tells V8 how much it may take, never too little to start", () => {
  expect(heapOption(undefined)).toEqual([]);
  expect(heapOption(256 * 1024 * 1024)).toEqual(["--max-old-space-size=256"]);
  expect(heapOption(1)).toEqual(["--max-old-space-size=16"]);
});
