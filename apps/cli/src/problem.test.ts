import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAssay, type Ended } from "./testing/run-assay.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-problem-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const assay = (...args: readonly string[]): Promise<Ended> =>
  runAssay(args, {}, { cwd: directory, stdin: "" });

describe("problem new", () => {
  test.each([
    ["adding", []],
    ["judging", ["--type", "interactive"]],
    ["old", ["--format", "legacy", "--type", "scoring"]],
  ] as const)("makes the package %s", async (name, options) => {
    const made = await assay("problem", "new", name, ...options);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const listed = made.stdout.trim().split("\n");
    expect(listed).toContain(`${name}/problem.yaml`);
    expect(await readFile(join(directory, name, "problem.yaml"), "utf8")).toContain(name);
    expect((await readdir(join(directory, name, "data/secret"))).length).toBeGreaterThan(1);
  });

  test.each([
    ["a directory with files", ["adding"], /adding is not empty/],
    ["a place where nothing can be made", ["/proc/x"], /\/proc\/x can't be made/],
    ["a name with blanks", ["my problem"], /can't be named "my problem"/],
    ["a name like a flag", ["--", "-x"], /can't be named "-x"/],
    ["an unknown type", ["x", "--type", "magic"], /'magic' is invalid/],
    [
      "a type that the format lacks",
      ["x", "--type", "submit-answer", "--format", "legacy"],
      /no problems of type submit-answer/,
    ],
  ] as const)("refuses %s", async (_, args, message) => {
    const ended = await assay("problem", "new", ...args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(message);
  });
});

describe("problem convert", () => {
  test("makes a package of a folder of pairs", async () => {
    await mkdir(join(directory, "pairs"));
    for (const name of ["1.in", "1.out", "2.in", "2.out"])
      await writeFile(join(directory, "pairs", name), `${name}\n`);
    const made = await assay("problem", "convert", "pairs", "made", "--json");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(made.stdout)).toEqual({
      format: "folder",
      shortName: "pairs",
      directory: join(directory, "made"),
      files: 5,
      notes: expect.arrayContaining([expect.stringMatching(/states no limits/)]),
    });
    expect(await readFile(join(directory, "made/data/secret/02.ans"), "utf8")).toBe("2.out\n");
    const again = await assay("problem", "convert", "pairs", "made");
    expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/made is not empty/) });
    const text = await assay("problem", "convert", "pairs", "other", "--from", "folder");
    expect(text.stdout).toMatch(/^note: pairs: states no limits[\s\S]*5 files of pairs \(folder\) in /);
  });

  test.each([
    ["what is not there", ["nowhere", "x"], 2, /no such file.*nowhere/],
    ["what is no archive", ["plain.zip", "x"], 2, /neither a zip nor a tar.gz/],
    ["what is in no known format", ["empty", "x"], 2, /in no format that is known here/],
    [
      "another format than it is",
      ["pairs", "x", "--from", "polygon"],
      2,
      /problem\.xml: there is no such file/,
    ],
    ["an unknown format", ["pairs", "x", "--from", "kattis"], 2, /'kattis' is invalid/],
  ] as const)("refuses %s", async (_, args, code, message) => {
    await writeFile(join(directory, "plain.zip"), "hello");
    await mkdir(join(directory, "empty"), { recursive: true });
    await writeFile(join(directory, "empty/readme"), "hello");
    const ended = await assay("problem", "convert", ...args);
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) });
    expect(await readdir(directory)).not.toContain("x");
  });
});
