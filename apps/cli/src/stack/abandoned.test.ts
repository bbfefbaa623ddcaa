import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markOwned, removeAbandoned } from "./abandoned.ts";

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "assay-abandoned-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const make = async (name: string, change: (owner: string[]) => void): Promise<void> => {
  await mkdir(join(parent, name));
  await markOwned(join(parent, name));
  const owner = (await readFile(join(parent, name, "owner"), "utf8")).split(" ");
  change(owner);
  await writeFile(join(parent, name, "owner"), owner.join(" "));
};

/** Of a process that is over, and whose exit code has been read. */
async function deadPid(): Promise<string> {
  const child = spawn("/bin/true");
  await once(child, "exit");
  return String(child.pid);
}

test("directories of processes that are gone are removed, and only those", async () => {
  const dead = await deadPid();
  await make("assay-killed", (owner) => (owner[2] = dead));
  await make("assay-reused", (owner) => (owner[3] = "1"));
  await make("assay-reboot", (owner) => (owner[0] = "another-boot"));
  const gone = await readdir(parent);

  await make("assay-living", () => undefined);
  await make("assay-theirs", (owner) => {
    owner[1] = "pid:[1]";
    owner[2] = dead;
  });
  await make("assay-torn00", (owner) => owner.splice(1));
  await mkdir(join(parent, "assay-nobody"));
  await make("other-killed", (owner) => (owner[2] = dead));
  await symlink(join(parent, "other-killed"), join(parent, "assay-alinkk"));

  expect((await removeAbandoned(parent)).toSorted()).toEqual(
    gone.toSorted().map((name) => join(parent, name)),
  );
  expect((await readdir(parent)).toSorted()).toEqual(
    [
      "assay-alinkk",
      "assay-living",
      "assay-nobody",
      "assay-theirs",
      "assay-torn00",
      "other-killed",
    ].toSorted(),
  );
});
