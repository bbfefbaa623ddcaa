import { JobState } from "@assay/contracts";
import type { Attempt, BeatRequest, BeatResponse } from "@assay/contracts";
import { loadSql, query } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { changeState } from "../jobs/state-machine.ts";
import type { Services } from "../services.ts";

export const sql = loadSql(import.meta.url, "./leases.sql", ["findAttempts", "payloadOfAttempt"]);

const Row = z.object({
  jobId: z.uuid(),
  queue: z.string(),
  state: JobState,
  attempt: z.int(),
  cancelRequested: z.boolean(),
});
const keyOf = ({ jobId, attempt }: Attempt): string => `${jobId}/${attempt}`;

/**
 * Keeps a runner's leases alive, moves those that it began to `running`, and says which to stop.
 *
 * @throws AssayError `not_found` for a runner of another organization
 */
export async function beatAttempts(
  { database, queue, fleet, hub }: Services,
  caller: Caller,
  { runnerId, attempts }: BeatRequest,
): Promise<BeatResponse> {
  await fleet.saw(caller.organizationId, runnerId, false);
  if (attempts.length === 0) return { refused: [], cancelled: [] };

  const owned = await query(database, Row, sql.findAttempts, {
    organizationId: caller.organizationId,
    jobIds: attempts.map(({ jobId }) => jobId),
    attempts: attempts.map(({ attempt }) => attempt),
  });
  const lost = new Set((await queue.beat(owned)).map(keyOf));
  const kept = new Map(owned.filter((row) => !lost.has(keyOf(row))).map((row) => [keyOf(row), row]));

  const begun = [...kept.values()].filter(({ state }) => state === "leased");
  if (begun.length > 0) {
    const running = await database.transaction((tx) =>
      changeState(
        tx,
        begun.map(({ jobId, attempt }) => ({ jobId, to: "running", attempt, reason: null })),
      ),
    );
    for (const { jobId } of running) hub.jobChanged(jobId);
  }
  return {
    refused: attempts.filter((asked) => !kept.has(keyOf(asked))),
    cancelled: attempts.filter((asked) => kept.get(keyOf(asked))?.cancelRequested === true),
  };
}
