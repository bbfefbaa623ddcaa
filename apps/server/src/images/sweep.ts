import { AssayError } from "@assay/contracts";
import { execute, query, queryMaybe, queryOne } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { partsOf, requireImage, sql } from "./images.ts";

const Row = z.object({ digest: z.string() });

/** Withdraws an image and gives up the blobs that only it needed. @throws AssayError `not_found` */
export async function deleteImage(services: Services, caller: Caller, digest: string): Promise<void> {
  const image = await requireImage(services.database, caller, digest);
  const { organizationId } = caller;
  const gone = await queryMaybe(services.database, z.object({ id: z.uuid() }), sql.deleteImage, {
    organizationId,
    digest,
  });
  if (gone === null) throw new AssayError("not_found", "The image was withdrawn by somebody else.");
  await forgetUnneededBlobs(
    services,
    caller,
    partsOf(image).map((part) => part.digest),
  );
  await sweepBlobs(services);
}

/** Forgets those of these blobs, and of uploads that came to nothing, that no image of the organization needs. */
export const forgetUnneededBlobs = (
  { database }: Pick<Services, "database">,
  { organizationId }: Pick<Caller, "organizationId">,
  digests: readonly string[],
): Promise<void> =>
  database.transaction(async (tx) => {
    const rows = await query(tx, Row, sql.givenUpBlobs, { organizationId, digests });
    if (rows.length === 0) return;
    await execute(tx, sql.forgetBlobs, { organizationId, digests: rows.map(({ digest }) => digest) });
  });

/**
 * Deletes bytes that neither an image nor a package of any organization has needed for a while.
 *
 * Whoever uploads writes the bytes first and says afterwards that they are needed, so bytes that were
 * put within that while stay, whatever the tables say.
 */
export async function sweepBlobs({
  config,
  database,
  blobs,
}: Pick<Services, "config" | "database" | "blobs">): Promise<void> {
  const graceSeconds = config.blobGraceSeconds;
  const Needed = z.object({ needed: z.boolean() });
  for (const { digest } of await query(database, Row, sql.unneededBlobs, { graceSeconds })) {
    const unlessPutSince = new Date(Date.now() - graceSeconds * 1000);
    const { needed } = await queryOne(database, Needed, sql.needsBlob, { digest });
    if (needed || (await blobs.delete(digest, { unlessPutSince })))
      await execute(database, sql.forgetUnneeded, { digest });
  }
}
