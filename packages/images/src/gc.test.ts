import { createHash } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acquireStore } from "./build-lock.ts";
import { lockText } from "./image-lock.ts";
import { layout } from "./layout.ts";
import type { ImageManifest } from "./manifest.ts";
import { imageStore } from "./store.ts";
import { imageOwner, readTree } from "./tree.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-gc-"));
  chmodSync(directory, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** An image as a build leaves it, with its archive and lock. */
const place = async (
  name: string,
  content: string,
  from: ImageManifest["from"] = null,
  shared: string | null = null,
): Promise<string> => {
  const places = layout(directory);
  const staging = join(directory, ".staging");
  const root = join(staging, "root");
  mkdirSync(root, { recursive: true });
  if (shared === null) writeFileSync(join(root, "file"), content);
  else linkSync(join(places.root(shared), "file"), join(root, "file"));
  writeFileSync(join(root, "own"), content);
  const tree = await readTree(root, { owner: imageOwner(directory, root) });
  const manifest: ImageManifest = {
    name,
    digest: tree.digest,
    recipe: null,
    lock: null,
    from,
    suite: null,
    architecture: "all",
    packages: [],
    sizeBytes: tree.sizeBytes,
    entries: 3,
    created: "2026-01-02T03:04:05.000Z",
  };
  const lock = lockText({
    format: 1,
    name,
    recipe: "0".repeat(64),
    suite: "bookworm",
    architecture: "amd64",
    packages: [
      { name, version: "1", architecture: "all", size: 1, sha256: sha256(content), path: `pool/${name}.deb` },
    ],
    npm: [],
  });
  writeFileSync(join(staging, "tree"), tree.text);
  writeFileSync(join(staging, "image.json"), JSON.stringify(manifest));
  writeFileSync(join(staging, "lock.json"), lock);
  await rename(staging, places.image(tree.digest));
  for (const path of [places.names, places.locks, places.archives]) mkdirSync(path, { recursive: true });
  writeFileSync(places.name(name), `${tree.digest}\n`);
  writeFileSync(places.lockOf(name), lock);
  writeFileSync(join(places.archives, `sha256-${sha256(content)}`), "x");
  return tree.digest;
};

const images = (): string[] =>
  readdirSync(directory)
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .sort();
const archives = (): string[] => readdirSync(join(directory, "archives")).sort();
const gc = (keep: string[] = [], maxAgeDays = 30) =>
  imageStore(directory).gc({ keep: new Set(keep), maxAgeDays });

it("removes what nothing names: an older image of a name, its archive; and leaves what is named", async () => {
  const before = await place("tool", "one");
  const after = await place("tool", "two");
  const report = await gc();
  expect(images()).toEqual([after]);
  expect(archives()).toEqual([`sha256-${sha256("two")}`]);
  expect(report).toMatchObject({
    images: [{ digest: before, name: "tool" }],
    archives: { count: 1, bytes: 1 },
    leftovers: { count: 0 },
  });
  expect((await imageStore(directory).verify("tool")).state).toBe("ready");
  expect(await gc()).toMatchObject({ images: [], archives: { count: 0 } });
});

it("leaves what a job or a result names, with what that lies upon and was built from", async () => {
  const below = await place("base", "base one");
  const used = await place("tool", "one", { name: "base", digest: below });
  const newBelow = await place("base", "base two");
  const current = await place("tool", "two", { name: "base", digest: newBelow });
  await gc([used]);
  expect(images()).toEqual([below, used, newBelow, current].sort());
  expect(archives()).toHaveLength(4);
  await gc();
  expect(images()).toEqual([newBelow, current].sort());
});

it("leaves files that a remaining image shares with one that goes", async () => {
  const below = await place("base", "base one");
  const upper = await place("tool", "tool", null, below);
  await place("base", "base two");
  const report = await gc();
  expect(existsSync(join(directory, below))).toBe(false);
  // Only what is its own is freed: the file "own", "tree", "image.json", "lock.json".
  expect(report.images[0]?.bytes).toBeGreaterThan(0);
  expect(readFileSync(join(directory, upper, "root/file"), "utf8")).toBe("base one");
  expect((await imageStore(directory).verify("tool")).state).toBe("ready");
});

it("removes archives that no build has used for the given time, and pieces of others", async () => {
  await place("tool", "one");
  const other = await place("other", "two");
  const old = new Date(Date.now() - 31 * 86_400_000);
  utimesSync(join(directory, "archives", `sha256-${sha256("one")}`), old, old);
  writeFileSync(join(directory, "archives", `sha256-${sha256("three")}.0a0b.part`), "xxx");
  expect(await gc()).toMatchObject({ images: [], archives: { count: 2, bytes: 4 } });
  expect(archives()).toEqual([`sha256-${sha256("two")}`]);
  expect((await imageStore(directory).verify("other")).digest).toBe(other);
});

it("sweeps up after builds that were killed", async () => {
  await place("tool", "one");
  const { building, names } = layout(directory);
  mkdirSync(join(building, "tool/image/root"), { recursive: true });
  writeFileSync(join(building, "tool/image/root/half"), "half");
  writeFileSync(join(building, "tool.lock"), "");
  writeFileSync(join(names, "tool.new"), "");
  expect(await gc()).toMatchObject({ leftovers: { count: 2, bytes: 4 } });
  expect(readdirSync(building).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  expect(existsSync(join(building, "tool.lock"))).toBe(true);
  expect(readdirSync(names)).toEqual(["tool"]);
});

it("waits for no build: it refuses while one is running", async () => {
  await place("tool", "one");
  const after = await place("tool", "two");
  {
    await using _ = await acquireStore(layout(directory).storeLock);
    await expect(gc()).rejects.toMatchObject({ code: "locked" });
    expect(images()).toHaveLength(2);
  }
  await gc();
  expect(images()).toEqual([after]);
});
