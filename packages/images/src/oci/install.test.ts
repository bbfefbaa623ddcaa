import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDigest } from "../image-lock.ts";
import type { ImageManifest } from "../manifest.ts";
import { imageStore } from "../store.ts";
import { installLayers } from "./install.ts";
import { Images } from "./placed.fixture.ts";
import { publishLayers, publishedBlob } from "./store/publish.ts";
import type { PublishedImage } from "./store/publish.ts";

let server: Images;
let runner: Images;
let base: ImageManifest;
let python: ImageManifest;
let published: PublishedImage;
const asked: string[] = [];

const fillBase = (root: string): void => {
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  writeFileSync(join(root, "usr/bin/sh"), "shell", { mode: 0o755 });
};
const fillPython = (root: string): void => {
  fillBase(root);
  writeFileSync(join(root, "usr/bin/python3"), "snake", { mode: 0o755 });
};
const lock = '{"a":"lock"}\n';

beforeEach(async () => {
  server = new Images();
  runner = new Images();
  base = await server.place("base", fillBase);
  python = await server.place(
    "python",
    fillPython,
    { from: { name: "base", digest: base.digest }, lock: lockDigest(lock) },
    lock,
  );
  published = await publishLayers(server.path, "python");
  asked.length = 0;
});
afterEach(() => {
  server[Symbol.dispose]();
  runner[Symbol.dispose]();
});

const blob = (digest: string): AsyncIterable<Uint8Array> => {
  const hex = digest.replace(/^sha256:/, "");
  asked.push(hex);
  return createReadStream(publishedBlob(server.path, hex));
};
const install = (change: Partial<Parameters<typeof installLayers>[1]> = {}): Promise<void> =>
  installLayers(runner.path, {
    manifestBytes: published.manifestBytes,
    blob,
    expectedTreeDigest: python.digest,
    name: "python",
    ...change,
  });
const installed = (): string[] => readdirSync(runner.path).filter((name) => /^[0-9a-f]{64}$/.test(name));
const working = (): string[] => readdirSync(runner.places.building).filter((name) => !name.endsWith(".lock"));

describe("an image that comes as layers", () => {
  it("is the image that was sent, with all that is known of it", async () => {
    await install();
    expect(await imageStore(runner.path).verify("python")).toMatchObject({
      state: "ready",
      digest: python.digest,
      packages: python.packages,
    });
    const { created, from, ...known } = await imageStore(runner.path).resolve("python");
    expect(known).toMatchObject({ recipe: python.recipe, lock: python.lock, suite: "bookworm" });
    // What it lay upon is not here.
    expect(from).toBeNull();
    expect(created).not.toBe(python.created);
    expect(readFileSync(runner.places.imageLock(python.digest), "utf8")).toBe(lock);
    expect(asked).toEqual([published.config.hex, ...published.layers.map((layer) => layer.blob.hex)]);
    expect(working()).toEqual([]);
  });

  it("takes what it lies upon from here, as hard links, and asks only for the rest", async () => {
    await runner.place("base", fillBase);
    await install();
    expect(asked).toEqual([published.config.hex, published.layers.at(-1)?.blob.hex]);
    const shell = (digest: string) => statSync(join(runner.places.root(digest), "usr/bin/sh"));
    expect(shell(python.digest).ino).toBe(shell(base.digest).ino);
    expect((await imageStore(runner.path).resolve("python")).from).toEqual(python.from);
    expect(await imageStore(runner.path).verify("python")).toMatchObject({ state: "ready" });
  });

  it.each([
    ["damaged", (root: string) => writeFileSync(join(root, "usr/bin/sh"), "SHELL")],
    ["half gone", (root: string) => rmSync(join(root, "usr/bin/sh"))],
  ])("does not lie upon an image that is %s", async (_, break_) => {
    await runner.place("base", fillBase);
    break_(runner.places.root(base.digest));
    await install();
    expect(await imageStore(runner.path).verify("python")).toMatchObject({ state: "ready" });
    expect(asked).toEqual(expect.arrayContaining(published.layers.map((layer) => layer.blob.hex)));
  });

  it("is not asked for when it is here and sound, and replaced when it is damaged", async () => {
    await install();
    asked.length = 0;
    await install();
    expect(asked).toEqual([]);
    writeFileSync(join(runner.places.root(python.digest), "usr/bin/python3"), "SNAKE");
    await install();
    expect(await imageStore(runner.path).verify("python")).toMatchObject({ state: "ready" });
  });

  const lies: [string, () => Promise<void>, RegExp][] = [
    [
      "another tree than was asked for",
      () => install({ expectedTreeDigest: "a".repeat(64) }),
      /tree has the digest/,
    ],
    [
      "a manifest that is none",
      () => install({ manifestBytes: Buffer.from("[]") }),
      /manifest is not as it must be/,
    ],
    [
      "a manifest that is no JSON",
      () => install({ manifestBytes: Buffer.from([0xff]) }),
      /manifest is no JSON/,
    ],
    [
      "a blob with another content",
      () => install({ blob: (digest) => flipped(blob(digest)) }),
      /has the digest|no JSON|has more than/,
    ],
    ["a blob that stops early", () => install({ blob: (digest) => cut(blob(digest)) }), /bytes instead of/],
    ["a blob without end", () => install({ blob: () => endless() }), /has more than the \d+ bytes/],
    [
      "blobs in each other's place",
      () => install({ blob: () => blob(published.config.hex) }),
      /bytes|digest/,
    ],
  ];
  it.each(lies)("is refused as %s, and leaves nothing", async (_, attempt, message) => {
    await expect(attempt()).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
    expect(installed()).toEqual([]);
    expect(existsSync(runner.places.name("python"))).toBe(false);
    expect(working()).toEqual([]);
  });

  it("that breaks off throws what the stream threw, and leaves nothing", async () => {
    await expect(install({ blob: broken })).rejects.toThrow("connection lost");
    expect([...installed(), ...working()]).toEqual([]);
  });

  it("stops when it is told to, and leaves nothing", async () => {
    const abort = new AbortController();
    const progress = (): void => abort.abort();
    await expect(install({ signal: abort.signal, progress })).rejects.toMatchObject({ code: "cancelled" });
    expect([...installed(), ...working()]).toEqual([]);
  });

  it("can be installed by several at once", async () => {
    await Promise.all([install(), install(), install()]);
    expect(await imageStore(runner.path).verify("python")).toMatchObject({ state: "ready" });
  });

  it("is no image when its installation was killed, and can be installed afterwards", async () => {
    const program = `
      import { createReadStream, readFileSync } from "node:fs";
      import { installLayers } from ${JSON.stringify(join(import.meta.dirname, "install.ts"))};
      const [directory, manifest, layout, digest] = process.argv.slice(2);
      let blobs = 0;
      await installLayers(directory, {
        manifestBytes: readFileSync(layout + "/" + manifest),
        expectedTreeDigest: digest,
        name: "python",
        async *blob(name) {
          blobs += 1;
          // The configuration and the first layer are real, the second one stays out.
          if (blobs < 3) return yield* createReadStream(layout + "/" + name.slice("sha256:".length));
          process.stdout.write("half\\n");
          await new Promise(() => setInterval(() => undefined, 1000));
        },
      });`;
    const file = join(server.path, "install-half.mts");
    writeFileSync(file, program);
    const blobs = join(server.path, "oci/blobs/sha256");
    const child = spawn(process.execPath, [file, runner.path, published.manifest.hex, blobs, python.digest], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    expect(installed()).toEqual([]);
    expect(existsSync(runner.places.name("python"))).toBe(false);
    expect(working()).toEqual([python.digest]);
    await install();
    expect(await imageStore(runner.path).verify("python")).toMatchObject({ state: "ready" });
    expect(working()).toEqual([]);
  });
});

async function* flipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield Buffer.from(chunk).fill((chunk.at(-1) ?? 0) ^ 1, chunk.length - 1);
}

async function* cut(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield chunk.subarray(0, chunk.length - 1);
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(65_536);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("{");
  throw new Error("connection lost");
}
