import { Digest } from "@assay/contracts";
import { z } from "zod";

const ImagePackage = z.object({ name: z.string(), version: z.string(), architecture: z.string() });
export type ImagePackage = z.infer<typeof ImagePackage>;

/** `image.json`: what an image is and where it came from. */
export const ImageManifest = z.object({
  name: z.string(),
  digest: Digest,
  recipe: Digest,
  suite: z.string(),
  architecture: z.string(),
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
