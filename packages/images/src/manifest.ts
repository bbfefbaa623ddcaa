import { Digest } from "@assay/contracts";
import { z } from "zod";

const ImagePackage = z.object({ name: z.string(), version: z.string(), architecture: z.string() });
export type ImagePackage = z.infer<typeof ImagePackage>;

/** `image.json`: what an image is and where it came from. */
export const ImageManifest = z.object({
  name: z.string(),
  digest: Digest,
  /** The recipe's; null for an image that came from elsewhere. */
  recipe: Digest.nullable(),
  /** Digest of `lock.json`; null without one. */
  lock: Digest.nullable().default(null),
  /** The image that lies below, with which this one shares files. */
  from: z.object({ name: z.string(), digest: Digest }).nullable().default(null),
  suite: z.string().nullable(),
  architecture: z.string(),
  /** Debian's by their architecture, those of the npm registry with the architecture "npm". */
  packages: z.array(ImagePackage),
  sizeBytes: z.int().min(0),
  entries: z.int().min(0),
  created: z.iso.datetime(),
});
export type ImageManifest = z.infer<typeof ImageManifest>;

/** An image that can be used: its manifest, and the absolute path of its root file system. */
export interface Image extends ImageManifest {
  readonly root: string;
}
