import type { Readable } from "node:stream";
import { BlobError } from "@assay/blobs";
import { AssayError } from "@assay/contracts";
import { execute, query, queryMaybe } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { sql } from "./images.ts";

const Row = z.object({ digest: z.string() });

/**
 * Those that this organization has not uploaded. That another one has them is not told, and spares
 * nobody the upload: it would be a way to ask who has what.
 */
export async function missingBlobs(
  { database }: Services,
  { organizationId }: Caller,
  digests: readonly string[],
): Promise<string[]> {
  const rows = await query(database, Row, sql.missingBlobs, { organizationId, digests });
  return rows.map(({ digest }) => digest);
}

/**
 * Stores the bytes of one blob while they come.
 *
 * @throws AssayError `too_large`, `blob_mismatch`
 */
export async function putImageBlob(
  { config, database, blobs }: Services,
  { organizationId }: Caller,
  digest: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ digest: string; size: number }> {
  const info = await blobs
    .put(bytes, { digest, maxBytes: config.maxImageBlobBytes })
    .catch((error: unknown) => {
      if (error instanceof BlobError && error.code === "too_large")
        throw new AssayError("too_large", error.message, { cause: error });
      if (error instanceof BlobError && error.code === "other_digest")
        throw new AssayError("blob_mismatch", error.message, { cause: error });
      throw error;
    });
  await execute(database, sql.rememberBlob, { organizationId, ...info });
  return info;
}

/**
 * One part of a published image; no other blob can be read this way.
 *
 * @throws AssayError `not_found`
 */
export async function readImageBlob(
  { database, blobs }: Services,
  { organizationId }: Caller,
  asked: { readonly image: string; readonly blob: string },
): Promise<Readable> {
  const part = await queryMaybe(database, Row, sql.findPart, { organizationId, ...asked });
  if (part === null) throw new AssayError("not_found", "There is no such part of an image here.");
  return blobs.get(part.digest);
}
