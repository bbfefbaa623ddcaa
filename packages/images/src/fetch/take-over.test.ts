import { execFile } from "node:child_process";
import { chown, link, lstat, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { readTree } from "../tree.ts";
import { takeOver } from "./take-over.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const unpacker = { uid: 64_322, gid: 64_322 };
const us = { uid: 0, gid: 0 };
const never = new AbortController().signal;
const scratch = await mkdtemp(join(tmpdir(), "assay-take-over-"));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const left = async (change: (root: string) => Promise<unknown>) => {
  const root = join(await mkdtemp(join(scratch, "tree-")), "root");
  await mkdir(join(root, "usr"), { recursive: true });
  await writeFile(join(root, "usr/file"), "file");
  await run("chown", ["-R", `${unpacker.uid}:${unpacker.gid}`, root]);
  await change(root);
  const { digest } = await readTree(root, { owner: unpacker });
  return { root, digest };
};
const names = Array.from({ length: 20 }, (_, index) => index);
const take = ({ root, digest }: { root: string; digest: string }) =>
  takeOver(root, unpacker, us, digest, {
    bounds: { sizeBytes: 1e6, entries: 20 },
    signal: never,
    progress: () => {},
  });
const mine = (path: string) => chown(path, unpacker.uid, unpacker.gid);

describe.skipIf(!isRoot)("taking over what another user's process left (needs root)", () => {
  test("makes all of it root's", async () => {
    const tree = await left(async (root) => {
      await symlink("/etc/shadow", join(root, "link"));
      await run("chown", ["-h", `${unpacker.uid}:${unpacker.gid}`, join(root, "link")]);
    });
    const shadow = await lstat("/etc/shadow");
    expect((await take(tree)).digest).toBe(tree.digest);
    for (const path of ["", "usr", "usr/file", "link"])
      expect((await lstat(join(tree.root, path))).uid).toBe(0);
    // The link was taken over, not what it leads to.
    expect(await lstat("/etc/shadow")).toMatchObject({ uid: shadow.uid, gid: shadow.gid, mode: shadow.mode });
  });

  test.each([
    [
      "a hard link to a file of root's",
      "belongs to another user",
      async (root: string) => {
        const secret = join(root, "../secret");
        await writeFile(secret, "secret", { mode: 0o600 });
        await link(secret, join(root, "usr/secret"));
      },
    ],
    [
      "a hard link to a file of its own elsewhere",
      "has another name outside of the image",
      async (root: string) => link(join(root, "usr/file"), join(root, "../kept")),
    ],
    [
      "a set-uid program",
      "is set-uid",
      async (root: string) => run("chmod", ["4755", join(root, "usr/file")]),
    ],
    [
      "a file that all may write",
      "others could write",
      async (root: string) => run("chmod", ["666", join(root, "usr/file")]),
    ],
    [
      "a pipe",
      "is no file, directory or link",
      async (root: string) => {
        await run("mkfifo", [join(root, "usr/pipe")]);
        await mine(join(root, "usr/pipe"));
      },
    ],
    [
      "a device",
      "is no file, directory or link",
      async (root: string) => {
        await run("mknod", [join(root, "usr/null"), "c", "1", "3"]);
        await mine(join(root, "usr/null"));
      },
    ],
  ])("touches nothing when there is %s", async (_, why, change) => {
    const tree = await left(change);
    await expect(take(tree)).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringContaining(why),
    });
    expect((await lstat(join(tree.root, "usr"))).uid).toBe(unpacker.uid);
    expect((await lstat(join(tree.root, "usr/file"))).uid).toBe(unpacker.uid);
  });

  test.each([
    ["bytes", (root: string) => truncate(join(root, "usr/file"), 1_000_001)],
    ["entries", (root: string) => Promise.all(names.map((n) => mkdir(join(root, `usr/${n}`))))],
  ])("reads nothing when there are more %s than were told", async (_, change) => {
    const tree = await left(async (root) => {
      await change(root);
      await run("chown", ["-R", `${unpacker.uid}:${unpacker.gid}`, root]);
    });
    await expect(take(tree)).rejects.toMatchObject({ code: "too_large" });
    expect((await lstat(join(tree.root, "usr/file"))).uid).toBe(unpacker.uid);
  });

  test("touches nothing when the tree is another one", async () => {
    const tree = await left(async () => undefined);
    await expect(take({ ...tree, digest: "0".repeat(64) })).rejects.toMatchObject({ code: "bad_archive" });
    expect((await lstat(join(tree.root, "usr/file"))).uid).toBe(unpacker.uid);
  });
});
