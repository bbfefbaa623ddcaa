import { Digest } from "@assay/contracts";
import { z } from "zod";
import { lockDigest } from "../image-lock.ts";
import { isName } from "../layout.ts";
import { ImageManifest } from "../manifest.ts";
import type { ImageConfig } from "./documents.ts";

/** Annotations and labels that images of Assay carry. */
export const labels = {
  /** In the configuration: what of `image.json` can't be computed from the tree. */
  image: "dev.assay.image",
  /** Of a manifest: the digest of the whole tree. Of a layer: of the tree that it completes. */
  tree: "dev.assay.tree",
  /** Of a manifest: the recipe's name, which is the image's, and digest. */
  name: "dev.assay.name",
  recipe: "dev.assay.recipe",
  /** In the configuration the text of the lock, of a manifest its digest. */
  lock: "dev.assay.lock",
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

/** What a configuration says; all null when it says nothing, or nothing that can be read. */
export const claimOf = ({
  config,
}: ImageConfig): { readonly claim: ImageClaim | null; readonly lock: string | null } => {
  const text = config?.Labels?.[labels.image];
  if (text === undefined) return { claim: null, lock: null };
  try {
    const claim = ImageClaim.parse(JSON.parse(text));
    const lock = config?.Labels?.[labels.lock] ?? null;
    const isIts = lock !== null && lockDigest(lock) === claim.lock;
    return { claim: isIts ? claim : { ...claim, lock: null }, lock: isIts ? lock : null };
  } catch {
    return { claim: null, lock: null };
  }
};

/** The digest of a tree that an annotation names, or null. */
export const treeOf = (annotations: Readonly<Record<string, string>> | null | undefined): string | null =>
  Digest.safeParse(annotations?.[labels.tree]).data ?? null;
