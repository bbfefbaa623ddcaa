import { readFile } from "node:fs/promises";
import { Digest } from "@assay/contracts";
import { z } from "zod";

const ImagePackage = z.object({ name: z.string(), version: z.string(), architecture: z.string() });
export type ImagePackage = z.infer<typeof ImagePackage>;

const ImageSource = z.object({
  /** As it was asked for. */
  reference: z.string(),
  /** Digests of its OCI manifest (archives of Docker have none) and configuration. */
  manifest: Digest.nullable(),
  config: Digest,
});
export type ImageSource = z.infer<typeof ImageSource>;

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
  /** Where an imported image came from; one that was built or fetched has none. */
  source: ImageSource.optional(),
});
export type ImageManifest = z.infer<typeof ImageManifest>;

/** An image that can be used: its manifest, and the absolute path of its root file system. */
export interface Image extends ImageManifest {
  readonly root: string;
}

/** Null when there is none that can be read. */
export const readManifest = async (path: string): Promise<ImageManifest | null> => {
  try {
    return ImageManifest.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
};
