import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mountsBelow, removeBuildDirectory } from "./remove-build-directory.ts";

it("finds mounts at and below a directory, deepest first", () => {
  const mountinfo = [
    "22 1 0:20 / / rw - ext4 /dev/vda rw",
    "23 22 0:21 / /images/.building/python rw - tmpfs t rw",
    "24 22 0:22 / /images/.building/python/a\\040b rw - tmpfs t rw",
    "25 22 0:23 / /images/.building/python-other rw - tmpfs t rw",
    "",
  ].join("\n");
  expect(mountsBelow("/images/.building/python", mountinfo)).toEqual([
    "/images/.building/python/a b",
    "/images/.building/python",
  ]);
});

it.skipIf(process.getuid?.() !== 0)(
  "unmounts before it removes, so that nothing behind a mount is lost",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "assay-remove-"));
    try {
      for (const name of ["host", "build/root/dev"]) mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, "host/precious"), "");
      execFileSync("mount", ["--bind", join(directory, "host"), join(directory, "build/root/dev")]);
      await removeBuildDirectory(join(directory, "build"));
      expect(existsSync(join(directory, "build"))).toBe(false);
      expect(existsSync(join(directory, "host/precious"))).toBe(true);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

it("has nothing to do where nothing is", async () => {
  await expect(removeBuildDirectory("/nonexistent/assay")).resolves.toBeUndefined();
});
