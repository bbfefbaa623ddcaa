import { createHash, randomBytes } from "node:crypto";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { PublishedImage } from "@assay/contracts";
import { craftImage, craftTar } from "../oci/crafted.fixture.ts";
import type { CraftedEntry } from "../oci/crafted.fixture.ts";
import { installLayers } from "../oci/install.ts";
import { labels } from "../oci/label.ts";

/** Small images as they are published, for tests of those who fetch them. */
export const claim = (name: string, from: { name: string; digest: string } | null) => ({
  name,
  recipe: null,
  lock: null,
  from,
  suite: null,
  architecture: "amd64",
  packages: [],
});

export interface Packed {
  readonly image: PublishedImage;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const part = (bytes: Uint8Array) => ({ digest: sha256(bytes), size: bytes.length });

/** A real image, made known by its layers; its digest is that of the tree that they really unpack to. */
export const packed = async (
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
  await using directory = await mkdtempDisposable(join(tmpdir(), "assay-packed-"));
  const install = installLayers(directory.path, {
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

export const content = randomBytes(200_000);
export const plain: readonly CraftedEntry[] = [
  { name: "usr", type: "5" },
  { name: "usr/bin", type: "5" },
  { name: "usr/bin/tool", content: "#!/bin/sh\n", mode: 0o4755 },
  { name: "usr/bin/same", type: "1", link: "usr/bin/tool" },
  { name: "bin", type: "2", link: "usr/bin" },
  { name: "usr/data", content },
];
