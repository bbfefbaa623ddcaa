import { AssayError, PublishedImage } from "@assay/contracts";
import { loadSql, query, queryMaybe } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";

export const sql = loadSql(import.meta.url, "./images.sql", [
  "missingBlobs",
  "rememberBlob",
  "lockBlobs",
  "publishImage",
  "forgetParts",
  "needParts",
  "listImages",
  "findImage",
  "findPart",
  "deleteImage",
  "givenUpBlobs",
  "forgetBlobs",
  "unneededBlobs",
  "needsBlob",
  "forgetUnneeded",
  "imagesOfResults",
  "unsettledQueues",
  "imagesOfUnsettled",
]);

/** The blobs of an image, as they are stored beside it. */
export const ImageParts = PublishedImage.pick({ manifest: true, config: true, layers: true });
export type ImageParts = z.infer<typeof ImageParts>;

export const partsOf = ({ manifest, config, layers }: ImageParts) => [manifest, config, ...layers];

const Row = PublishedImage.omit({ manifest: true, config: true, layers: true, transferBytes: true })
  .extend({ parts: ImageParts, publishedAt: z.date().transform((date) => date.toISOString()) })
  .transform(({ parts, ...row }): PublishedImage => ({
    ...row,
    ...parts,
    // Layers may repeat; they travel once.
    transferBytes: [...new Map(partsOf(parts).map((part) => [part.digest, part.size])).values()].reduce(
      (sum, size) => sum + size,
      0,
    ),
  }));

export const listImages = (database: Database, { organizationId }: Caller): Promise<PublishedImage[]> =>
  query(database, Row, sql.listImages, { organizationId });

/** @throws AssayError `not_found` */
export async function requireImage(
  database: Database,
  { organizationId }: Caller,
  digest: string,
): Promise<PublishedImage> {
  const image = await queryMaybe(database, Row, sql.findImage, { organizationId, digest });
  if (image === null)
    throw new AssayError("not_found", "There is no such image here; see GET /api/v1/images.");
  return image;
}
