import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { zstdCompressSync } from "node:zlib";
import { PublishedImage } from "@assay/contracts";
import { afterAll, describe, expect, test } from "vitest";
import { labels } from "../oci/label.ts";
import { craftImage, craftTar } from "../oci/crafted.fixture.ts";
import type { CraftedEntry } from "../oci/crafted.fixture.ts";
import { installLayers } from "../oci/install.ts";
import { imageStore } from "../store.ts";
import { readTree } from "../tree.ts";
import type { ImageSource } from "./download.ts";
import { fetchImage } from "./fetch-image.ts";
import type { FetchOptions } from "./fetch-image.ts";
import { takeOver } from "./take-over.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
/** Nobody on this machine, and nobody has a process of it. */
const unpacker = { uid: 64_321, gid: 64_321 };
const us = { uid: 0, gid: 0 };
const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const scratch = await mkdtemp(join(tmpdir(), "assay-fetch-"));
await run("chmod", ["755", scratch]);
afterAll(() => rm(scratch, { recursive: true, force: true }));
const freshDirectory = (): Promise<string> => mkdtemp(join(scratch, "images-"));

const claim = (name: string, from: { name: string; digest: string } | null) => ({
  name,
  recipe: null,
  lock: null,
  from,
  suite: null,
  architecture: "amd64",
  packages: [],
});

interface Packed {
  readonly image: PublishedImage;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** A real image, made known by its layers; its digest is that of the tree that they really unpack to. */
const packed = async (
  name: string,
  layers: readonly (readonly CraftedEntry[])[],
  from: { name: string; digest: string } | null = null,
): Promise<Packed> => {
  const tars = layers.map((entries) => craftTar(...entries));
  const craft = (tree: string, below: string) => {
    const image = craftImage(
      tars.map((tar) => ({ tar, packed: zstdCompressSync(tar), mediaType: `${layerType}+zstd` })),
      { config: { config: { Labels: { [labels.image]: JSON.stringify(claim(name, from)) } } } },
    );
    const trees = [...layers.slice(1).map(() => below), tree];
    const manifest = JSON.parse(image.manifest.bytes.toString());
    for (const [index, layer] of manifest.layers.entries())
      layer.annotations = { [labels.tree]: trees[index] };
    return { ...image, manifest: { bytes: Buffer.from(JSON.stringify(manifest)) } };
  };
  const digest = await digestOf(layers.flat());
  const image = craft(digest, from?.digest ?? "0".repeat(64));
  const all = [image.manifest.bytes, image.config.bytes, ...image.layers.map(({ bytes }) => bytes)].map(
    (bytes) => Buffer.from(bytes),
  );
  const blobs = new Map(all.map((bytes) => [sha256(bytes), bytes]));
  const part = (bytes: Uint8Array) => ({ digest: sha256(bytes), size: bytes.length });
  return {
    blobs,
    image: PublishedImage.parse({
      name,
      digest,
      manifest: part(image.manifest.bytes),
      config: part(image.config.bytes),
      layers: image.layers.map(({ bytes }) => part(bytes)),
      recipe: null,
      architecture: "amd64",
      sizeBytes: 300_000,
      transferBytes: all.reduce((sum, { length }) => sum + length, 0),
      languages: [],
      publishedAt: new Date().toISOString(),
    }),
  };
};
const layerType = "application/vnd.oci.image.layer.v1.tar";

/** As an image of these entries is found to be, by unpacking it once with another digest in mind. */
const digestOf = async (entries: readonly CraftedEntry[]): Promise<string> => {
  const tar = craftTar(...entries);
  const { manifest, config, layers } = craftImage([{ tar }], {
    config: { config: { Labels: { [labels.image]: JSON.stringify(claim("x", null)) } } },
  });
  const known = new Map([config, ...layers].map(({ descriptor, bytes }) => [descriptor.digest, bytes]));
  const directory = await freshDirectory();
  const install = installLayers(directory, {
    manifestBytes: manifest.bytes,
    async *blob(digest) {
      yield known.get(digest) ?? Buffer.alloc(0);
    },
    expectedTreeDigest: "0".repeat(64),
  });
  const message = await install.then(
    () => "",
    (error: Error) => error.message,
  );
  const [digest] = /[0-9a-f]{64}/.exec(message) ?? [];
  if (digest === undefined) throw new Error(message);
  return digest;
};

const sourceOf = (blobs: ReadonlyMap<string, Uint8Array>): ImageSource & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    async *blob(digest) {
      asked.push(digest);
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw new Error("there is no such part");
      for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
    },
    mayWorkLater: () => false,
  };
};

const fetchInto = (directory: string, { image, blobs }: Packed, change: Partial<FetchOptions> = {}) =>
  fetchImage(directory, { image, source: sourceOf(blobs), unpacker, signal: never, ...change });

const content = randomBytes(200_000);
const plain: readonly CraftedEntry[] = [
  { name: "usr", type: "5" },
  { name: "usr/bin", type: "5" },
  { name: "usr/bin/tool", content: "#!/bin/sh\n", mode: 0o4755 },
  { name: "usr/bin/same", type: "1", link: "usr/bin/tool" },
  { name: "bin", type: "2", link: "usr/bin" },
  { name: "usr/data", content },
];

/** What of an images directory is an image, a name, or left over. */
const contentsOf = async (directory: string): Promise<string[]> => {
  const names = (await readdir(directory)).filter((name) => name !== ".building" && name !== "names");
  const work = await readdir(join(directory, ".building")).catch(() => []);
  return [...names, ...work.filter((name) => !name.endsWith(".lock")).map((name) => `left: ${name}`)];
};

describe.skipIf(!isRoot)("fetching an image (needs root)", () => {
  test("gives a sound image of root's under its digest and name, and says how far it is", async () => {
    const directory = await freshDirectory();
    const one = await packed("tool", [plain]);
    const told: { state: string; done: number; total: number }[] = [];
    await fetchInto(directory, one, { progress: (progress) => told.push(progress) });
    const store = imageStore(directory);
    expect(await store.verify("tool")).toMatchObject({ state: "ready", digest: one.image.digest });
    expect(await contentsOf(directory)).toEqual([one.image.digest]);
    const root = join(directory, one.image.digest, "root");
    expect(await readFile(join(root, "usr/data"))).toEqual(content);
    for (const path of ["", "usr/bin/tool", "bin", "usr/data"]) {
      const { uid, gid, mode } = await lstat(join(root, path));
      expect([uid, gid, mode & 0o7000]).toEqual([0, 0, 0]);
    }
    expect([...new Set(told.map(({ state }) => state))]).toEqual(["fetching", "unpacking", "checking"]);
    const shares = told.map(({ done, total }) => done / total);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.5);
  });

  test("fetches nothing when it is here already", async () => {
    const directory = await freshDirectory();
    const one = await packed("tool", [plain]);
    await fetchInto(directory, one);
    await rm(join(directory, "names", "tool"));
    const source = sourceOf(new Map());
    await fetchInto(directory, one, { source });
    expect(source.asked).toEqual([]);
    expect(await imageStore(directory).look("tool")).toMatchObject({ state: "ready" });
  });

  test("leaves a name alone that means something here", async () => {
    const directory = await freshDirectory();
    const [first, second] = [
      await packed("tool", [plain]),
      await packed("tool", [[...plain, { name: "usr/new", content: "new" }]]),
    ];
    await fetchInto(directory, first);
    await fetchInto(directory, second);
    expect(await imageStore(directory).look("tool")).toMatchObject({ digest: first.image.digest });
  });

  test("fetches only the layers above an image that is here, and shares its files", async () => {
    const directory = await freshDirectory();
    const base = await packed("base", [plain]);
    await fetchInto(directory, base);
    const from = { name: "base", digest: base.image.digest };
    const upper = await packed("upper", [plain, [{ name: "usr/more", content: "more" }]], from);
    const source = sourceOf(upper.blobs);
    await fetchInto(directory, upper, { source });
    const [low, high] = upper.image.layers;
    expect(source.asked).toContain(high?.digest);
    expect(source.asked).not.toContain(low?.digest);
    const inode = async (digest: string) => (await lstat(join(directory, digest, "root/usr/data"))).ino;
    expect(await inode(upper.image.digest)).toBe(await inode(base.image.digest));
    expect(await imageStore(directory).verify("upper")).toMatchObject({ state: "ready" });
    expect(await imageStore(directory).verify("base")).toMatchObject({ state: "ready" });
  });

  test("takes all layers when what is here does not fit after all", async () => {
    const directory = await freshDirectory();
    const base = await packed("base", [
      [
        { name: "usr", type: "5" },
        { name: "usr/other", content: "other" },
      ],
    ]);
    await fetchInto(directory, base);
    const upper = await packed("upper", [plain, [{ name: "usr/more", content: "more" }]], {
      name: "base",
      digest: base.image.digest,
    });
    await fetchInto(directory, upper);
    expect(await imageStore(directory).verify("upper")).toMatchObject({ state: "ready" });
  });

  describe("leaves nothing behind", () => {
    const failing = async (one: Packed, change: Partial<FetchOptions> = {}): Promise<unknown> => {
      const directory = await freshDirectory();
      const error: unknown = await fetchInto(directory, one, change).then(
        () => expect.fail("it did not throw"),
        (thrown: unknown) => thrown,
      );
      expect(await contentsOf(directory)).toEqual([]);
      expect(await imageStore(directory).look(one.image.name)).toMatchObject({ state: "missing" });
      return error;
    };

    test("when the layers unpack to another tree", async () => {
      const one = await packed("tool", [plain]);
      const image = { ...one.image, digest: "a".repeat(64) };
      expect(await failing({ ...one, image })).toMatchObject({ code: "bad_archive" });
    });

    test("when a part has other bytes, is too short or too long", async () => {
      const one = await packed("tool", [plain]);
      const [layer] = one.image.layers;
      if (layer === undefined) throw new Error("it has a layer");
      const bytes = one.blobs.get(layer.digest) ?? Buffer.alloc(0);
      const changed = Buffer.from(bytes);
      changed[1000] = (changed[1000] ?? 0) ^ 1;
      for (const other of [changed, bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])]) {
        const blobs = new Map([...one.blobs, [layer.digest, other]]);
        expect(await failing({ ...one, blobs })).toMatchObject({ code: "bad_archive" });
      }
    });

    test("when the archive is hostile", async () => {
      const one = await packed("tool", [plain]);
      const tar = craftTar({ name: "../../../../tmp/escaped", content: "x" });
      const crafted = craftImage([{ tar }], {
        config: { config: { Labels: { [labels.image]: JSON.stringify(claim("tool", null)) } } },
      });
      const all = [crafted.manifest, crafted.config, ...crafted.layers];
      const part = ({ bytes }: { bytes: Uint8Array }) => ({ digest: sha256(bytes), size: bytes.length });
      const image = {
        ...one.image,
        manifest: part(crafted.manifest),
        config: part(crafted.config),
        layers: crafted.layers.map(part),
      };
      const blobs = new Map(all.map(({ bytes }) => [sha256(bytes), Buffer.from(bytes)]));
      expect(await failing({ image, blobs })).toMatchObject({ code: "bad_archive" });
      await expect(lstat("/tmp/escaped")).rejects.toThrow("ENOENT");
    });

    test("when the disk has too little room", async () => {
      const one = await packed("tool", [plain]);
      const image = { ...one.image, sizeBytes: Number.MAX_SAFE_INTEGER };
      expect(await failing({ ...one, image })).toMatchObject({ code: "disk_full" });
    });

    test.each(["while parts come", "while it unpacks", "while it is checked"])(
      "when nobody waits for it any more, %s",
      async (when) => {
        const one = await packed("tool", [plain]);
        const stop = new AbortController();
        const state = { "while parts come": "fetching", "while it unpacks": "unpacking" }[when] ?? "checking";
        const error = await failing(one, {
          signal: stop.signal,
          progress: (progress) => {
            if (progress.state === state) stop.abort(new Error("nobody waits"));
          },
        });
        expect(error).toMatchObject({ message: "nobody waits" });
        const { stdout } = await run("ps", ["-eo", "uid"]);
        expect(stdout.split("\n").map(Number)).not.toContain(unpacker.uid);
      },
    );
  });

  test("a connection that breaks is tried again, and after some tries that is told", async () => {
    const one = await packed("tool", [plain]);
    const good = sourceOf(one.blobs);
    const broken = (times: number): ImageSource => {
      let left = times;
      return {
        async *blob(digest, signal) {
          for await (const chunk of good.blob(digest, signal)) {
            yield chunk;
            if (digest === one.image.layers[0]?.digest && left-- > 0) throw new Error("it broke");
          }
        },
        mayWorkLater: () => true,
      };
    };
    const waits: number[] = [];
    const wait = async (milliseconds: number) => void waits.push(milliseconds);
    const directory = await freshDirectory();
    await fetchInto(directory, one, { source: broken(2), wait });
    expect(waits).toEqual([500, 1000]);
    expect(await imageStore(directory).verify("tool")).toMatchObject({ state: "ready" });
    const refused = fetchInto(await freshDirectory(), one, { source: broken(100), wait });
    await expect(refused).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("it broke"),
    });
  });

  test("one that was killed half-way is begun anew", async () => {
    const directory = await freshDirectory();
    const one = await packed("tool", [plain]);
    const left = join(directory, ".building", one.image.digest);
    await mkdir(join(left, "apart/store"), { recursive: true });
    await mkdir(join(left, "blobs"));
    await writeFile(join(left, "blobs", one.image.manifest.digest), "half");
    await chown(join(left, "apart/store"), unpacker.uid, unpacker.gid);
    await fetchInto(directory, one);
    expect(await imageStore(directory).verify("tool")).toMatchObject({ state: "ready" });
    expect(await contentsOf(directory)).toEqual([one.image.digest]);
  });

  test("two at the same time are one: the second finds what the first has fetched", async () => {
    const directory = await freshDirectory();
    const one = await packed("tool", [plain]);
    const sources = [sourceOf(one.blobs), sourceOf(one.blobs)];
    await Promise.all(sources.map((source) => fetchInto(directory, one, { source })));
    expect(sources.map(({ asked }) => asked.length).toSorted((a, b) => a - b)).toEqual([0, 3]);
    expect(await imageStore(directory).verify("tool")).toMatchObject({ state: "ready" });
  });
});

describe.skipIf(!isRoot)("taking over what another user's process left (needs root)", () => {
  const left = async (change: (root: string) => Promise<unknown>) => {
    const root = join(await freshDirectory(), "root");
    await mkdir(join(root, "usr"), { recursive: true });
    await writeFile(join(root, "usr/file"), "file");
    await run("chown", ["-R", `${unpacker.uid}:${unpacker.gid}`, root]);
    await change(root);
    const { digest } = await readTree(root, { owner: unpacker });
    return { root, digest };
  };
  const take = ({ root, digest }: { root: string; digest: string }) =>
    takeOver(root, unpacker, us, digest, { signal: never, progress: () => {} });
  const mine = (path: string) => chown(path, unpacker.uid, unpacker.gid);

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

  test("touches nothing when the tree is another one", async () => {
    const tree = await left(async () => undefined);
    await expect(take({ ...tree, digest: "0".repeat(64) })).rejects.toMatchObject({ code: "bad_archive" });
    expect((await lstat(join(tree.root, "usr/file"))).uid).toBe(unpacker.uid);
  });
});
