import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { directoryFiles } from "../package/files.ts";
import { intakePackage } from "./intake.ts";
import { packDirectory } from "./pack.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "assay-pack-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const put = async (content: Readable) => {
  const bytes = await buffer(content);
  return { digest: createHash("sha256").update(bytes).digest("hex"), size: bytes.length };
};

const makePackage = async (name: string): Promise<string> => {
  const directory = join(root, name);
  await mkdir(join(directory, "data/secret"), { recursive: true });
  await mkdir(join(directory, ".git"));
  await writeFile(join(directory, "problem.yaml"), "name: Sums\n");
  await writeFile(join(directory, ".timelimit"), "1\n");
  await writeFile(join(directory, ".git/config"), "private");
  await writeFile(join(directory, "data/secret/1.in"), "1 2\n");
  await symlink("1.in", join(directory, "data/secret/2.in"));
  return directory;
};

test("packs a directory so that taking it in gives the same files", async () => {
  const directory = await makePackage("sums");
  const { manifest, shortName } = await intakePackage(Readable.from([await packDirectory(directory)]), put);
  expect(shortName).toBe("sums");
  expect(manifest.files.map(({ path, size }) => ({ path, size }))).toEqual([
    { path: ".timelimit", size: 2 },
    { path: "data/secret/1.in", size: 4 },
    { path: "data/secret/2.in", size: 4 },
    { path: "problem.yaml", size: 11 },
  ]);
});

test("packs the same tree to the same bytes", async () => {
  const directory = await makePackage("sums");
  expect((await packDirectory(directory)).equals(await packDirectory(`${directory}/`))).toBe(true);
});

test("refuses links that leave the directory, lead nowhere or run in a circle", async () => {
  await writeFile(join(root, "outside"), "secret");
  for (const [target, message] of [
    ["../outside", /evil: this link leaves the package/],
    ["/etc/passwd", /leaves the package/],
    ["missing", /leads nowhere/],
    [".", /runs in a circle/],
  ] as const) {
    const directory = await makePackage(`p${createHash("sha1").update(target).digest("hex").slice(0, 6)}`);
    await symlink(target, join(directory, "evil"));
    await expect(packDirectory(directory)).rejects.toMatchObject({
      code: "package_unsafe",
      message: expect.stringMatching(message),
    });
    await expect(directoryFiles(directory).list()).rejects.toMatchObject({ code: "package_unsafe" });
  }
});

test("reads only files that are there", async () => {
  const files = directoryFiles(await makePackage("sums"));
  expect(Buffer.from(await files.read("data/secret/2.in")).toString()).toBe("1 2\n");
  await expect(files.read("../outside")).rejects.toMatchObject({ code: "package_invalid" });
  await expect(files.read("data")).rejects.toMatchObject({ code: "package_invalid" });
});
