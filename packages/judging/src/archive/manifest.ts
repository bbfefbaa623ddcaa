import { createHash } from "node:crypto";
import type { PackageManifest } from "@assay/contracts";
import { compareNames } from "../package/names.ts";

/**
 * The one way to write a manifest: files in order of their paths, keys in a fixed order. Stored as
 * a blob, its name is the digest of the package.
 */
export const manifestBytes = (manifest: PackageManifest): Uint8Array => {
  const files = manifest.files
    .toSorted((one, other) => compareNames(one.path, other.path))
    .map(({ path, sha256, size }) => ({ path, sha256, size }));
  return Buffer.from(JSON.stringify({ files }));
};

/** SHA-256 of the manifest's bytes: equal for equal trees, however they were packed. */
export const manifestDigest = (manifest: PackageManifest): string =>
  createHash("sha256").update(manifestBytes(manifest)).digest("hex");
