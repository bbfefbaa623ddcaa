import type { Readable } from "node:stream";
import { BlobError } from "@assay/blobs";
import { AssayError } from "@assay/contracts";
import { execute, query, queryMaybe } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { sql } from "./images.ts";
import { UploadRoom } from "./storage.ts";

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
 * @param announced how many there will be, where the client said so
 * @throws AssayError `too_large`, `image_storage_full`, `blob_mismatch`
 */
export async function putImageBlob(
  services: Services,
  caller: Caller,
  digest: string,
  bytes: AsyncIterable<Uint8Array>,
  announced: number | null,
): Promise<{ digest: string; size: number }> {
  const { config, database, blobs } = services;
  const { organizationId } = caller;
  const maxBytes = config.maxImageBlobBytes;
  if (announced !== null && announced > maxBytes)
    throw new AssayError("too_large", `A blob can have at most ${maxBytes} bytes.`);
  await using room = new UploadRoom(services, caller);
  await room.reserve(announced ?? 0);
  const info = await blobs.put(room.metered(bytes), { digest, maxBytes }).catch((error: unknown) => {
    if (error instanceof BlobError && error.code === "too_large")
      throw new AssayError("too_large", error.message, { cause: error });
    if (error instanceof BlobError && error.code === "other_digest")
      throw new AssayError("blob_mismatch", error.message, { cause: error });
    throw error;
  });
  await database.transaction(async (tx) => {
    await execute(tx, sql.rememberBlob, { organizationId, ...info });
    await room.release(tx);
  });
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
