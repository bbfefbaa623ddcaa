import type { ImagesInUse } from "@assay/contracts";
import { query } from "@assay/database";
import { languageById } from "@assay/languages";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { languageOfQueue } from "../jobs/queue-name.ts";
import type { Services } from "../services.ts";
import { sql } from "./images.ts";

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
  const names = queues.flatMap(({ queue }) => languageById(languageOfQueue(queue))?.image ?? []);
  return { digests: results.map(({ digest }) => digest), names: [...new Set(names)].sort(), retentionDays };
}
