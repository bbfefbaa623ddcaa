import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { craftTarGz, craftZip } from "../archive/crafted.ts";
import { convertPackage, writePackage } from "./convert.ts";
import { openSource } from "./source.ts";
import { pairs, writeTree } from "./trees.fixture.ts";

const entries = Object.entries(pairs("1", "2")).map(([name, content]) => ({ name: `sums/${name}`, content }));

test.each([
  ["a zip", craftZip(entries)],
  ["a tar.gz", craftTarGz(entries)],
  [
    "a zip without a directory around",
    craftZip(entries.map(({ name, content }) => ({ name: name.slice(5), content }))),
  ],
])("%s is read like a directory, and leaves nothing behind", async (_, archive) => {
  await using directory = await writeTree({ "sums.zip": archive });
  const source = await openSource(join(directory.path, "sums.zip"));
  expect(source.name).toBe("sums");
  expect(source.paths).toEqual(["1.in", "1.out", "2.in", "2.out"]);
  expect(await source.text("2.out")).toBe("2!\n");
  expect(source.size("2.out")).toBe(3);
  await source[Symbol.asyncDispose]();
  await expect(source.read("2.out")).rejects.toThrow(/ENOENT/u);
});

test.each<[string, Buffer, RegExp]>([
  [
    "a path out of the archive",
    craftZip([...entries, { name: "../evil", content: "x" }]),
    /leads out of|invalid relative path/u,
  ],
  ["a link", craftTarGz([...entries, { name: "l", type: "2", link: "/etc/passwd" }]), /symbolic link/u],
  ["no archive", Buffer.from("hello there"), /neither a zip nor a tar.gz/u],
])("refuses %s", async (_, archive, message) => {
  await using directory = await writeTree({ "sums.zip": archive });
  await expect(openSource(join(directory.path, "sums.zip"))).rejects.toThrow(message);
});

test("follows links inside of a directory and none out of it", async () => {
  await using directory = await writeTree(pairs("1"));
  await symlink("1.in", join(directory.path, "2.in"));
  await symlink("1.out", join(directory.path, "2.out"));
  await using source = await openSource(directory.path);
  expect(await source.text("2.in")).toBe("1\n");
  await symlink("/etc/passwd", join(directory.path, "3.in"));
  await expect(openSource(directory.path)).rejects.toThrow(/^3\.in: this link leaves the directory/u);
});

test("refuses a link in a circle and one that leads nowhere", async () => {
  await using directory = await writeTree(pairs("1"));
  await symlink(".", join(directory.path, "loop"));
  await expect(openSource(directory.path)).rejects.toThrow(/^loop: this link runs in a circle/u);
  await using other = await writeTree(pairs("1"));
  await symlink("gone", join(other.path, "x"));
  await expect(openSource(other.path)).rejects.toThrow(/^x: this link leads nowhere/u);
});

test("leaves out what systems put beside files", async () => {
  await using directory = await writeTree({
    ...pairs("1"),
    ".git/config": "private",
    "__MACOSX/._1.in": "",
    ".DS_Store": "",
  });
  await using source = await openSource(directory.path);
  expect(source.paths).toEqual(["1.in", "1.out"]);
});

test("text must be UTF-8", async () => {
  await using directory = await writeTree({ "task.yaml": Buffer.from([0xff, 0xfe, 0x61, 0]) });
  await using source = await openSource(directory.path);
  await expect(convertPackage(source)).rejects.toThrow(/^task\.yaml: is not UTF-8/u);
});

test("a written package holds what was converted, and is never written over", async () => {
  await using directory = await writeTree(pairs("1", "2"));
  await using source = await openSource(directory.path);
  const { files } = await convertPackage(source);
  const target = join(directory.path, "..", "made");
  await writePackage(files, target);
  expect((await readdir(join(target, "data/secret"))).sort()).toEqual(["01.ans", "01.in", "02.ans", "02.in"]);
  expect(await readFile(join(target, "data/secret/02.in"), "utf8")).toBe("2\n");
  await expect(writePackage(files, target)).rejects.toThrow(/EEXIST/u);
});

test("converting the same thing again gives the same bytes", async () => {
  await using directory = await writeTree(pairs("1", "2"));
  const yaml = async (): Promise<string> => {
    await using source = await openSource(directory.path);
    const { files } = await convertPackage(source);
    return Buffer.from(await files.read("problem.yaml")).toString();
  };
  expect(await yaml()).toBe(await yaml());
  await mkdir(join(directory.path, "more"));
  await writeFile(join(directory.path, "more/3.in"), "3");
  await writeFile(join(directory.path, "more/3.out"), "3");
  const other = await yaml();
  expect(other).toMatch(/uuid: [0-9a-f-]{36}\n/u);
});
