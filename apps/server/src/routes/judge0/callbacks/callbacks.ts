import { execute, loadSql, query } from "@assay/database";
import { z } from "zod";
import type { Services } from "../../../services.ts";
import { defaultFields } from "../fields.ts";
import { callbackSeconds, callbackTries } from "../limits.ts";
import { presentSubmission } from "../present.ts";
import { findSubmissions } from "../store.ts";
import { openAddressGuard } from "./addresses.ts";
import { AddressRefused, putJson } from "./put.ts";

const sql = loadSql(import.meta.url, "./callbacks.sql", [
  "claimCallbacks",
  "endCallback",
  "postponeCallback",
]);

const Claimed = z.object({
  token: z.uuid(),
  organizationId: z.uuid(),
  url: z.string(),
  tries: z.int(),
});
type Claimed = z.infer<typeof Claimed>;

/** Callbacks under way at once. */
const parallel = 8;
/** Longer than one try may take. */
const claimSeconds = 3 * callbackSeconds;
/** How soon callbacks are found whose server has died, ms. */
const lookEveryMs = 5_000;
/** After that it is found by looking, ms. */
const longestWaitMs = 600_000;

export interface Callbacks extends AsyncDisposable {
  /** A submission with a callback was made: deliver it as soon as its job is settled. */
  expect(jobId: string): void;
}

/**
 * Delivers the results of submissions that ask for it. What is due stands in the database, so that a
 * callback survives its server; one that is delivered while its server dies may come twice.
 */
export function openCallbacks(services: Services): Callbacks {
  const { database, hub, log, config } = services;
  const mayReach = openAddressGuard(config.compatible.callbackNetworks);
  const stop = new AbortController();
  let news = Promise.withResolvers<void>();
  const kick = (): void => news.resolve();

  const deliver = async ({ token, organizationId, url, tries }: Claimed): Promise<void> => {
    const everybody = { organizationId, tokenId: "", role: "owner" } as const;
    const stored = (await findSubmissions(database, everybody, [token], false)).get(token);
    if (stored === undefined) return;
    const body = JSON.stringify(presentSubmission(stored, defaultFields, true));
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(callbackSeconds * 1000)]);
      await putJson(url, body, { mayReach, signal });
      await execute(database, sql.endCallback, { token });
    } catch (error) {
      if (stop.signal.aborted) return;
      const givesUp = tries >= callbackTries || error instanceof AddressRefused;
      log.warn({ err: error, token, tries, givesUp }, "a callback was not delivered");
      await execute(database, givesUp ? sql.endCallback : sql.postponeCallback, { token });
      if (!givesUp) kick();
    }
  };

  const rest = async (): Promise<void> => {
    const timer = setTimeout(kick, lookEveryMs);
    await news.promise;
    clearTimeout(timer);
    news = Promise.withResolvers();
  };

  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const claimed = await query(database, Claimed, sql.claimCallbacks, { limit: parallel, claimSeconds });
        await Promise.all(claimed.map(deliver));
        if (claimed.length > 0) continue;
      } catch (err) {
        log.warn({ err }, "callbacks can't be delivered now");
      }
      await rest();
    }
  };
  const working = work();
  const awaited = async (jobId: string): Promise<void> => {
    using watch = hub.watchSettled(jobId);
    await watch.next(longestWaitMs, stop.signal);
    kick();
  };

  return {
    expect: (jobId) => void awaited(jobId),
    async [Symbol.asyncDispose]() {
      stop.abort();
      kick();
      await working;
    },
  };
}
