import type { Client } from "@assay/client";
import { routes } from "@assay/contracts";
import type { Logger } from "pino";
import { FenceRefused, JobCancelled } from "../attempts/endings.ts";
import type { Clock } from "../clock.ts";
import type { Roster } from "./roster.ts";

export interface HeartbeatOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly roster: Roster;
  /** What the server said last; read anew before each beat. */
  readonly registered: () => { runnerId: string; beatSeconds: number };
  /** Called when a beat failed: the server may have forgotten this runner. */
  readonly onUnheard: () => void;
}

/**
 * Keeps every lease alive with one call per beat, and stops the attempts that the answer names.
 *
 * A beat that fails is only logged: the next one comes, and a lease that ran out meanwhile is refused
 * by then. An attempt that is being delivered learns of a refusal from its own call, because the
 * server may name it only for having just settled it.
 */
export async function keepBeating(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { client, clock, log, roster, registered, onUnheard } = options;
  for (;;) {
    const beatMs = registered().beatSeconds * 1000;
    await clock.sleep(beatMs, signal);
    if (signal.aborted) return;
    const body = { runnerId: registered().runnerId, attempts: roster.ids() };
    try {
      const answer = await client.call(routes.beat, { body, signal, timeoutMs: Math.max(beatMs, 1000) });
      for (const id of answer.refused) stopExecuting(roster, id, new FenceRefused());
      for (const id of answer.cancelled) stopExecuting(roster, id, new JobCancelled());
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error }, "a beat was not heard");
      onUnheard();
    }
  }
}

function stopExecuting(roster: Roster, id: { jobId: string; attempt: number }, reason: Error): void {
  const attempt = roster.find(id);
  if (attempt?.isWorking === true) attempt.stop(reason);
}
