import { Digest } from "@assay/contracts";
import { z } from "zod";
import { isName } from "../layout.ts";
import { ImageManifest } from "../manifest.ts";
import type { ImageConfig } from "./documents.ts";

/** Annotations and labels that images of Assay carry. */
export const labels = {
  /** In the configuration: what of `image.json` can't be computed from the tree. */
  image: "dev.assay.image",
  /** Of a manifest: the digest of the whole tree. Of a layer: of the tree that it completes. */
  tree: "dev.assay.tree",
  recipe: "dev.assay.recipe",
  reference: "org.opencontainers.image.ref.name",
} as const;

/** What an image says of itself: a claim, which nothing but its tree is checked against. */
export const ImageClaim = ImageManifest.omit({
  digest: true,
  sizeBytes: true,
  entries: true,
  created: true,
  source: true,
}).extend({ name: z.string().refine(isName), packages: ImageManifest.shape.packages.max(20_000) });
export type ImageClaim = z.infer<typeof ImageClaim>;

/** Null when the configuration has none, or one that can't be read. */
export const claimOf = (config: ImageConfig): ImageClaim | null => {
  const text = config.config?.Labels?.[labels.image];
  if (text === undefined) return null;
  try {
    return ImageClaim.parse(JSON.parse(text));
  } catch {
    return null;
  }
};

/** The digest of a tree that an annotation names, or null. */
export const treeOf = (annotations: Readonly<Record<string, string>> | null | undefined): string | null =>
  Digest.safeParse(annotations?.[labels.tree]).data ?? null;
