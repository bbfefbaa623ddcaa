import type { ImageSource } from "../manifest.ts";
import { bad } from "./bad.ts";
import { hexOf, ociDigest } from "./digest.ts";
import { ImageConfig, OciManifest, parseDocument } from "./documents.ts";
import { claimOf, treeOf } from "./label.ts";
import type { ImageClaim } from "./label.ts";
import { documentBytes, tooLarge, unpackLimits } from "./limits.ts";
import { requirePlatform } from "./platform.ts";
import { collect, verified } from "./streams/verified.ts";

export interface ForeignLayer {
  /** SHA-256 of its uncompressed tar archive. */
  readonly diffId: string;
  /** Compressed; 0 when unknown. */
  readonly size: number;
  /** Digest of the tree that is complete with this layer, if it says so. */
  readonly tree: string | null;
  /** The layer, compressed or not. Verified at its end if its own digest is known. */
  open(): AsyncIterable<Uint8Array>;
}

/** An image that is not here yet, with all its documents read and checked. */
export interface ForeignImage {
  readonly layers: readonly ForeignLayer[];
  readonly architecture: string;
  readonly claim: ImageClaim | null;
  /** The text of the lock that it was built from. */
  readonly lock: string | null;
  readonly digests: Omit<ImageSource, "reference">;
}

/** Streams a blob by its digest, `sha256:…`. What comes is not trusted. */
export type OpenBlob = (digest: string) => AsyncIterable<Uint8Array>;

/**
 * Reads the configuration of a manifest and checks that both agree.
 *
 * @throws ImageError `bad_archive`, `too_large`; what `blob` throws
 */
export const readManifest = async (
  manifestBytes: Uint8Array,
  manifestHex: string,
  blob: OpenBlob,
): Promise<ForeignImage> => {
  if (manifestBytes.length > documentBytes) throw bad(`The manifest has more than ${documentBytes} bytes`);
  const manifest = parseDocument(OciManifest, manifestBytes, "The manifest");
  requireLayers(manifest.layers.length);
  const open = (
    { digest, size }: { digest: string; size: number },
    what: string,
  ): AsyncIterable<Uint8Array> => {
    const sha256 = hexOf(digest, what);
    return verified(blob(ociDigest(sha256)), { sha256, size }, what);
  };
  const config = await collect(
    open(manifest.config, "The configuration"),
    documentBytes,
    "The configuration",
  );
  return foreignImage(config, {
    manifest: manifestHex,
    config: hexOf(manifest.config.digest, "the configuration"),
    layers: manifest.layers.map((layer, index) => ({
      size: layer.size,
      tree: treeOf(layer.annotations),
      open: () => open(layer, `Layer ${index + 1}`),
    })),
  });
};

/** @throws ImageError `bad_archive`, `too_large` */
export const foreignImage = (
  configBytes: Uint8Array,
  parts: {
    readonly manifest: string | null;
    readonly config: string;
    readonly layers: readonly Omit<ForeignLayer, "diffId">[];
  },
): ForeignImage => {
  requireLayers(parts.layers.length);
  const config = parseDocument(ImageConfig, configBytes, "The configuration");
  requirePlatform(config);
  const diffIds = config.rootfs.diff_ids.map((digest, index) => hexOf(digest, `layer ${index + 1}`));
  if (diffIds.length !== parts.layers.length)
    throw bad(`The image has ${parts.layers.length} layers, its configuration ${diffIds.length}`);
  return {
    layers: parts.layers.map((layer, index) => ({ ...layer, diffId: diffIds[index] ?? "" })),
    architecture: config.architecture,
    ...claimOf(config),
    digests: { manifest: parts.manifest, config: parts.config },
  };
};

const requireLayers = (count: number): void => {
  if (count > unpackLimits.layers)
    throw tooLarge(`The image has ${count} layers, more than ${unpackLimits.layers}`);
  if (count === 0) throw bad("The image has no layers");
};
