import { createHash } from "node:crypto";
import { Digest } from "@assay/contracts";
import { z } from "zod";
import { ImageError } from "./errors.ts";

export const LockedPackage = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/),
  version: z.string().regex(/^[A-Za-z0-9.+~:-]+$/),
  architecture: z.string().regex(/^[a-z0-9-]+$/),
  size: z.int().min(0),
  sha256: Digest,
  /** Below the address of any mirror, as it stands in a URI. */
  path: z.string().regex(/^pool(?:\/[A-Za-z0-9_+~%-][A-Za-z0-9._+~%-]*)+\.deb$/),
});
/** One Debian archive. */
export type LockedPackage = z.infer<typeof LockedPackage>;

export const LockedNpmPackage = z.object({
  name: z.string().regex(/^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+[A-Za-z0-9.+-]*$/),
  tarball: z.url({ protocol: /^https?$/ }),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
});
/** One tarball of the npm registry; `integrity` as in a package-lock.json. */
export type LockedNpmPackage = z.infer<typeof LockedNpmPackage>;

/** What an image is built from, to the byte: the same lock gives the same tree. */
export const ImageLock = z.object({
  format: z.literal(1),
  name: z.string(),
  /** Digest of the recipe that was resolved. */
  recipe: Digest,
  suite: z.string(),
  architecture: z.string(),
  packages: z.array(LockedPackage),
  npm: z.array(LockedNpmPackage),
});
export type ImageLock = z.infer<typeof ImageLock>;

/** The text in which a lock is stored; its SHA-256 names it. */
export const lockText = (lock: ImageLock): string => `${JSON.stringify(ImageLock.parse(lock), null, 2)}\n`;

export const lockDigest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @throws ImageError `build_failed`, with what is wrong where */
export const parseLock = (text: string, from: string): ImageLock => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ImageError("build_failed", `${from} is not JSON: ${String(error)}`, { cause: error });
  }
  const lock = ImageLock.safeParse(value);
  if (lock.success) return lock.data;
  throw new ImageError("build_failed", `${from} is not an image lock: ${z.prettifyError(lock.error)}`);
};
