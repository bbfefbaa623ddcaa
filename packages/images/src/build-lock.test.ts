import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acquireLock, acquireStore, acquireWholeStore, isLocked } from "./build-lock.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-lock-"));
  path = join(directory, "deep", "python.lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("is held by one, visible to all, and free afterwards", async () => {
  expect(await isLocked(path)).toBe(false);
  {
    await using lock = await acquireLock(path, "python", 0);
    expect(lock.descriptor).toBeGreaterThan(2);
    expect(await isLocked(path)).toBe(true);
    await expect(acquireLock(path, "python", 0)).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining('"python"'),
    });
  }
  expect(await isLocked(path)).toBe(false);
  await using again = await acquireLock(path, "python", 0);
  expect(again.descriptor).toBeGreaterThan(2);
});

it("stays held while a child that inherited it lives", async () => {
  const lock = await acquireLock(path, "python", 0);
  const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore", lock.descriptor] });
  await once(child, "spawn");
  await lock[Symbol.asyncDispose]();
  expect(await isLocked(path)).toBe(true);
  child.stdin?.end();
  await once(child, "close");
  expect(await isLocked(path)).toBe(false);
});

it.skipIf(process.getuid?.() !== 0)("can't be held by another user (needs root)", async () => {
  chmodSync(directory, 0o755);
  const locks = [() => acquireLock(path, "python"), () => acquireStore(path), () => acquireWholeStore(path)];
  for (const acquire of locks) {
    // As an older version left it.
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    chmodSync(path, 0o644);
    await (await acquire())[Symbol.asyncDispose]();
    const other = ["--reuid=64324", "--regid=64324", "--clear-groups", "flock", "--nonblock", path, "true"];
    expect(spawnSync("setpriv", other, { encoding: "utf8" }).stderr).toContain("Permission denied");
  }
});
