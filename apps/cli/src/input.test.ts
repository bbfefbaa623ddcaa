import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSubmission } from "./input.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-input-"));
  await mkdir(join(directory, "answers/secret"), { recursive: true });
  await mkdir(join(directory, "nothing"));
  await writeFile(join(directory, "answers/secret/2.out"), "two");
  await writeFile(join(directory, "answers/1.out"), "one");
  await symlink("/etc/hostname", join(directory, "answers/link"));
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

test("or the files of a directory, by their paths in it and without its links", async () => {
  expect(await read("answers")).toEqual([
    ["1.out", "one"],
    ["secret/2.out", "two"],
  ]);
});

test("but not a directory without any", async () => {
  await expect(readSubmission(join(directory, "nothing"))).rejects.toThrow(/nothing holds no files/);
});
