import { appendFileSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Soundness } from "./soundness.ts";
import { readTree } from "./tree.ts";

let directory = "";
let root = "";
let reads = 0;
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const digest = "d";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-soundness-"));
  root = join(directory, "root");
  mkdirSync(join(root, "bin"), { recursive: true });
  // Enough for several slices.
  for (let index = 0; index < 600; index += 1) writeFileSync(join(root, "bin", `tool-${index}`), "content");
  reads = 0;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const soundnessOf = async (recheckMs: number): Promise<Soundness> => {
  const built = (await readTree(root, { owner })).digest;
  return new Soundness({
    recheckMs,
    readAll: async (_, onEntry) => {
      reads += 1;
      return (await readTree(root, { owner, onEntry })).digest === built ? null : "damaged";
    },
  });
};
const tool = (): string => join(root, "bin/tool-599");

it("reads an image once, and then looks at it", async () => {
  const soundness = await soundnessOf(0);
  for (let turn = 0; turn < 3; turn += 1) expect(await soundness.check(digest)).toBeNull();
  expect(reads).toBe(1);
});

it("reads it once for all that ask at the same time", async () => {
  const soundness = await soundnessOf(0);
  expect(await Promise.all([1, 2, 3].map(() => soundness.check(digest)))).toEqual([null, null, null]);
  expect(reads).toBe(1);
});

describe("sees", () => {
  it.each<[string, () => void]>([
    [
      "one byte that changed, though size and time are as before",
      () => {
        const { atime, mtime } = statSync(tool());
        writeFileSync(tool(), "cOntent");
        utimesSync(tool(), atime, mtime);
      },
    ],
    ["an appended byte", () => appendFileSync(tool(), "x")],
    ["a new file", () => writeFileSync(join(root, "bin/new"), "")],
    ["a file that is gone", () => unlinkSync(tool())],
    [
      "another file in its place",
      () => {
        unlinkSync(tool());
        writeFileSync(tool(), "CONTENT");
      },
    ],
    ["a root that is gone", () => rmSync(root, { recursive: true })],
  ])("%s", async (_, change) => {
    const soundness = await soundnessOf(0);
    expect(await soundness.check(digest)).toBeNull();
    change();
    await expect(soundness.check(digest).catch(() => "unreadable")).resolves.toMatch(/damaged|unreadable/);
    await expect(soundness.check(digest).catch(() => "unreadable")).resolves.toMatch(/damaged|unreadable/);
  });
});

it("takes no harm from a link that another image makes to its files", async () => {
  const soundness = await soundnessOf(0);
  expect(await soundness.check(digest)).toBeNull();
  linkSync(tool(), join(directory, "shared"));
  expect(await soundness.check(digest)).toBeNull();
  expect(reads).toBe(2);
  expect(await soundness.check(digest)).toBeNull();
  expect(reads).toBe(2);
});

it("believes an image again once it is mended", async () => {
  const soundness = await soundnessOf(0);
  const content = readFileSync(tool());
  writeFileSync(tool(), "other");
  expect(await soundness.check(digest)).toBe("damaged");
  writeFileSync(tool(), content);
  expect(await soundness.check(digest)).toBeNull();
});

it("does not look twice within the time that it was given", async () => {
  const soundness = await soundnessOf(3_600_000);
  expect(await soundness.check(digest)).toBeNull();
  writeFileSync(tool(), "other");
  expect(await soundness.check(digest)).toBeNull();
  expect(await soundness.read(digest)).toBe("damaged");
});
