import { cp, mkdir, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { sandboxOrSkip } from "@assay/testing";
import { captured } from "./fd.ts";
import { afterAll, describe, expect, test } from "vitest";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const never = { signal: new AbortController().signal };
let count = 0;
/** The test's image, changed; its digest is made up, as sandboxd believes its images directory. */
const imageWith = async (change: (root: string) => Promise<unknown>): Promise<string> => {
  const { image, imagesDirectory } = box.get();
  const digest = String((count += 1)).padStart(64, "0");
  const root = join(imagesDirectory, digest, "root");
  await cp(join(imagesDirectory, image, "root"), root, { recursive: true, verbatimSymlinks: true });
  await change(root);
  return digest;
};

describe.skipIf(box.skip !== null)(`an image that is out to get out of its box ${box.skip ?? ""}`, () => {
  test.each(["dev", "proc", "tmp", "w"])("mounts nothing elsewhere by what it has for /%s", async (name) => {
    const { sandbox, spec, imagesDirectory } = box.get();
    const host = join(imagesDirectory, "..", `host-${name}`);
    await mkdir(host);
    await writeFile(join(host, "precious"), "precious");
    for (const target of [host, `../../../../../../..${host}`, null]) {
      const image = await imageWith(async (root) => {
        await rm(join(root, name), { recursive: true });
        await (target === null ? writeFile(join(root, name), "") : symlink(target, join(root, name)));
      });
      const wanted = { ...spec(["sh", "-c", "echo evil >/tmp/x >/w/x"]), image };
      expect((await sandbox.run(wanted, never)).outcome).toMatchObject({
        status: "platform",
        message: expect.stringContaining(`/${name} (an image needs this empty directory)`),
      });
    }
    expect(await readdir(host)).toEqual(["precious"]);
    expect(await readFile("/proc/self/mountinfo", "utf8")).not.toContain(imagesDirectory);
    // The slot goes on.
    const { outcome } = await sandbox.run(spec(["true"]), never);
    expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
  });

  test("gives nobody rights by what it has of programs, devices and users", async () => {
    const { sandbox, spec } = box.get();
    const image = await imageWith(async (root) => {
      execFileSync("chmod", ["6755", join(root, "usr/bin/id"), join(root, "usr/bin/cat")]);
      execFileSync("mknod", ["-m", "666", join(root, "usr/null"), "c", "1", "3"]);
      await writeFile(join(root, "etc/passwd"), "me:x:0:0::/:/bin/sh\n");
    });
    const script = "id -u; id -g; cat /usr/null || echo no device; echo x >/usr/file || echo no file";
    const report = await sandbox.run({ ...spec(["sh", "-c", script]), image }, never);
    expect(String(captured(report, 1))).toMatch(/^([1-9]\d{4,})\n\1\nno device\nno file\n$/);
  });
});
