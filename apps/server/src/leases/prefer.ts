import type { LeaseRequest } from "@assay/jobs";
import type { Sight } from "../runners/fleet.ts";
import { servingOf, sightOf } from "../runners/serving.ts";
import type { Services } from "../services.ts";

type Choose = NonNullable<LeaseRequest["choose"]>;

/**
 * From which queues a runner may take that lacks images: who has a job's image goes first.
 *
 * - No other runner that is alive has it: take what there is.
 * - One that has it asks for work and has a place: leave the job to it.
 * - Those that have it are busy, or do not ask: take one, which begins the fetch, and no other one
 *   while that is here; the rest waits for whoever is free first.
 * - The job has waited for `fetchPatienceSeconds`, or a runner gave it back for want of an image: take
 *   one, whoever else there is. So none waits for ever, whatever the others seem to be.
 *
 * Runners that lack nothing are not asked anything here: leases are the hot path.
 *
 * @returns null when the runner lacks nothing
 */
export function choosing(
  { fleet, config }: Pick<Services, "fleet" | "config">,
  organizationId: string,
  { runnerId, max }: { readonly runnerId: string; readonly max: number },
  sight: Sight,
): Choose | null {
  if (sight.fetchable.length === 0) return null;
  const patienceMs = config.fetchPatienceSeconds * 1000;
  return async (waiting) => {
    const lacking = waiting.filter(({ queue }) => servingOf(queue, sight) === "fetch");
    if (lacking.length === 0) return waiting.map(({ queue }) => ({ queue, max }));
    const holders = await holdersOf(
      fleet,
      organizationId,
      runnerId,
      lacking.map(({ queue }) => queue),
    );
    const undecided = lacking.filter(
      ({ queue, waitedMs, refused }) => holders.has(queue) && !refused && waitedMs < patienceMs,
    );
    const left = await leftToOthers(
      fleet,
      organizationId,
      runnerId,
      new Map(undecided.map(({ queue }) => [queue, holders.get(queue) ?? []])),
    );
    return waiting
      .filter(({ queue }) => !left.has(queue))
      .map(({ queue }) => ({ queue, max: holders.has(queue) ? 1 : max }));
  };
}

/** Other runners that are alive and have the image, by queue; without queues for which there is none. */
async function holdersOf(
  fleet: Services["fleet"],
  organizationId: string,
  runnerId: string,
  queues: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const others = (await fleet.picture(organizationId)).filter(({ id, alive }) => alive && id !== runnerId);
  const sights = others.map((runner) => ({ id: runner.id, sight: sightOf(runner) }));
  const holders = queues.map((queue) => {
    const ready = sights.filter(({ sight }) => servingOf(queue, sight) === "ready");
    return [queue, ready.map(({ id }) => id)] as const;
  });
  return new Map(holders.filter(([, ids]) => ids.length > 0));
}

/** The queues that one of their holders is about to take from, or from which this runner has a job already. */
async function leftToOthers(
  fleet: Services["fleet"],
  organizationId: string,
  runnerId: string,
  holders: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlySet<string>> {
  if (holders.size === 0) return new Set();
  const ids = [...new Set([...holders.values()].flat())];
  const [free, here] = await Promise.all([
    fleet.free(organizationId, ids),
    fleet.queuesAt(organizationId, runnerId),
  ]);
  const queues = [...holders].filter(([queue, some]) => here.has(queue) || some.some((id) => free.has(id)));
  return new Set(queues.map(([queue]) => queue));
}
