import { Digest } from "@assay/contracts";
import type { ImagesInUse } from "@assay/contracts";
import { query } from "@assay/database";
import { languageById } from "@assay/languages";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { languageOfQueue } from "../jobs/queue-name.ts";
import type { Services } from "../services.ts";
import { sql } from "./images.ts";

const isDigest = (image: string): boolean => Digest.safeParse(image).success;

/** What must stay on the machines of an organization: see ImagesInUse. */
export async function imagesInUse(
  { config, database }: Services,
  { organizationId }: Caller,
): Promise<ImagesInUse> {
  const retentionDays = config.resultRetentionDays;
  const results = await query(database, z.object({ digest: z.string() }), sql.imagesOfResults, {
    organizationId,
    retentionDays,
  });
  const queues = await query(database, z.object({ queue: z.string() }), sql.unsettledQueues, {
    organizationId,
  });
  const chosen = await query(database, z.object({ image: z.string() }), sql.imagesOfUnsettled, {
    organizationId,
  });
  const images = chosen.map(({ image }) => image);
  const names = queues.flatMap(({ queue }) => languageById(languageOfQueue(queue))?.image ?? []);
  const digests = [...results.map(({ digest }) => digest), ...images.filter(isDigest)];
  return {
    digests: [...new Set(digests)].sort(),
    names: [...new Set([...names, ...images.filter((image) => !isDigest(image))])].sort(),
    retentionDays,
  };
}
