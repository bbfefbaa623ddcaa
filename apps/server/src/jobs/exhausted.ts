import { channels } from "@assay/database";
import type { ExhaustedHandler } from "@assay/jobs";
import type { FastifyBaseLogger } from "fastify";
import { changeState, findStanding } from "./state-machine.ts";

/** Settles a job whose attempts are used up: as failed with the reason, or as cancelled if that was asked for. */
export const settleExhausted =
  (log: Pick<FastifyBaseLogger, "warn">): ExhaustedHandler =>
  async (tx, { jobId, reason }) => {
    const job = await findStanding(tx, jobId);
    if (job === null) return;
    const message = `The platform gave up after ${job.attempt} attempts: ${reason}.`;
    await changeState(tx, [
      job.cancelRequested
        ? { jobId, to: "cancelled", attempt: null, reason: "withdrawn" }
        : {
            jobId,
            to: "failed",
            attempt: null,
            reason: message,
            failure: { code: "attempts_exhausted", message },
          },
    ]);
    log.warn({ jobId, correlationId: job.correlationId, attempt: job.attempt, reason }, "attempts exhausted");
    // Within the transaction, so that it is told exactly when it is true.
    await tx.query("select pg_notify($1, $2)", [channels.jobSettled, jobId]);
  };
