import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { labels } from "../oci/label.ts";
import { craftImage, craftTar } from "../oci/crafted.fixture.ts";
import { imageStore } from "../store.ts";
import { boundsOf } from "./bounds.ts";
import type { ImageSource } from "./download.ts";
import { fetchImage } from "./fetch-image.ts";
import type { FetchOptions } from "./fetch-image.ts";
import { claim, content, packed, plain } from "./packed.fixture.ts";
import type { Packed } from "./packed.fixture.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
/** Nobody on this machine; another run of these tests has another one. */
const id = 64_400 + (process.pid % 100);
const unpacker = { uid: id, gid: id };
const never = new AbortController().signal;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const scratch = await mkdtemp(join(tmpdir(), "assay-fetch-"));
await run("chmod", ["755", scratch]);
afterAll(() => rm(scratch, { recursive: true, force: true }));
const freshDirectory = (): Promise<string> => mkdtemp(join(scratch, "images-"));

const part = ({ bytes }: { readonly bytes: Uint8Array }) => ({ digest: sha256(bytes), size: bytes.length });

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

const isOurs = (name: string): boolean => name !== ".building" && name !== "names" && !name.endsWith(".lock");

/** What of an images directory is an image, a name, or left over. */
const contentsOf = async (directory: string): Promise<string[]> => {
  const names = (await readdir(directory)).filter(isOurs);
  const work = await readdir(join(directory, ".building")).catch(() => []);
  return [...names, ...work.filter(isOurs).map((name) => `left: ${name}`)];
};

test.each([
  [0, 0, 120],
  [500e6, 100e6, 620],
  [8e9, 1e9, 1800],
  // A million times what was sent.
  [1e12, 1e6, 140],
])("an image of %i bytes, %i of them sent, has %i s to be unpacked", (sizeBytes, transferBytes, seconds) => {
  expect(boundsOf({ sizeBytes, transferBytes }).seconds).toBe(seconds);
});

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

    test.each([
      ["when it unpacks to more than was told", { sizeBytes: 200_000 }, "more than the 200000 bytes"],
      ["when its layers come to more than that allows", { layerBytes: 5000 }, "more than 5000 bytes"],
    ])("%s", async (_, change, message) => {
      const one = await packed("tool", [plain]);
      const bounds = { ...boundsOf(one.image), ...change };
      const error = await failing(one, { bounds });
      expect(error).toMatchObject({ code: "too_large", message: expect.stringContaining(message) });
    });

    test("when it takes longer than its size allows, and the next image has its turn", async () => {
      const one = await packed("tool", [plain]);
      const bounds = { ...boundsOf(one.image), seconds: 0 };
      const directory = await freshDirectory();
      const [error] = await Promise.all([failing(one, { bounds }), fetchInto(directory, one)]);
      expect(error).toMatchObject({ code: "too_large", message: expect.stringContaining("longer than") });
      expect(await imageStore(directory).verify("tool")).toMatchObject({ state: "ready" });
      const { stdout } = await run("ps", ["-eo", "uid"]);
      expect(stdout.split("\n").map(Number)).not.toContain(unpacker.uid);
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

  test("is out of reach for another process of who unpacks, which has another image to unpack", async () => {
    const directory = await freshDirectory();
    const one = await packed("tool", [plain]);
    const store = join(directory, ".building", one.image.digest, "apart/store");
    const other = [`--reuid=${unpacker.uid}`, `--regid=${unpacker.gid}`, "--clear-groups", "ls", store];
    const tries: string[] = [];
    const progress: FetchOptions["progress"] = ({ state }) => {
      if (state === "unpacking") tries.push(spawnSync("setpriv", other, { encoding: "utf8" }).stderr);
    };
    await fetchInto(directory, one, { progress });
    expect(tries.length).toBeGreaterThan(0);
    for (const said of tries) expect(said).toContain("Permission denied");
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

  test("two images at the same time are unpacked and taken over one after the other", async () => {
    const told: string[] = [];
    const images = [
      await packed("first", [plain]),
      await packed("second", [[...plain, { name: "usr/second", content: "second" }]]),
    ];
    await Promise.all(
      images.map(async (one) =>
        fetchInto(await freshDirectory(), one, {
          progress: ({ state }) => void (state === "fetching" || told.push(one.image.name)),
        }),
      ),
    );
    const turns = told.filter((name, index) => name !== told[index - 1]);
    expect(turns.toSorted()).toEqual(["first", "second"]);
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
