import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Identities } from "./identity.ts";
import { prepareStackPaths } from "./paths.ts";

const nobody = { name: "nobody", uid: 65_534, gid: 65_534 };
const identities: Identities = { database: nobody, server: nobody, runner: nobody, unpacker: nobody };

describe.skipIf(process.getuid?.() !== 0)("a data directory (needs root)", () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "assay-paths-"));
    await chmod(parent, 0o711);
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  test("is made, and taken again with whatever else came to lie in it", async () => {
    const data = join(parent, "data");
    await prepareStackPaths(data, identities);
    await writeFile(join(data, "notes.txt"), "of the operator");
    await expect(prepareStackPaths(data, identities)).resolves.toHaveProperty("data", data);
  });

  test("is taken where it is empty", async () => {
    await mkdir(join(parent, "data"));
    await expect(prepareStackPaths(join(parent, "data"), identities)).resolves.toBeTruthy();
  });

  test("is never one that holds other things, whose owner and mode stay as they are", async () => {
    await chmod(parent, 0o1777);
    await mkdir(join(parent, "server"));
    await expect(prepareStackPaths(parent, identities)).rejects.toThrow(/holds other things/);
    expect((await stat(parent)).mode & 0o7777).toBe(0o1777);
    expect(await readdir(parent)).toEqual(["server"]);
  });

  test("has what root uses in directories of root's own, so that no service can exchange it", async () => {
    const { data, ...rest } = await prepareStackPaths(join(parent, "data"), identities);
    for (const path of Object.values(rest)) {
      const { uid, mode } = await stat(join(path, ".."));
      expect([path, uid, mode & 0o022]).toEqual([path, 0, 0]);
    }
    expect((await stat(rest.database)).uid).toBe(0);
    expect((await stat(data)).uid).toBe(0);
  });

  test("is never made through a link that was put in a directory's place", async () => {
    const victim = join(parent, "victim");
    await mkdir(victim, { mode: 0o755 });
    const { data, blobs } = await prepareStackPaths(join(parent, "data"), identities);
    await chown(join(blobs, ".."), nobody.uid, nobody.gid);
    await rename(blobs, `${blobs}-moved`);
    await symlink(victim, blobs);
    await expect(prepareStackPaths(data, identities)).rejects.toThrow(/no link to one/);
    const { uid, mode } = await stat(victim);
    expect([uid, mode & 0o777]).toEqual([0, 0o755]);
  });

  test("is never a file", async () => {
    await writeFile(join(parent, "data"), "");
    await expect(prepareStackPaths(join(parent, "data"), identities)).rejects.toThrow(/ENOTDIR/);
  });

  test("is never where its users can't come, and the sentence names the closed door", async () => {
    await mkdir(join(parent, "private/open"), { recursive: true });
    await chmod(join(parent, "private"), 0o700);
    await expect(prepareStackPaths(join(parent, "private/open/data"), identities)).rejects.toThrow(
      `chmod o+x ${join(parent, "private")},`,
    );
    expect(await readdir(join(parent, "private/open"))).toEqual([]);
  });
});
