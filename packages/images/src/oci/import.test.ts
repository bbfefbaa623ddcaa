import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imageStore } from "../store.ts";
import { blobOf, craftImage, craftTar, jsonBytes, sha256 } from "./crafted.fixture.ts";
import type { CraftedEntry } from "./crafted.fixture.ts";
import { importImage } from "./import.ts";
import { Images } from "./placed.fixture.ts";

let images: Images;
let yard = "";
beforeEach(() => {
  images = new Images();
  yard = mkdtempSync(join(tmpdir(), "assay-layout-"));
});
afterEach(() => {
  images[Symbol.dispose]();
  rmSync(yard, { recursive: true, force: true });
});

const index = "application/vnd.oci.image.index.v1+json";
type Blob = ReturnType<typeof blobOf>;
type Image = ReturnType<typeof craftImage>;

const put = (directory: string, { bytes, descriptor }: Blob): void => {
  mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
  writeFileSync(join(directory, "blobs/sha256", descriptor.digest.slice("sha256:".length)), bytes);
};
const pathOf = (blob: Blob | undefined): string =>
  join(yard, "blobs/sha256", blob?.descriptor.digest.slice("sha256:".length) ?? "");

/** An OCI layout in `yard`; its index names the images unless it is given. */
const layOut = (parts: readonly Image[], manifests?: readonly object[]): void => {
  for (const { manifest, config, layers } of parts)
    for (const blob of [manifest, config, ...layers]) put(yard, blob);
  writeFileSync(join(yard, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(yard, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: manifests ?? parts.map(({ manifest }) => manifest.descriptor),
    }),
  );
};

const entries: readonly CraftedEntry[] = [
  { name: "bin/tool", content: "tool", mode: 0o4755 },
  { name: "dev/null", type: "3" },
  { name: "dev/shm/left", content: "x" },
  { name: "etc/link", type: "2", link: "/bin/tool" },
  { name: "proc", type: "2", link: "/etc" },
  { name: "tmp/left", content: "x" },
  { name: "run/pipe", type: "6" },
];
const tar = craftTar(...entries);
const plain = craftImage([{ tar }]);

const importYard = (tag = "", options: { name?: string } = { name: "mine" }) =>
  importImage(images.path, `oci:${yard}${tag}`, options);
const refusal = (message: RegExp, code = "bad_archive") => ({
  name: "ImageError",
  code,
  message: expect.stringMatching(message),
});
/** What an attempt has left behind. */
const leftovers = (): string[] => [
  ...readdirSync(images.path).filter((name) => /^[0-9a-f]{64}$/.test(name)),
  ...(existsSync(images.places.names) ? readdirSync(images.places.names) : []),
  ...readdirSync(images.places.building).filter((name) => !name.endsWith(".lock")),
];
describe("an imported image", () => {
  it("is sound, fits a box, and says where it came from", async () => {
    layOut([plain]);
    const image = await importYard();
    const root = images.places.root(image.digest);
    expect(
      images
        .treeText(image.digest)
        .split("\n")
        .map((line) => line.replace(/[0-9a-f]{64}/, "SHA")),
    ).toEqual([
      "assay-tree 1",
      "d 0755 0 0 0 - .",
      "d 0755 0 0 0 - bin",
      "f 0755 0 0 4 SHA bin/tool",
      "d 0755 0 0 0 - dev",
      "d 0755 0 0 0 - etc",
      "l 0777 0 0 9 SHA etc/link",
      "d 0755 0 0 0 - proc",
      "d 0755 0 0 0 - tmp",
      "d 0755 0 0 0 - w",
      "",
    ]);
    expect(readlinkSync(join(root, "etc/link"))).toBe("/bin/tool");
    expect(await imageStore(images.path).verify("mine")).toMatchObject({
      state: "ready",
      digest: image.digest,
    });
    expect(await imageStore(images.path).resolve("mine")).toMatchObject({
      recipe: null,
      from: null,
      packages: [],
      source: {
        reference: `oci:${yard}`,
        manifest: sha256(plain.manifest.bytes),
        config: sha256(plain.config.bytes),
      },
    });
  });

  it("is the same however its layers are compressed and told of", async () => {
    const gzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    const zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    layOut([plain]);
    const { digest } = await importYard();
    layOut([craftImage([{ tar, packed: gzipSync(tar), mediaType: gzip }])]);
    expect((await importYard()).digest).toBe(digest);
    layOut([craftImage([{ tar, packed: zstdCompressSync(tar), mediaType: zstd }])]);
    expect((await importYard()).digest).toBe(digest);
  });

  it("of several layers has what the upper ones leave of the lower ones", async () => {
    const upper = craftTar(
      { name: "bin/.wh.tool" },
      { name: "bin/other", content: "2" },
      { name: "etc/.wh..wh..opq" },
    );
    layOut([craftImage([{ tar }, { tar: upper }])]);
    const { digest } = await importYard();
    const root = images.places.root(digest);
    expect(readdirSync(join(root, "bin"))).toEqual(["other"]);
    expect(readdirSync(join(root, "etc"))).toEqual([]);
  });

  it("is chosen by its tag, or by this machine's platform", async () => {
    const one = craftImage([{ tar: craftTar({ name: "one", content: "1" }) }]);
    const two = craftImage([{ tar: craftTar({ name: "two", content: "2" }) }]);
    layOut([one, two], [named(one, "one"), named(two, "registry.example/group/two:1")]);
    await expect(importYard()).rejects.toMatchObject(
      refusal(/holds 2 images for this machine; say which: "one", "registry.example\/group\/two:1"/),
    );
    expect(readdirSync(images.places.root((await importYard(":one")).digest))).toContain("one");
    const second = await importYard(":registry.example/group/two:1", {});
    expect(second.name).toBe("two");
    await expect(importYard(":three")).rejects.toThrow(
      /holds no image "three" for linux\/.*; there are "one"/,
    );

    const other = { architecture: "vax", os: "linux" };
    const elsewhere = craftImage([{ tar: craftTar({ name: "vax", content: "" }) }], { config: other });
    const inner = blobOf(
      jsonBytes({
        schemaVersion: 2,
        mediaType: index,
        manifests: [
          { ...elsewhere.manifest.descriptor, platform: other },
          one.manifest.descriptor,
          { mediaType: "application/vnd.example.signature", digest: "sha256:00", size: 1 },
        ],
      }),
      index,
    );
    put(yard, inner);
    layOut([elsewhere], [inner.descriptor]);
    expect(readdirSync(images.places.root((await importYard()).digest))).toContain("one");
    layOut([elsewhere]);
    await expect(importYard()).rejects.toMatchObject(
      refusal(/The image is for "linux\/vax"; this machine is linux\//),
    );
    layOut([elsewhere], [{ ...elsewhere.manifest.descriptor, platform: other }]);
    await expect(importYard()).rejects.toMatchObject(refusal(/holds no image for linux\//));
  });

  it("takes no name of the catalogue but when it is told to", async () => {
    const descriptor = {
      ...plain.manifest.descriptor,
      annotations: { "org.opencontainers.image.ref.name": "python" },
    };
    layOut([plain], [descriptor]);
    await expect(importYard("", {})).rejects.toThrow(/"python" is the name of an image that ships with/);
    expect((await importYard("", { name: "python" })).name).toBe("python");
    await expect(importYard("", { name: "../names" })).rejects.toMatchObject({ code: "invalid_name" });
    layOut([plain]);
    await expect(importYard("", {})).rejects.toThrow(/has no name that an image can have here/);
  });
});

describe("a hostile layout", () => {
  const attacks: [string, () => void, RegExp][] = [
    ["without its mark", () => rmSync(join(yard, "oci-layout")), /oci-layout is missing/],
    [
      "of another version",
      () => writeFileSync(join(yard, "oci-layout"), '{"imageLayoutVersion":"2"}'),
      /oci-layout/,
    ],
    ["without an index", () => rmSync(join(yard, "index.json")), /index.json is missing/],
    ["whose index is a directory", () => replace("index.json", (path) => mkdirSync(path)), /no plain file/],
    [
      "whose index is a pipe",
      () => replace("index.json", (path) => execFileSync("mkfifo", [path])),
      /no plain file/,
    ],
    [
      "whose index is large",
      () => writeFileSync(join(yard, "index.json"), Buffer.alloc(5 << 20)),
      /more than 4194304/,
    ],
    ["whose index is a link", () => moved(join(yard, "index.json")), /is a link/],
    ["whose layer is a link to itself elsewhere", () => moved(pathOf(plain.layers[0])), /is a link/],
    ["whose manifest is a link", () => moved(pathOf(plain.manifest)), /is a link/],
    ["whose blobs are a link", () => moved(join(yard, "blobs")), /is no directory/],
    ["whose blobs are below a link", () => moved(join(yard, "blobs/sha256")), /is no directory/],
    [
      "whose layer is a pipe",
      () => replace(`blobs/sha256/${sha256(tar)}`, (path) => execFileSync("mkfifo", [path])),
      /no plain file/,
    ],
    ["whose layer is missing", () => rmSync(pathOf(plain.layers[0])), /is missing/],
    [
      "whose layer is another",
      () => writeFileSync(pathOf(plain.layers[0]), Buffer.from(tar).fill(1, 600, 601)),
      /has the digest/,
    ],
    [
      "whose layer is longer",
      () => writeFileSync(pathOf(plain.layers[0]), Buffer.concat([tar, tar])),
      /more than/,
    ],
    [
      "whose layer is shorter",
      () => writeFileSync(pathOf(plain.layers[0]), tar.subarray(0, -512)),
      /bytes instead/,
    ],
    ["whose configuration is another", () => writeFileSync(pathOf(plain.config), "{}"), /bytes instead/],
    ["whose manifest is another", () => writeFileSync(pathOf(plain.manifest), "{}"), /bytes instead/],
  ];
  it.each(attacks)("%s is refused and leaves nothing", async (_, attack, message) => {
    layOut([plain]);
    attack();
    await expect(importYard()).rejects.toMatchObject(refusal(message));
    expect(leftovers()).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)("whose layer is a device is refused (needs root)", async () => {
    layOut([plain]);
    replace(`blobs/sha256/${sha256(tar)}`, (path) => execFileSync("mknod", [path, "c", "1", "5"]));
    await expect(importYard()).rejects.toMatchObject(refusal(/no plain file/));
    expect(leftovers()).toEqual([]);
  });

  const [layer] = plain.layers;
  const documents: [string, () => Image, RegExp, string?][] = [
    [
      "a digest of another algorithm",
      () => withLayer({ digest: `sha512:${"0".repeat(128)}` }),
      /not one of sha256/,
    ],
    [
      "a digest that is a path",
      () => withLayer({ digest: "sha256:../../../etc/passwd" }),
      /not one of sha256/,
    ],
    ["a digest in capitals", () => withLayer({ digest: `sha256:${"A".repeat(64)}` }), /not one of sha256/],
    ["a size that is not true", () => withLayer({ size: 1 }), /more than the 1 bytes/],
    ["a negative size", () => withLayer({ size: -1 }), /layers\.0\.size/],
    [
      "a layer of another kind",
      () => withLayer({ mediaType: "application/x-xz" }),
      /is no layer that is supported/,
    ],
    [
      "a configuration of another kind",
      () => change({ manifest: { config: { ...plain.config.descriptor, mediaType: "text/plain" } } }),
      /is no image's configuration/,
    ],
    [
      "10,000 layers",
      () => change({ manifest: { layers: Array.from({ length: 10_000 }, () => layer?.descriptor) } }),
      /has 10000 layers/,
      "too_large",
    ],
    ["no layers", () => change({ manifest: { layers: [] } }), /has no layers/],
    [
      "layers that the configuration does not have",
      () => change({ config: { rootfs: { type: "layers", diff_ids: [] } } }),
      /has 1 layers, its configuration 0/,
    ],
    [
      "the digest of another archive",
      () => change({ config: { rootfs: { type: "layers", diff_ids: [`sha256:${"0".repeat(64)}`] } } }),
      /Layer 1 has the digest/,
    ],
    [
      "a large configuration",
      () => change({ config: { comment: "x".repeat(5 << 20) } }),
      /more than 4194304 bytes/,
    ],
    ["another system", () => change({ config: { os: "windows" } }), /is for "windows\//],
    ["an old manifest", () => change({ manifest: { schemaVersion: 1 } }), /schemaVersion/],
    [
      "lists in place of objects",
      () => change({ manifest: { config: [] } }),
      /manifest is not as it must be at "config/,
    ],
  ];
  it.each(documents)("with %s is refused and leaves nothing", async (_, image, message, code) => {
    layOut([image()]);
    await expect(importYard()).rejects.toMatchObject(refusal(message, code));
    expect(leftovers()).toEqual([]);
  });

  it("with indexes in indexes is left at once", async () => {
    let inner = blobOf(jsonBytes({ schemaVersion: 2, manifests: [plain.manifest.descriptor] }), index);
    for (let depth = 0; depth < 6; depth += 1) {
      put(yard, inner);
      inner = blobOf(jsonBytes({ schemaVersion: 2, manifests: [inner.descriptor] }), index);
    }
    put(yard, inner);
    layOut([plain], [inner.descriptor]);
    await expect(importYard()).rejects.toMatchObject(refusal(/index of .* has too many others in it/));
  });

  it("with an index that names itself is told by its digest", async () => {
    const self = { mediaType: index, digest: `sha256:${"1".repeat(64)}`, size: 200 };
    layOut([plain], [self]);
    writeFileSync(
      join(yard, "blobs/sha256", "1".repeat(64)),
      jsonBytes({ schemaVersion: 2, manifests: [self] }),
    );
    await expect(importYard()).rejects.toMatchObject(
      refusal(/An index has (?:the digest|\d+ bytes instead of)/),
    );
  });

  it("with an index that names one image a thousand times has one image", async () => {
    layOut(
      [plain],
      Array.from({ length: 1000 }, () => plain.manifest.descriptor),
    );
    expect((await importYard()).name).toBe("mine");
  });
});

describe("an archive", () => {
  const config = plain.config.bytes;
  const saved = (change: { manifest?: unknown; entries?: readonly CraftedEntry[] } = {}): string => {
    const file = join(yard, "saved.tar");
    const manifest = change.manifest ?? [
      { Config: `${sha256(config)}.json`, RepoTags: ["example.org/tools:1.2"], Layers: ["layer/layer.tar"] },
    ];
    const archive = craftTar(
      ...(change.entries ?? [
        { name: `${sha256(tar)}.tar`, content: tar },
        { name: "layer/layer.tar", type: "2", link: `../${sha256(tar)}.tar` },
        { name: `${sha256(config)}.json`, content: config },
      ]),
      { name: "manifest.json", content: jsonBytes(manifest) },
    );
    writeFileSync(file, archive);
    return file;
  };

  it("of docker save is imported, links among its layers included", async () => {
    layOut([plain]);
    const { digest } = await importYard();
    const image = await importImage(images.path, `docker-archive:${saved()}`);
    expect(image.digest).toBe(digest);
    expect(readFileSync(images.places.name("tools"), "utf8").trim()).toBe(digest);
    await importImage(images.path, `docker-archive:${saved()}:example.org/tools:1.2`, { name: "again" });
    await expect(importImage(images.path, `docker-archive:${saved()}:other`)).rejects.toThrow(
      /holds 0 such images; say which: "example.org\/tools:1.2"/,
    );
  });

  const hostile: [string, () => string, RegExp][] = [
    [
      "whose layer is a link to the host",
      () =>
        saved({
          entries: [
            { name: "layer/layer.tar", type: "2", link: join(yard, "secret.tar") },
            { name: `${sha256(config)}.json`, content: config },
          ],
        }),
      /"layer\/layer.tar" in .* is missing/,
    ],
    [
      "whose configuration is a path of the host",
      () => saved({ manifest: [{ Config: "/etc/passwd", Layers: ["layer/layer.tar"] }] }),
      /"\/etc\/passwd" in .* is missing/,
    ],
    [
      "whose layer leads out of it",
      () => saved({ manifest: [{ Config: `${sha256(config)}.json`, Layers: ["../../../etc/passwd"] }] }),
      /is missing/,
    ],
    [
      "whose configuration has the digest of another",
      () =>
        saved({
          manifest: [{ Config: `${"0".repeat(64)}.json`, Layers: ["layer/layer.tar"] }],
          entries: [{ name: `${"0".repeat(64)}.json`, content: config }],
        }),
      /configuration has the digest/,
    ],
    ["without a list of images", () => saved({ manifest: {} }), /manifest.json of .* is not as it must be/],
    ["that is truncated", () => truncated(saved()), /stops in the middle/],
    ["that is none", () => text(join(yard, "text"), "not an archive ".repeat(100)), /not a tar archive/],
    ["that is missing", () => join(yard, "nowhere.tar"), /nowhere.tar is missing/],
    ["that is a pipe", () => pipe(join(yard, "pipe")), /no plain file/],
  ];
  it.each(hostile)("%s is refused and leaves nothing", async (_, make, message) => {
    writeFileSync(join(yard, "secret.tar"), tar);
    await expect(
      importImage(images.path, `docker-archive:${make()}`, { name: "mine" }),
    ).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
    expect(leftovers()).toEqual([]);
  });

  it("of an OCI layout is imported", async () => {
    layOut([plain]);
    const file = join(images.path, "layout.tar");
    execFileSync("tar", ["--create", `--file=${file}`, `--directory=${yard}`, "."]);
    const { digest } = await importYard();
    expect((await importImage(images.path, `oci-archive:${file}`, { name: "mine" })).digest).toBe(digest);
  });

  it.each(["python", "oci:", "docker://debian", "oci-archive", "dir:/tmp"])(
    "named %s is told what to say",
    async (text) => {
      await expect(importImage(images.path, text)).rejects.toThrow(/is no image; say oci:DIR/);
    },
  );
});

const change = (parts: Parameters<typeof craftImage>[1]): Image => craftImage([{ tar }], parts);

const named = ({ manifest }: Image, name: string) => ({
  ...manifest.descriptor,
  annotations: { "org.opencontainers.image.ref.name": name },
});

const withLayer = (different: object): Image =>
  change({ manifest: { layers: [{ ...plain.layers[0]?.descriptor, ...different }] } });

const replace = (name: string, make: (path: string) => void): void => {
  rmSync(join(yard, name), { force: true });
  make(join(yard, name));
};

/** Puts a link to it in the place of a file or directory. */
const moved = (path: string): void => {
  renameSync(path, `${path}.elsewhere`);
  symlinkSync(`${path}.elsewhere`, path);
};

const truncated = (file: string): string => {
  execFileSync("truncate", [`--size=${statSync(file).size - 2000}`, file]);
  return file;
};

const text = (path: string, content: string): string => {
  writeFileSync(path, content);
  return path;
};

const pipe = (path: string): string => {
  execFileSync("mkfifo", [path]);
  return path;
};
