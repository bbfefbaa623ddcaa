import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LanguageReport } from "@assay/contracts";
import { definitionDigest, languageById } from "@assay/languages";
import type { Language } from "@assay/languages";
import { temporaryDirectory } from "@assay/testing";
import { expect, test } from "vitest";
import { reportStore } from "./report-store.ts";

const python = languageById("python");
if (python === null) throw new Error("the catalogue has no python");
const digest = "ab".repeat(32);

const reportOf = async (language: Language): Promise<LanguageReport> => ({
  language: language.id,
  version: "3.11.2",
  image: { name: "python", digest },
  definition: await definitionDigest(language),
  machine: "here",
  isolation: [],
  at: "2026-01-02T03:04:05.000Z",
  passed: true,
  probes: [{ name: "hello", status: "passed", reason: null }],
  startUp: null,
});

test("a report is found again for the same image and the same commands only", async () => {
  await using directory = await temporaryDirectory();
  const store = reportStore(directory.path);
  expect(await store.read(python, digest)).toBe(null);
  const report = await reportOf(python);
  await store.write(report);
  expect(await store.read(python, digest)).toEqual(report);
  expect(await store.read(python, "cd".repeat(32))).toBe(null);
  const other: Language = { ...python, run: (files) => ({ argv: ["python3", ...files], env: {} }) };
  expect(await store.read(other, digest)).toBe(null);
  expect(await store.read({ ...python, without: { socket: "it has none" } }, digest)).toBe(null);
});

test("ids of releases become file names, and never a path", async () => {
  await using directory = await temporaryDirectory();
  const store = reportStore(directory.path);
  for (const id of ["python@3.13", "../../escape"]) {
    const language: Language = { ...python, id };
    await store.write(await reportOf(language));
    expect(await store.read(language, digest)).toMatchObject({ language: id });
  }
  expect((await readdir(directory.path)).toSorted()).toEqual(["reports"]);
  expect((await readdir(join(directory.path, "reports"))).toSorted()).toEqual([
    "..%2F..%2Fescape.json",
    "python%403.13.json",
  ]);
});

test.each([
  ["half a file", '{"language":"python","ver'],
  ["another shape", '{"language":"python","passed":true}'],
  ["nothing", ""],
])("%s is no report", async (_, text) => {
  await using directory = await temporaryDirectory();
  const store = reportStore(directory.path);
  await store.write(await reportOf(python));
  await writeFile(join(directory.path, "reports/python.json"), text);
  expect(await store.read(python, digest)).toBe(null);
});

test("a report under another language's name is not that language's", async () => {
  await using directory = await temporaryDirectory();
  const store = reportStore(directory.path);
  const report = await reportOf(python);
  await store.write(report);
  await writeFile(join(directory.path, "reports/c.json"), JSON.stringify(report));
  const c = languageById("c");
  if (c === null) throw new Error("the catalogue has no c");
  expect(await store.read(c, digest)).toBe(null);
});
