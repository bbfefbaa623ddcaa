import { AssayError } from "@assay/contracts";
import type { RunnerStatus, SettleRequest } from "@assay/contracts";
import type { Transaction } from "@assay/database";
import type { Lease, Refusal } from "@assay/jobs";
import type { Caller } from "../access/policy.ts";
import { Batcher, batchLimits } from "../jobs/batcher.ts";
import { changeState, findJobs, storedResult } from "../jobs/state-machine.ts";
import type { JobStanding, StateChange, StoredResult, Told } from "../jobs/state-machine.ts";
import { storeVerification } from "../problems/verify.ts";
import { servingOf, sightOf } from "../runners/serving.ts";
import type { Services } from "../services.ts";
import { storableText } from "../storable.ts";
import { requireNoStateEvents } from "./events.ts";
import { requireOwner } from "./fence.ts";

type Settlement = SettleRequest["settlement"];

const stateAfter = {
  completed: "completed",
  failed: "failed",
  released: "queued",
  cancelled: "cancelled",
} as const;

/** The end of one attempt as it is stored; results and events as JSON. */
interface Ending {
  readonly jobId: string;
  readonly organizationId: string;
  readonly attempt: number;
  readonly settlement: Settlement;
  readonly offset: number;
  readonly change: StateChange;
  readonly weight: number;
  /** Of one that lacked something: who else there is. */
  readonly runners: readonly RunnerStatus[];
}

/** How the job stood before and whether this changed it, or why it must not be ended so. */
type Ended = { readonly before: JobStanding; readonly changed: boolean } | AssayError;

export type Settlements = Batcher<Ending, Ended>;

export const openSettlements = (services: Pick<Services, "database" | "queue">): Settlements =>
  new Batcher({
    run: (endings) => endAttempts(services, endings),
    weigh: ({ weight }) => weight,
    ...batchLimits,
  });

/**
 * Ends one attempt: result, events, state and queue entry in one transaction, which it shares with
 * those that end at the same time.
 *
 * A repetition after a lost answer changes nothing and succeeds.
 *
 * @returns the job as it stood before
 * @throws AssayError `not_found`, `fence_refused`, `conflict`, `invalid_request`
 */
export async function settleAttempt(
  { settlements, hub, fleet }: Pick<Services, "settlements" | "hub" | "fleet">,
  { organizationId }: Caller,
  { jobId, attempt }: { readonly jobId: string; readonly attempt: number },
  request: SettleRequest,
): Promise<JobStanding> {
  requireNoStateEvents(request.events);
  const { settlement } = request;
  const events = JSON.stringify(request.events);
  const result = settlement.how === "completed" ? storedResult(settlement.result) : null;
  const change = changeFor({ jobId, attempt, told: { offset: request.offset, events } }, settlement, result);
  const weight = events.length + (result?.json.length ?? 0);
  const { offset } = request;
  const lacking = settlement.how === "released" && settlement.lacking;
  const runners = lacking ? await fleet.picture(organizationId) : [];
  const ending = { jobId, organizationId, attempt, settlement, offset, change, weight, runners };
  const ended = await settlements.add(ending);
  if (ended instanceof AssayError) throw ended;
  const { before, changed } = ended;
  if (changed && settlement.how === "released") {
    hub.jobChanged(jobId);
    hub.queueFilled(before.queue);
  } else if (changed) hub.jobSettled(jobId);
  return before;
}

/** All or none of those that may end, so that the batcher can sort out who spoils it. */
const endAttempts = (
  { database, queue }: Pick<Services, "database" | "queue">,
  endings: readonly Ending[],
): Promise<readonly Ended[]> =>
  database.transaction(async (tx) => {
    const look = async (): Promise<Ended[]> => {
      const standings = await findJobs(tx, endings);
      return endings.map((ending, index) => lookedAt(ending, standings[index] ?? null));
    };
    const ended = await look();
    const open = ended.flatMap((one, index) => {
      const ending = endings[index];
      if (one instanceof AssayError || !one.changed || ending === undefined) return [];
      return { ...ending, queue: one.before.queue, runnerId: one.before.runnerId };
    });
    if (open.length === 0) return ended;

    if (!(await endLeases(tx, queue, open))) {
      if (open.length > 1) throw new Error("one of several leases has run out");
      // Somebody was faster between the look and the lease: perhaps the same attempt, asking again.
      return (await look()).map((one, index) =>
        one instanceof AssayError || !one.changed
          ? one
          : new AssayError("fence_refused", `The lease of attempt ${endings[index]?.attempt} has run out.`),
      );
    }
    const changed = await changeState(
      tx,
      open.map(({ change }) => change),
    );
    if (changed.length < open.length)
      throw new AssayError(
        "conflict",
        `Events before number ${open[0]?.offset} are missing; send them as well.`,
      );
    for (const { settlement, organizationId, jobId } of open) {
      if (settlement.how !== "completed" || settlement.result.kind !== "verify") continue;
      await storeVerification(tx, { organizationId, jobId }, settlement.result);
    }
    return ended;
  });

/** What is to become of an ending, as far as the job's row says. */
function lookedAt({ attempt, settlement }: Ending, before: JobStanding | null): Ended {
  try {
    if (before === null) throw new AssayError("not_found", "There is no such job.");
    if (isRepetition(before, attempt, settlement)) return { before, changed: false };
    requireOwner(before, attempt);
    requireFitting(before, settlement);
    return { before, changed: true };
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
}

const isRepetition = (job: JobStanding, attempt: number, { how }: Settlement): boolean =>
  job.attempt === attempt && job.state === stateAfter[how];

function requireFitting(job: JobStanding, settlement: Settlement): void {
  if (settlement.how === "completed" && settlement.result.kind !== job.kind)
    throw new AssayError(
      "invalid_request",
      `The job is of kind ${job.kind}; the result is of kind ${settlement.result.kind}.`,
    );
  if (settlement.how === "cancelled" && !job.cancelRequested)
    throw new AssayError("conflict", "Nobody asked to cancel this job; settle or release it.");
}

type Open = Ending & Lease & Pick<JobStanding, "runnerId">;

/** False when one of the leases is no longer valid. */
async function endLeases(tx: Transaction, queue: Services["queue"], open: readonly Open[]): Promise<boolean> {
  const final = open.filter(({ settlement }) => settlement.how !== "released");
  if (final.length > 0 && !(await queue.settle(tx, final))) return false;
  for (const one of open) {
    if (one.settlement.how !== "released") continue;
    const reason = storableText(one.settlement.reason);
    const refusal = one.settlement.lacking ? refusalOf(one) : null;
    if (!(await queue.release(tx, one, reason, refusal))) return false;
  }
  return true;
}

/** That one machine lacks what a job needs says nothing of the job: another one may have it. */
function refusalOf({ runnerId, queue, runners }: Open): Refusal | null {
  if (runnerId === null) return null;
  const others = runners.filter(
    (runner) => runner.alive && runner.id !== runnerId && servingOf(queue, sightOf(runner)) !== null,
  );
  return { holder: runnerId, others: others.map(({ id }) => id) };
}

function changeFor(
  common: { readonly jobId: string; readonly attempt: number; readonly told: Told },
  settlement: Settlement,
  result: StoredResult | null,
): StateChange {
  if (result !== null) return { ...common, to: "completed", reason: null, result };
  if (settlement.how === "released") return { ...common, to: "queued", reason: settlement.reason };
  if (settlement.how === "cancelled") return { ...common, to: "cancelled", reason: "withdrawn" };
  if (settlement.how === "completed") throw new Error("a completed attempt has a result");
  const { code, message } = settlement;
  return { ...common, to: "failed", reason: message, failure: { code, message } };
}
