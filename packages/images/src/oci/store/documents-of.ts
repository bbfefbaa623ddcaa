import type { ImageManifest } from "../../manifest.ts";
import { imageTimeSeconds } from "../../trim.ts";
import { ociDigest } from "../digest.ts";
import { mediaTypes } from "../documents.ts";
import type { Compression } from "../documents.ts";
import { ImageClaim, labels } from "../label.ts";
import { ofDebian } from "../platform.ts";
import type { Blob } from "./blob-writer.ts";

/** One layer of an image, as a blob. */
export interface StoredLayer {
  readonly blob: Blob;
  /** SHA-256 of the uncompressed archive. */
  readonly diffId: string;
  /** The tree that is complete with it. */
  readonly tree: string;
  /** What is in it, for people. */
  readonly name: string;
}

const created = new Date(imageTimeSeconds * 1000).toISOString();

/** The OCI configuration: nothing in it but what follows from the image, so that it is the same everywhere. */
export const configOf = (
  image: ImageManifest,
  lock: string | null,
  layers: readonly StoredLayer[],
): Buffer => {
  const claim: ImageClaim = ImageClaim.parse(image);
  return json({
    created,
    architecture: ofDebian(image.architecture),
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Labels: {
        [labels.image]: JSON.stringify(claim),
        [labels.tree]: image.digest,
        ...(lock === null ? {} : { [labels.lock]: lock }),
      },
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => ociDigest(diffId)) },
    history: layers.map(({ name }) => ({ created, created_by: `assay images: ${name}` })),
  });
};

export const manifestOf = (
  image: ImageManifest,
  config: Blob,
  layers: readonly StoredLayer[],
  compression: Compression,
): Buffer =>
  json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: ociDigest(config.hex), size: config.size },
    layers: layers.map(({ blob, tree }) => ({
      mediaType: mediaTypes.layer[compression],
      digest: ociDigest(blob.hex),
      size: blob.size,
      annotations: { [labels.tree]: tree },
    })),
    annotations: {
      [labels.tree]: image.digest,
      [labels.name]: image.name,
      ...(image.recipe === null ? {} : { [labels.recipe]: image.recipe }),
      ...(image.lock === null ? {} : { [labels.lock]: image.lock }),
    },
  });

/** How an index names an image. */
export const descriptorOf = (image: ImageManifest, manifest: Blob, reference: string | null) => ({
  mediaType: mediaTypes.manifest,
  digest: ociDigest(manifest.hex),
  size: manifest.size,
  annotations: {
    ...(reference === null ? {} : { [labels.reference]: reference }),
    [labels.tree]: image.digest,
  },
  platform: { architecture: ofDebian(image.architecture), os: "linux" },
});

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
