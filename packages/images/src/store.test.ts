import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layout } from "./layout.ts";
import { acquireLock } from "./build-lock.ts";
import type { ImageManifest } from "./manifest.ts";
import { recipes } from "./recipes/index.ts";
import { imageStore } from "./store.ts";
import { imageOwner, readTree } from "./tree.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-images-"));
  chmodSync(directory, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Puts an image there as a build leaves it; its content is one program that prints its own text. */
const place = async (name: string, content: string): Promise<string> => {
  const staging = join(directory, "staging");
  const root = join(staging, "root");
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  writeFileSync(join(root, "usr/bin/tool"), content, { mode: 0o755 });
  symlinkSync("usr/bin", join(root, "bin"));
  const tree = await readTree(root, { owner: imageOwner(directory, root) });
  const manifest: ImageManifest = {
    name,
    digest: tree.digest,
    recipe: "0".repeat(64),
    lock: null,
    from: null,
    suite: "bookworm",
    architecture: "amd64",
    packages: [{ name: "tool", version: "1.0-1", architecture: "amd64" }],
    sizeBytes: tree.sizeBytes,
    entries: 5,
    created: "2026-01-02T03:04:05.000Z",
  };
  const places = layout(directory);
  writeFileSync(join(staging, "tree"), tree.text);
  writeFileSync(join(staging, "image.json"), JSON.stringify(manifest));
  execFileSync("mv", ["-T", staging, places.image(tree.digest)]);
  mkdirSync(places.names, { recursive: true });
  writeFileSync(places.name(name), `${tree.digest}\n`);
  return tree.digest;
};

it("shows layers that claim to lie upon each other once each", async () => {
  const [one, two] = [await place("one", "one"), await place("two", "two")];
  for (const [digest, from] of [
    [one, { name: "two", digest: two }],
    [two, { name: "one", digest: one }],
  ] as const) {
    const path = layout(directory).manifest(digest);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), from }));
  }
  expect((await imageStore(directory).layers(one)).map(({ name }) => name)).toEqual(["two", "one"]);
});

describe("a sound image", () => {
  it("is ready, is resolved, and tells what it is", async () => {
    const digest = await place("tiny", "one");
    const store = imageStore(directory);
    expect(await store.verify("tiny")).toEqual({
      name: "tiny",
      digest,
      state: "ready",
      reason: null,
      sizeBytes: 3,
      builtAt: "2026-01-02T03:04:05.000Z",
      packages: [{ name: "tool", version: "1.0-1", architecture: "amd64" }],
    });
    expect(await store.resolve("tiny")).toMatchObject({
      name: "tiny",
      digest,
      root: `${directory}/${digest}/root`,
    });
  });

  it("stands in the list between the ones that ship with Assay and were not built", async () => {
    await place("tiny", "one");
    mkdirSync(join(directory, "names", "lost+found"));
    const list = await imageStore(directory).list();
    expect(list.map(({ name, state }) => `${name} ${state}`)).toEqual(
      [...[...recipes.keys()].map((name) => `${name} missing`), "tiny ready"].sort(),
    );
  });

  it("is removed with all earlier ones of its name, and no other", async () => {
    const before = await place("tiny", "one");
    const after = await place("tiny", "two");
    const other = await place("other", "three");
    const store = imageStore(directory);
    await store.remove("tiny");
    for (const digest of [before, after]) expect(existsSync(join(directory, digest))).toBe(false);
    expect((await store.verify("other")).digest).toBe(other);
    expect((await store.verify("tiny")).state).toBe("missing");
    expect(readdirSync(join(directory, ".building"))).toEqual(["tiny.lock"]);
    await store.remove("tiny");
  });
});

describe("a damaged image", () => {
  const damages: [string, (image: string) => void, string][] = [
    [
      "changed content",
      (image) => writeFileSync(`${image}/root/usr/bin/tool`, "evil"),
      "content of usr/bin/tool",
    ],
    ["a changed mode", (image) => chmodSync(`${image}/root/usr/bin/tool`, 0o4755), "mode of usr/bin/tool"],
    ["an added file", (image) => writeFileSync(`${image}/root/usr/bin/extra`, ""), "usr/bin/extra was added"],
    ["a missing file", (image) => rmSync(`${image}/root/usr/bin/tool`), "usr/bin/tool is missing"],
    ["no root", (image) => rmSync(`${image}/root`, { recursive: true }), "ENOENT"],
    [
      "a root that is a link",
      (image) => {
        execFileSync("mv", [`${image}/root`, `${image}/elsewhere`]);
        symlinkSync("elsewhere", `${image}/root`);
      },
      "root is not a directory",
    ],
    ["no manifest", (image) => rmSync(`${image}/image.json`), "ENOENT"],
    ["a manifest cut short", (image) => writeFileSync(`${image}/image.json`, '{"name":"ti'), "JSON"],
    [
      "another's manifest",
      (image) => {
        const text = readFileSync(`${image}/image.json`, "utf8");
        writeFileSync(`${image}/image.json`, text.replace(/[0-9a-f]{64}/, "a".repeat(64)));
      },
      "its manifest is of aaaa",
    ],
    [
      "a changed file and a list that was changed with it",
      (image) => {
        writeFileSync(`${image}/root/usr/bin/tool`, "evil");
        writeFileSync(`${image}/tree`, "assay-tree 1\n");
      },
      "list of files is damaged too",
    ],
  ];

  it.each(damages)("with %s is named so, with what to do", async (_, damage, reason) => {
    const digest = await place("tiny", "one");
    damage(join(directory, digest));
    const status = await imageStore(directory).verify("tiny");
    expect(status.state).toBe("damaged");
    expect(status.reason).toContain(reason);
    expect(status.reason).toContain("assay images build tiny");
  });

  it("names the first paths and counts the rest", async () => {
    const digest = await place("tiny", "one");
    for (let index = 0; index < 9; index += 1)
      writeFileSync(join(directory, digest, "root", `x${index}`), "");
    const { reason } = await imageStore(directory).verify("tiny");
    expect(reason).toContain("x0 was added; x1 was added");
    expect(reason).toContain("; and 4 more");
  });

  it.each(["", "../../etc", "a".repeat(64) + "b"])("is what a name of %j means", async (content) => {
    await place("tiny", "one");
    writeFileSync(join(directory, "names/tiny"), content);
    await expect(imageStore(directory).resolve("tiny")).rejects.toMatchObject({ code: "damaged" });
  });
});

it("says that a missing image is being built, while it is", async () => {
  const store = imageStore(directory);
  expect((await store.verify("tiny")).state).toBe("missing");
  {
    await using lock = await acquireLock(layout(directory).lock("tiny"), "tiny", 0);
    expect(lock.descriptor).toBeGreaterThan(0);
    expect(await store.verify("tiny")).toMatchObject({ state: "building", digest: null });
    const digest = await place("tiny", "one");
    expect(await store.verify("tiny")).toMatchObject({ state: "ready", digest });
  }
});

it.each(["", "..", "../names", "a/b", "-x", "A", "a\0", "a".repeat(33)])(
  "refuses %j as a name",
  async (name) => {
    const store = imageStore(directory);
    for (const attempt of [() => store.resolve(name), () => store.verify(name), () => store.remove(name)])
      await expect(attempt()).rejects.toMatchObject({ code: "invalid_name" });
  },
);

it("lists a directory that does not exist", async () => {
  const list = await imageStore(join(directory, "none")).list();
  expect(list.every(({ state }) => state === "missing")).toBe(true);
});
