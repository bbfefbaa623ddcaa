import { AssayError } from "@assay/contracts";
import { execute, loadSql, query } from "@assay/database";
import type { Database, Queryable, Transaction } from "@assay/database";
import { PgBoss } from "pg-boss";
import type { Db } from "pg-boss";
import { z } from "zod";
import type { ExhaustedHandler, JobQueue, Lease, LeaseRequest, NewEntry, Refusal } from "./queue.ts";

/*
 * The queue port over pg-boss. What each of its states means there:
 *
 *   waiting    created, or retry after a release or expiry
 *   leased     active; retry_count + 1 is the attempt, heartbeat_on the last beat
 *   exhausted  failed, with a copy in the dead letter queue, which is what drainExhausted reads
 *   gone       deleted: the table `jobs` remembers, so the queue stays as small as its backlog
 *
 * A job that somebody refused is in a group of its own, so that pg-boss can leave it out for them.
 */

export interface PgBossQueueOptions {
  readonly database: Database;
  /** A lease without a beat is taken back after this, s; 30. */
  readonly leaseSeconds?: number;
  /** Leases of one job at most; 5. */
  readonly maxAttempts?: number;
  /** Null: this process only uses the queue, another one looks after it. */
  readonly maintenance: {
    /** Between looks for expired leases and exhausted jobs, ms; 1 000. */
    readonly everyMs?: number;
    /** Between pg-boss's own looks at its tables, s; 60. */
    readonly superviseSeconds?: number;
    readonly onExhausted: ExhaustedHandler;
  } | null;
  /** Told of what fails in the background. */
  readonly onError: (error: unknown) => void;
}

const sql = loadSql(import.meta.url, "./queue.sql", ["ready", "refuse", "forget", "expired", "depth"]);

/** Where pg-boss copies exhausted jobs. */
const exhaustedQueue = "assay/exhausted";

const year = 365 * 24 * 60 * 60;
/** pg-boss drops what waits longer, and what runs longer; here neither age is a fault. */
const forever = 10 * year;
const expireBatch = 200;

const queueOptions = { retryDelay: 0, retentionSeconds: forever, deleteAfterSeconds: 60 * 60 };

/** pg-boss's own statements, or those of one call within our transaction. */
const adapt = (db: Queryable): Db => ({
  executeSql: async (text, values) => {
    // Some are several statements, which the server takes only without parameters.
    const { rows } = await db.query(text, values?.length ? values : undefined);
    return { rows: [...rows] };
  },
});

const Command = z.object({ affected: z.int(), settled: z.array(z.string()).default([]) });

const Ready = z.object({
  queue: z.string(),
  waitedMs: z.number(),
  refused: z.boolean(),
  ids: z.array(z.string()),
});
const Id = z.object({ id: z.uuid() });
const Expired = z.object({ id: z.string(), name: z.string(), retry_count: z.int() });
const Depth = z.object({ name: z.string(), waiting: z.int() });
const Reason = z.union([
  z.object({ reason: z.string() }).transform(({ reason }) => reason),
  z.object({ value: z.object({ message: z.string() }) }).transform(({ value }) => value.message),
]);

const attemptOf = ({ jobId, attempt }: Lease): { id: string; retryCount: number } => ({
  id: jobId,
  retryCount: attempt - 1,
});

/** False when the lease is no longer valid. */
const refuse = async (
  tx: Transaction,
  { jobId, queue, attempt }: Lease,
  refusal: Refusal,
): Promise<boolean> => {
  const params = { jobId, queue, retryCount: attempt - 1, ...refusal };
  return (await query(tx, Id, sql.refuse, params)).length === 1;
};

class PgBossQueue implements JobQueue {
  readonly #database: Database;
  /** Of pg-boss alone: what it asks while a caller's transaction is open must not wait for that caller. */
  readonly #own: Database;
  readonly #boss: PgBoss;
  readonly #options: PgBossQueueOptions;
  readonly #leaseSeconds: number;
  readonly #maxAttempts: number;
  readonly #queues = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #maintaining: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: PgBossQueueOptions) {
    this.#options = options;
    this.#leaseSeconds = options.leaseSeconds ?? 30;
    this.#maxAttempts = options.maxAttempts ?? 5;
    if (!Number.isInteger(this.#leaseSeconds) || this.#leaseSeconds < 1)
      throw new RangeError("leaseSeconds must be a whole number from 1");
    if (!Number.isInteger(this.#maxAttempts) || this.#maxAttempts < 1)
      throw new RangeError("maxAttempts must be a whole number from 1");
    this.#database = options.database;
    this.#own = options.database.derive({ max: 2, statementTimeoutMs: 0, applicationName: "assay queue" });
    this.#boss = new PgBoss({
      db: adapt(this.#own),
      supervise: options.maintenance !== null,
      superviseIntervalSeconds: options.maintenance?.superviseSeconds ?? 60,
      schedule: false,
    });
    this.#boss.on("error", options.onError);
  }

  async start(): Promise<void> {
    await this.#boss.start();
    await this.#boss.createQueue(exhaustedQueue, {
      ...queueOptions,
      // A handler that fails is called again, less and less often.
      retryLimit: 1_000_000,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
    });
    const { maintenance } = this.#options;
    if (maintenance === null) return;
    this.#timer = setInterval(() => {
      this.#maintaining = this.#maintaining.then(() => this.#maintain(maintenance.onExhausted));
    }, maintenance.everyMs ?? 1_000);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#maintaining;
    await this.#boss.stop({ graceful: false, close: false });
    await this.#own.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async enqueue(tx: Transaction, jobs: readonly NewEntry[]): Promise<void> {
    for (const [queue, group] of Map.groupBy(jobs, ({ queue }) => queue)) {
      await this.#ensureQueue(queue);
      const entries = group.map(({ jobId, priority }) => ({
        id: jobId,
        priority,
        retryLimit: this.#maxAttempts - 1,
        heartbeatSeconds: this.#leaseSeconds,
        expireInSeconds: forever,
      }));
      const inserted = await this.#boss.insert(queue, entries, { db: adapt(tx), returnId: true });
      const isNew = new Set(inserted);
      const known = group.find(({ jobId }) => !isNew.has(jobId));
      if (known !== undefined)
        throw new AssayError("conflict", `Job ${known.jobId} is in the queue ${queue} already.`);
    }
  }

  async lease({ queues, max, holder = null, choose, onLeased }: LeaseRequest): Promise<readonly Lease[]> {
    if (max < 1 || queues.length === 0) return [];
    // Most looks find nothing; those should not cost a transaction.
    const names = queues.filter((name) => name !== exhaustedQueue);
    const ready = await query(this.#database, Ready, sql.ready, { queues: names, holder });
    if (ready.length === 0) return [];
    const chosen = choose === undefined ? ready.map(({ queue }) => ({ queue, max })) : await choose(ready);
    if (chosen.length === 0) return [];
    const refused = ready[0]?.ids ?? [];
    return this.#database.transaction(async (tx) => {
      const leases: Lease[] = [];
      for (const one of chosen) {
        const wanted = Math.min(max - leases.length, one.max);
        if (wanted > 0) leases.push(...(await this.#fetch(tx, one.queue, wanted, refused)));
      }
      if (leases.length > 0) await onLeased(tx, leases);
      return leases;
    });
  }

  async beat(leases: readonly Lease[]): Promise<readonly Lease[]> {
    const alive = new Set<Lease>();
    for (const [queue, group] of Map.groupBy(leases, ({ queue }) => queue)) {
      if (!(await this.#exists(queue))) continue;
      // The answer names jobs, not attempts: of two leases of one job, the older is lost for sure.
      const newest = new Map<string, Lease>();
      for (const lease of group)
        if (lease.attempt > (newest.get(lease.jobId)?.attempt ?? 0)) newest.set(lease.jobId, lease);
      const asked = [...newest.values()].map(attemptOf);
      const response = await this.#boss.touch(queue, asked, { db: adapt(this.#database) });
      for (const jobId of Command.parse(response).settled) {
        const lease = newest.get(jobId);
        if (lease !== undefined) alive.add(lease);
      }
    }
    return leases.filter((lease) => !alive.has(lease));
  }

  // How it ended stands in the job's row; the queue forgets either way.
  async settle(tx: Transaction, leases: readonly Lease[]): Promise<boolean> {
    for (const [queue, group] of Map.groupBy(leases, ({ queue }) => queue)) {
      if (!(await this.#exists(queue))) return false;
      const response = await this.#boss.deleteJob(queue, group.map(attemptOf), { db: adapt(tx) });
      if (Command.parse(response).affected !== group.length) return false;
    }
    return true;
  }

  async release(
    tx: Transaction,
    lease: Lease,
    reason: string,
    refusal: Refusal | null = null,
  ): Promise<boolean> {
    if (!(await this.#exists(lease.queue))) return false;
    if (refusal !== null && !(await refuse(tx, lease, refusal))) return false;
    const response = await this.#boss.fail(lease.queue, attemptOf(lease), { reason }, { db: adapt(tx) });
    return Command.parse(response).affected === 1;
  }

  async cancel(tx: Transaction, jobs: readonly Pick<NewEntry, "jobId" | "queue">[]): Promise<void> {
    for (const [queue, group] of Map.groupBy(jobs, (job) => job.queue)) {
      if (!(await this.#exists(queue))) continue;
      const ids = group.map(({ jobId }) => jobId);
      await this.#boss.deleteJob(queue, ids, { db: adapt(tx) });
    }
  }

  async expire(): Promise<number> {
    for (let total = 0; ;) {
      const count = await this.#database.transaction(async (tx) => {
        const expired = await query(tx, Expired, sql.expired, { max: expireBatch });
        for (const [queue, group] of Map.groupBy(expired, ({ name }) => name)) {
          const entries = group.map(({ id, retry_count }) => ({ id, retryCount: retry_count }));
          const reason = `the runner was not heard of for ${this.#leaseSeconds} s`;
          await this.#boss.fail(queue, entries, { reason }, { db: adapt(tx) });
        }
        return expired.length;
      });
      total += count;
      if (count < expireBatch) return total;
    }
  }

  async drainExhausted(handler: ExhaustedHandler): Promise<number> {
    for (let count = 0; ;) {
      let taken: string | null = null;
      try {
        const found = await this.#database.transaction(async (tx) => {
          const db = adapt(tx);
          const [entry] = await this.#boss.fetch(exhaustedQueue, { db, includeMetadata: true });
          if (entry === undefined) return false;
          taken = entry.id;
          const { sourceId, sourceName, sourceOutput } = entry;
          if (sourceId === null || sourceName === null) throw new Error(`${entry.id} has lost its job`);
          const reason = Reason.safeParse(sourceOutput).data ?? "its attempts are used up";
          await handler(tx, { jobId: sourceId, queue: sourceName, reason });
          await this.#boss.deleteJob(exhaustedQueue, entry.id, { db });
          return true;
        });
        if (!found) return count;
        count++;
      } catch (error) {
        if (taken === null) throw error;
        this.#options.onError(error);
        // Behind the others, so that one that can't be handled does not hold them up.
        await this.#boss.fail(exhaustedQueue, taken, null, { db: adapt(this.#database) });
      }
    }
  }

  async depth(queues: readonly string[]): Promise<Record<string, number>> {
    const rows = await query(this.#database, Depth, sql.depth, { queues });
    const waiting = new Map(rows.map((row) => [row.name, row.waiting]));
    return Object.fromEntries(queues.map((name) => [name, waiting.get(name) ?? 0]));
  }

  async #fetch(
    tx: Transaction,
    queue: string,
    max: number,
    refused: readonly string[],
  ): Promise<readonly Lease[]> {
    const options = { batchSize: max, includeMetadata: true as const, ignoreGroups: [...refused] };
    const entries = await this.#boss.fetch(queue, { ...options, db: adapt(tx) });
    return entries
      .sort(
        (a, b) =>
          b.priority - a.priority ||
          a.createdOn.getTime() - b.createdOn.getTime() ||
          // Within one millisecond: ids of jobs are UUIDs of version 7, which sort by their time.
          (a.id < b.id ? -1 : 1),
      )
      .map(({ id, retryCount }) => ({ jobId: id, queue, attempt: retryCount + 1 }));
  }

  /** Makes a queue at its first use; the same again changes nothing. */
  async #ensureQueue(name: string): Promise<void> {
    if (name === exhaustedQueue) throw new Error(`the queue name ${name} is taken`);
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const creation = this.#boss.createQueue(name, { ...queueOptions, deadLetter: exhaustedQueue });
    this.#queues.set(name, creation);
    // Tried again by the next one who needs it.
    creation.catch(() => this.#queues.delete(name));
    return creation;
  }

  /** Another process may have made it. */
  async #exists(name: string): Promise<boolean> {
    if (this.#queues.has(name)) return true;
    if (!/^[\w.\-/]+$/.test(name) || (await this.#boss.getQueue(name)) === null) return false;
    this.#queues.set(name, Promise.resolve());
    return true;
  }

  async #maintain(onExhausted: ExhaustedHandler): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.expire();
      await execute(this.#database, sql.forget, {});
      await this.drainExhausted(onExhausted);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

/** A queue in the database's schema `pgboss`; nothing is opened before `start`. */
export const createPgBossQueue = (options: PgBossQueueOptions): JobQueue => new PgBossQueue(options);
