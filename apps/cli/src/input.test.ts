import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseLanguage, readSubmission } from "./input.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-input-"));
  await mkdir(join(directory, "answers/secret"), { recursive: true });
  await mkdir(join(directory, "nothing"));
  await writeFile(join(directory, "answers/secret/2.out"), "two");
  await writeFile(join(directory, "answers/1.out"), "one");
  await symlink("/etc/hostname", join(directory, "answers/link"));
  await mkdir(join(directory, "answers/.git"));
  await writeFile(join(directory, "answers/.git/config"), "x");
  await writeFile(join(directory, "answers/a.out"), "\u007fELF\0");
  await mkdir(join(directory, "bytes"));
  await writeFile(join(directory, "bytes/a.out"), "\u007fELF\0");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const read = async (path: string) =>
  (await readSubmission(join(directory, path))).map((file) => [
    file.path,
    Buffer.from(file.content, file.encoding).toString(),
  ]);

test("a submission is a file", async () => {
  expect(await read("answers/secret/2.out")).toEqual([["2.out", "two"]]);
});

test("or the files of a directory, by their paths in it, without its links, hidden files and what is no text", async () => {
  expect(await read("answers")).toEqual([
    ["1.out", "one"],
    ["secret/2.out", "two"],
  ]);
});

test("but not a directory without any", async () => {
  await expect(readSubmission(join(directory, "nothing"))).rejects.toThrow(/nothing holds no files/);
  await expect(readSubmission(join(directory, "bytes"))).rejects.toThrow(/bytes holds no text files/);
});

const source = (path: string, content: string) => ({
  path,
  content: Buffer.from(content).toString("base64"),
  encoding: "base64" as const,
});

test("a language is told by extension or first line", () => {
  const chosen = (...files: ReturnType<typeof source>[]) => chooseLanguage("it", files, undefined);
  expect(chosen(source("a.py", "print(1)"))).toMatchObject({
    language: { id: "python" },
    selector: "python",
  });
  expect(chosen(source("a", "#!/bin/bash\n"))).toMatchObject({ selector: "bash" });
  expect(chosen(source("a.cpp", ""), source("a.h", ""))).toMatchObject({ selector: "cpp" });
  expect(() => chosen(source("a", "x"))).toThrow(/^can't tell the language of it by its extension/);
  expect(() => chosen(source("a.py", ""), source("b.cpp", ""))).toThrow(
    "it holds sources in python and cpp; say --language",
  );
});

const asked = (selector: string) => chooseLanguage("a.c", [source("a.c", "")], selector);

test("a language that is asked for goes to the server as it was asked for", () => {
  expect(asked("py@>=3")).toMatchObject({ language: { family: "python" }, selector: "py@>=3" });
  expect(() => asked("python@2")).toThrow(/^there is no python 2; there are 3\.11/);
  expect(() => asked("klingon")).toThrow(/^there is no language "klingon"; there are /);
});
