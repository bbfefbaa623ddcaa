import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { Sources } from "./sources.ts";

async function tree() {
  const directory = await temporaryDirectory();
  const { path } = directory;
  await mkdir(join(path, "open/deep"), { recursive: true });
  await mkdir(join(path, "open-not"));
  await writeFile(join(path, "open/deep/a"), "inside");
  await writeFile(join(path, "open-not/b"), "outside");
  await symlink("deep/a", join(path, "open/good"));
  await symlink("../open-not/b", join(path, "open/bad"));
  await symlink("/etc", join(path, "open/etc"));
  await promisify(execFile)("mkfifo", [join(path, "open/pipe")]);
  const sources = await Sources.of([join(path, "open")]);
  return {
    read: async (name: string) => (await sources.read(join(path, name), 100)).toString(),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe("local sources", () => {
  it("are files below a directory, also through links that stay there", async () => {
    await using files = await tree();
    expect(await files.read("open/deep/a")).toBe("inside");
    expect(await files.read("open/good")).toBe("inside");
  });

  it("are nothing else, however it is named", async () => {
    await using files = await tree();
    const others = ["open-not/b", "open/../open-not/b", "open/bad", "open/etc/passwd", "open", "../none"];
    for (const name of others) await expect(files.read(name)).rejects.toMatchObject({ status: 400 });
    await expect(files.read("open/deep")).rejects.toThrow("not a regular file");
    await expect(files.read("open/pipe")).rejects.toThrow("not a regular file");
    await expect(files.read("open/none")).rejects.toThrow("ENOENT");
  });

  it("are none where no directory is named, but there is always nothing to read", async () => {
    const none = await Sources.of([]);
    await expect(none.read("/etc/hostname", 100)).rejects.toThrow("no directory (--src-prefix)");
    await expect(none.read("relative", 100)).rejects.toMatchObject({ status: 400 });
    expect((await none.read("/dev/null", 100)).byteLength).toBe(0);
  });

  it("are no longer than asked for", async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, "a"), "x".repeat(11));
    const sources = await Sources.of([directory.path]);
    await expect(sources.read(join(directory.path, "a"), 10)).rejects.toThrow(RangeError);
  });
});
