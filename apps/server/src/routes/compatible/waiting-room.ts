import { loadSql, queryOne } from "@assay/database";
import { z } from "zod";
import type { Services } from "../../services.ts";

const sql = loadSql(import.meta.url, "./waiting-room.sql", ["countWaiting"]);

/** Runs of an organization that wait, counted no further than `enough`. */
export const waitingJobs = async (
  { database }: Pick<Services, "database">,
  organizationId: string,
  enough: number,
): Promise<number> =>
  (await queryOne(database, z.object({ waiting: z.int() }), sql.countWaiting, { organizationId, enough }))
    .waiting;

/**
 * Whether so many more runs of an organization find room in the queue. Those that are asked for at the
 * same moment may pass the bound by as many: it keeps a client from flooding, it is no exact count.
 */
export async function hasRoom(
  services: Pick<Services, "database" | "config">,
  organizationId: string,
  more: number,
): Promise<boolean> {
  const { maxWaitingJobs } = services.config.compatible;
  return (await waitingJobs(services, organizationId, maxWaitingJobs + 1)) + more <= maxWaitingJobs;
}
