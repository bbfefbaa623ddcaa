import { AssayError, OciManifest } from "@assay/contracts";
import type { PublishImage, PublishedImage } from "@assay/contracts";
import { execute, query, queryMaybe } from "@assay/database";
import type { Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { storableJson } from "../storable.ts";
import { partsOf, requireImage, sql } from "./images.ts";
import type { ImageParts } from "./images.ts";
import { forgetUnneededBlobs } from "./sweep.ts";

const maxManifestBytes = 1024 * 1024;

/**
 * Publishes an image whose blobs this organization has uploaded.
 *
 * What its layers unpack to is not looked at here: whoever fetches it checks the digest of the tree.
 *
 * @throws AssayError `image_incomplete`, `image_invalid`, `conflict`
 */
export async function publishImage(
  services: Services,
  caller: Caller,
  image: PublishImage,
): Promise<{ image: PublishedImage; created: boolean }> {
  const { database } = services;
  const { organizationId } = caller;
  const created = await database.transaction(async (tx) => {
    await lockBlobs(tx, caller, [image.manifest]);
    const { config, layers } = await readManifest(services, image.manifest);
    const named = [config, ...layers];
    const sizes = await lockBlobs(tx, caller, [image.manifest, ...named.map(({ digest }) => digest)]);
    const part = (digest: string) => ({ digest, size: sizes.get(digest) ?? 0 });
    for (const { digest, size } of named)
      if (sizes.get(digest) !== size)
        throw new AssayError(
          "image_invalid",
          `The manifest says ${size} bytes of the blob ${digest}, which has ${sizes.get(digest)}.`,
        );
    const parts: ImageParts = {
      manifest: part(image.manifest),
      config: part(config.digest),
      layers: layers.map(({ digest }) => part(digest)),
    };
    const { name, digest, recipe, architecture, sizeBytes } = image;
    const row = await queryMaybe(tx, z.object({ id: z.uuid(), created: z.boolean() }), sql.publishImage, {
      organizationId,
      name,
      digest,
      parts: JSON.stringify(parts),
      recipe,
      architecture,
      sizeBytes,
      languages: storableJson(image.languages),
      publishedBy: caller.tokenId,
    });
    if (row === null)
      throw new AssayError("conflict", `The tree ${digest} is published under another name; withdraw that.`);
    const imageId = row.id;
    await execute(tx, sql.forgetParts, { organizationId, imageId });
    const digests = partsOf(parts).map((one) => one.digest);
    await execute(tx, sql.needParts, { organizationId, imageId, digests });
    return row.created;
  });
  await forgetUnneededBlobs(services, caller, []);
  return { image: await requireImage(database, caller, image.digest), created };
}

/** @throws AssayError `image_incomplete` */
async function lockBlobs(
  tx: Transaction,
  { organizationId }: Caller,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await query(tx, z.object({ digest: z.string(), size: z.number() }), sql.lockBlobs, {
    organizationId,
    digests,
  });
  const sizes = new Map(rows.map(({ digest, size }) => [digest, size]));
  const missing = [...new Set(digests)].filter((digest) => !sizes.has(digest));
  if (missing.length === 0) return sizes;
  throw new AssayError("image_incomplete", `${missing.length} blobs of the image were not uploaded.`, {
    issues: missing.map((digest) => ({ where: digest, line: null, message: "was not uploaded" })),
  });
}

/** @throws AssayError `image_invalid` */
async function readManifest({ blobs }: Services, digest: string): Promise<OciManifest> {
  try {
    const bytes = await blobs.read(digest, { maxBytes: maxManifestBytes });
    return OciManifest.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (error) {
    throw new AssayError("image_invalid", `The blob ${digest} is no manifest of an OCI image.`, {
      cause: error,
    });
  }
}
