import { randomUUID } from "node:crypto";
import { createDatabase } from "@assay/database";
import type { Database } from "@assay/database";
import { describe, expect, test } from "vitest";
import type { ExhaustedJob, JobQueue, Lease } from "./queue.ts";

/** A queue of its own for one test. */
interface QueueUnderTest extends AsyncDisposable {
  readonly queue: JobQueue;
  /** Where the queue's transactions take place; holds no other table. */
  readonly database: Database;
  readonly url: string;
  /** Another user of the same queue, as in a second server. */
  another(): Promise<JobQueue & AsyncDisposable>;
  /** Makes the current leases as old as if their holders had been silent for too long. */
  age(jobIds: readonly string[]): Promise<void>;
  /** Makes all refusals as old as if they were no longer remembered. */
  ageRefusals(): Promise<void>;
}

/** No maintenance runs by itself; `maxAttempts` leases per job. */
export type QueueFactory = (options: { readonly maxAttempts: number }) => Promise<QueueUnderTest>;

const nothing = async (): Promise<void> => {};

let made = 0;

/** As the database makes them: later ones sort behind earlier ones, also within one millisecond. */
const nextId = (): string => {
  const time = Date.now().toString(16).padStart(12, "0");
  const order = (made++ % 4096).toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}${randomUUID().slice(18)}`;
};

const enqueue = async (
  { queue, database }: QueueUnderTest,
  jobs: readonly { queue?: string; priority?: number }[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const job of jobs) {
    const jobId = nextId();
    await database.transaction((tx) =>
      queue.enqueue(tx, [{ jobId, queue: job.queue ?? "work", priority: job.priority ?? 0 }]),
    );
    ids.push(jobId);
  }
  return ids;
};

const leaseAll = (queue: JobQueue, max = 100, queues = ["work"]): Promise<readonly Lease[]> =>
  queue.lease({ queues, max, onLeased: nothing });

const leaseOne = async (queue: JobQueue): Promise<Lease> => {
  const [lease] = await leaseAll(queue, 1);
  if (lease === undefined) throw new Error("nothing to lease");
  return lease;
};

const settle = ({ queue, database }: QueueUnderTest, lease: Lease): Promise<boolean> =>
  database.transaction((tx) => queue.settle(tx, [lease]));

const release = ({ queue, database }: QueueUnderTest, lease: Lease): Promise<boolean> =>
  database.transaction((tx) => queue.release(tx, lease, "the runner is stopping"));

const expire = async (under: QueueUnderTest, lease: Lease): Promise<void> => {
  await under.age([lease.jobId]);
  expect(await under.queue.expire()).toBe(1);
};

const drain = async (queue: JobQueue): Promise<readonly ExhaustedJob[]> => {
  const jobs: ExhaustedJob[] = [];
  await queue.drainExhausted(async (_tx, job) => void jobs.push(job));
  return jobs;
};

/** What this holder gets. */
const leaseFor = (queue: JobQueue, holder: string, max = 10): Promise<readonly Lease[]> =>
  queue.lease({ queues: ["work"], max, holder, onLeased: nothing });
/** Leases one job for a holder, which refuses it. */
const refuse = async (under: QueueUnderTest, holder: string, others: string[]): Promise<Lease> => {
  const [lease] = await leaseFor(under.queue, holder, 1);
  if (lease === undefined) throw new Error(`nothing to lease for ${holder}`);
  const released = under.database.transaction((tx) =>
    under.queue.release(tx, lease, "not here", { holder, others }),
  );
  expect(await released).toBe(true);
  return lease;
};

/** What every implementation of the queue port promises. */
export const describeJobQueue = (name: string, factory: QueueFactory): void => {
  describe(`${name}: enqueue`, () => {
    test("an entry appears with the caller's commit", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      await database.transaction(async (tx) => {
        await queue.enqueue(tx, [{ jobId: randomUUID(), queue: "work", priority: 0 }]);
        expect(await leaseAll(queue)).toEqual([]);
      });
      expect(await leaseAll(queue)).toHaveLength(1);
    });

    test("an entry vanishes with the caller's rollback, and so does its row", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      await database.query("create table mine (id uuid)");
      const failing = database.transaction(async (tx) => {
        const jobId = randomUUID();
        await tx.query("insert into mine values ($1)", [jobId]);
        await queue.enqueue(tx, [{ jobId, queue: "work", priority: 0 }]);
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await leaseAll(queue)).toEqual([]);
      expect((await database.query("select * from mine")).rows).toEqual([]);
    });

    test("the same job twice is refused", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      const job = { jobId: randomUUID(), queue: "work", priority: 0 };
      await database.transaction((tx) => queue.enqueue(tx, [job]));
      await expect(database.transaction((tx) => queue.enqueue(tx, [job]))).rejects.toMatchObject({
        code: "conflict",
      });
      expect(await queue.depth(["work"])).toEqual({ work: 1 });
    });

    test("many at once are entered all or not at all", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      const known = { jobId: randomUUID(), queue: "work", priority: 0 };
      await database.transaction((tx) => queue.enqueue(tx, [known]));
      const others = ["work", "else"].map((name) => ({ jobId: randomUUID(), queue: name, priority: 0 }));
      const doubled = database.transaction((tx) => queue.enqueue(tx, [...others, known]));
      await expect(doubled).rejects.toMatchObject({ code: "conflict" });
      expect(await queue.depth(["work", "else"])).toEqual({ work: 1, else: 0 });
      await database.transaction((tx) => queue.enqueue(tx, others));
      expect(await queue.depth(["work", "else"])).toEqual({ work: 2, else: 1 });
    });

    test("a first use by many at once makes the queue once, however few connections there are", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await using narrow = createDatabase(under.url, { max: 2 });
      const ids = Array.from({ length: 12 }, () => randomUUID());
      await Promise.all(
        ids.map((jobId, index) =>
          narrow.transaction((tx) =>
            under.queue.enqueue(tx, [{ jobId, queue: `new-${index % 3}`, priority: 0 }]),
          ),
        ),
      );
      expect(await under.queue.depth(["new-0", "new-1", "new-2", "never"])).toEqual({
        "new-0": 4,
        "new-1": 4,
        "new-2": 4,
        never: 0,
      });
    });
  });

  describe(`${name}: lease`, () => {
    test("priority first, then age, across queues and within one batch", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const [low, urgent, second, late] = await enqueue(under, [
        { priority: 0 },
        { priority: 10 },
        { priority: 10 },
        { priority: -1 },
      ]);
      const leases = await leaseAll(under.queue);
      expect(leases.map(({ jobId }) => jobId)).toEqual([urgent, second, low, late]);
      expect(leases.every(({ attempt }) => attempt === 1)).toBe(true);

      const [here] = await enqueue(under, [{ queue: "a" }]);
      const [there] = await enqueue(under, [{ queue: "b", priority: 5 }]);
      expect((await leaseAll(under.queue, 1, ["a", "b"]))[0]?.jobId).toBe(there);
      expect((await leaseAll(under.queue, 1, ["a", "b"]))[0]?.jobId).toBe(here);
    });

    test("only the queues that were asked for, never more than max", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await enqueue(under, [{ queue: "a" }, { queue: "a" }, { queue: "b" }]);
      expect(await leaseAll(under.queue, 5, ["b"])).toHaveLength(1);
      expect(await leaseAll(under.queue, 1, ["a", "b"])).toHaveLength(1);
      expect(await leaseAll(under.queue, 0, ["a"])).toEqual([]);
      expect(await leaseAll(under.queue, 5, [])).toEqual([]);
      expect(await leaseAll(under.queue, 5, ["unknown", "a'; drop table pgboss.job; --"])).toEqual([]);
      expect(await under.queue.depth(["a", "b"])).toEqual({ a: 1, b: 0 });
    });

    test("what the caller records and the lease itself commit together", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      await database.query("create table taken (id uuid, attempt int)");
      const [jobId] = await enqueue(under, [{}]);
      const record = (fail: boolean) =>
        queue.lease({
          queues: ["work"],
          max: 1,
          onLeased: async (tx, leases) => {
            for (const lease of leases)
              await tx.query("insert into taken values ($1, $2)", [lease.jobId, lease.attempt]);
            if (fail) throw new Error("no");
          },
        });
      await expect(record(true)).rejects.toThrow("no");
      expect((await database.query("select * from taken")).rows).toEqual([]);
      expect(await record(false)).toEqual([{ jobId, queue: "work", attempt: 1 }]);
      expect((await database.query("select * from taken")).rows).toEqual([{ id: jobId, attempt: 1 }]);
    });

    test("each job goes to exactly one of many who ask at once", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await using other = await under.another();
      const ids = await enqueue(
        under,
        Array.from({ length: 60 }, () => ({})),
      );
      const taken: string[] = [];
      const work = async (queue: JobQueue): Promise<void> => {
        for (;;) {
          const leases = await leaseAll(queue, 3);
          if (leases.length === 0) return;
          taken.push(...leases.map(({ jobId }) => jobId));
        }
      };
      await Promise.all([under.queue, other, under.queue, other, under.queue].map(work));
      expect(taken.toSorted()).toEqual(ids.toSorted());
    });
  });

  describe(`${name}: settle, release, cancel`, () => {
    test("a settled job is gone; settling again is refused", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await enqueue(under, [{}]);
      const lease = await leaseOne(under.queue);
      expect(await settle(under, lease)).toBe(true);
      expect(await settle(under, lease)).toBe(false);
      expect(await release(under, lease)).toBe(false);
      expect(await under.queue.beat([lease])).toEqual([lease]);
      expect(await leaseAll(under.queue)).toEqual([]);
    });

    test("of two who settle one lease at once, one wins", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await using other = await under.another();
      await enqueue(under, [{}]);
      const lease = await leaseOne(under.queue);
      const results = await Promise.all([settle(under, lease), settle({ ...under, queue: other }, lease)]);
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    test("several leases are settled in one call, unless one of them is no longer valid", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      await enqueue(under, [{ queue: "a" }, { queue: "a" }, { queue: "b" }]);
      const leases = await leaseAll(queue, 3, ["a", "b"]);
      const [first, ...rest] = leases;
      const stale = rest.map((lease) => ({ ...lease, attempt: lease.attempt + 1 }));
      const settleAll = (these: readonly (Lease | undefined)[]): Promise<void> =>
        database.transaction(async (tx) => {
          const valid = await queue.settle(
            tx,
            these.flatMap((lease) => lease ?? []),
          );
          if (!valid) throw new Error("refused");
        });
      await expect(settleAll([first, ...stale])).rejects.toThrow("refused");
      expect(await queue.beat(leases)).toEqual([]);
      await settleAll(leases);
      expect(await queue.beat(leases)).toEqual(leases);
    });

    test("a connection that breaks between settle and commit changes nothing", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      await database.query("create table results (id uuid)");
      await enqueue(under, [{}]);
      const lease = await leaseOne(queue);
      const broken = database.transaction(async (tx) => {
        expect(await queue.settle(tx, [lease])).toBe(true);
        await tx.query("insert into results values ($1)", [lease.jobId]);
        const { rows } = await tx.query("select pg_backend_pid() as pid");
        await database.query("select pg_terminate_backend($1)", [rows[0]?.["pid"]]);
      });
      await expect(broken).rejects.toMatchObject({ code: "database_unavailable" });
      expect((await database.query("select * from results")).rows).toEqual([]);
      expect(await queue.beat([lease])).toEqual([]);
      expect(await settle(under, lease)).toBe(true);
    });

    test("a released job is leased again at once, with a higher fence, before younger ones", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const [jobId] = await enqueue(under, [{}, {}]);
      const lease = await leaseOne(under.queue);
      expect(await release(under, lease)).toBe(true);
      expect(await release(under, lease)).toBe(false);
      expect(await leaseOne(under.queue)).toEqual({ jobId, queue: "work", attempt: 2 });
    });

    test("a waiting job that is cancelled is never leased", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      const [jobId = ""] = await enqueue(under, [{}]);
      await database.transaction((tx) => queue.cancel(tx, [{ jobId, queue: "work" }]));
      expect(await leaseAll(queue)).toEqual([]);
      expect(await queue.depth(["work"])).toEqual({ work: 0 });
    });

    test("a leased job that is cancelled is refused to its holder", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      const [cancelled = ""] = await enqueue(under, [{}, {}]);
      const leases = await leaseAll(queue);
      await database.transaction((tx) => queue.cancel(tx, [{ jobId: cancelled, queue: "work" }]));
      await database.transaction((tx) => queue.cancel(tx, [{ jobId: cancelled, queue: "work" }]));
      const lost = await queue.beat(leases);
      expect(lost.map(({ jobId }) => jobId)).toEqual([cancelled]);
      expect(await settle(under, { jobId: cancelled, queue: "work", attempt: 1 })).toBe(false);
      expect(await queue.expire()).toBe(0);
    });

    test("what never was is refused, whatever it is called", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue, database } = under;
      for (const name of ["unknown", "", "a'; drop table pgboss.job; --"]) {
        const lease = { jobId: randomUUID(), queue: name, attempt: 1 };
        expect(await queue.beat([lease])).toEqual([lease]);
        expect(await settle(under, lease)).toBe(false);
        expect(await release(under, lease)).toBe(false);
        await database.transaction((tx) => queue.cancel(tx, [{ jobId: lease.jobId, queue: name }]));
      }
    });
  });

  describe(`${name}: refusal`, () => {
    test("a job goes to who has not refused it, and that costs no attempt; others pass it", async () => {
      await using under = await factory({ maxAttempts: 1 });
      await using other = await under.another();
      const [refused, next] = await enqueue(under, [{}, {}]);
      const first = await refuse(under, "a", ["b", "c"]);
      expect(first).toMatchObject({ jobId: refused, attempt: 1 });
      expect(await leaseFor(other, "a")).toMatchObject([{ jobId: next, attempt: 1 }]);
      expect(await leaseFor(other, "a")).toEqual([]);
      expect(await release(under, first)).toBe(false);
      await refuse(under, "b", ["a", "c"]);
      expect(await leaseFor(other, "c")).toEqual([{ jobId: refused, queue: "work", attempt: 3 }]);
      expect(await drain(under.queue)).toEqual([]);
    });

    test("a job that all refuse uses up its attempts, and is given to each of them again", async () => {
      await using under = await factory({ maxAttempts: 2 });
      const [jobId] = await enqueue(under, [{}]);
      for (const attempt of [1, 3]) {
        expect((await refuse(under, "a", ["b"])).attempt).toBe(attempt);
        expect((await refuse(under, "b", ["a"])).attempt).toBe(attempt + 1);
      }
      expect(await leaseFor(under.queue, "a")).toEqual([]);
      expect(await drain(under.queue)).toEqual([{ jobId, queue: "work", reason: "not here" }]);
    });

    test("a refusal is forgotten after a while, so that no job waits for who never comes back", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const [jobId] = await enqueue(under, [{}]);
      await refuse(under, "a", ["gone"]);
      expect(await leaseFor(under.queue, "a")).toEqual([]);
      await under.ageRefusals();
      expect(await leaseFor(under.queue, "a")).toMatchObject([{ jobId, attempt: 2 }]);
    });

    test("who asks may choose from which queues to take, and how much", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const { queue } = under;
      const [, second, third] = await enqueue(under, [{}, { queue: "b" }, { queue: "c" }, { queue: "c" }]);
      await refuse(under, "a", ["b"]);
      const seen: unknown[] = [];
      const leases = await queue.lease({
        queues: ["work", "b", "c"],
        max: 10,
        choose: async (waiting) => {
          seen.push(...waiting.map(({ queue: one, refused }) => [one, refused]));
          expect(waiting.every(({ waitedMs }) => waitedMs >= 0)).toBe(true);
          return waiting
            .filter(({ refused }) => !refused)
            .map((one) => ({ queue: one.queue, max: one.queue === "c" ? 1 : 10 }));
        },
        onLeased: nothing,
      });
      expect(leases.map(({ jobId }) => jobId)).toEqual([second, third]);
      expect(seen).toEqual([
        ["work", true],
        ["b", false],
        ["c", false],
      ]);
    });
  });

  describe(`${name}: expiry and exhaustion`, () => {
    test("who beats keeps the lease, who is silent loses it", async () => {
      await using under = await factory({ maxAttempts: 3 });
      const [silent = "", alive = ""] = await enqueue(under, [{}, {}]);
      const leases = await leaseAll(under.queue);
      await under.age([silent, alive]);
      expect(await under.queue.beat(leases.filter(({ jobId }) => jobId === alive))).toEqual([]);
      expect(await under.queue.expire()).toBe(1);
      expect((await under.queue.beat(leases)).map(({ jobId }) => jobId)).toEqual([silent]);
    });

    test("the old fence is refused in everything after the job was leased again", async () => {
      await using under = await factory({ maxAttempts: 3 });
      await enqueue(under, [{}]);
      const old = await leaseOne(under.queue);
      await expire(under, old);
      // Also before anybody else has it.
      expect(await settle(under, old)).toBe(false);
      const fresh = await leaseOne(under.queue);
      expect(fresh).toEqual({ ...old, attempt: 2 });
      expect(await settle(under, old)).toBe(false);
      expect(await release(under, old)).toBe(false);
      expect(await under.queue.beat([old, fresh])).toEqual([old]);
      expect(await settle(under, fresh)).toBe(true);
    });

    test("a job whose attempts are used up is handed out exactly once, with the last reason", async () => {
      await using under = await factory({ maxAttempts: 2 });
      await using other = await under.another();
      const [released, expired] = await enqueue(under, [{}, {}]);
      for (const attempt of [1, 2]) {
        const leases = await leaseAll(under.queue);
        expect(leases.map((lease) => lease.attempt)).toEqual([attempt, attempt]);
        const [first, second] = leases.toSorted((a) => (a.jobId === released ? -1 : 1));
        if (first === undefined || second === undefined) throw new Error("both jobs should be leased");
        expect(await release(under, first)).toBe(true);
        await expire(under, second);
      }
      expect(await leaseAll(under.queue)).toEqual([]);
      const jobs = (await Promise.all([under.queue, other].map(drain))).flat();
      expect(jobs).toHaveLength(2);
      expect(jobs).toContainEqual({ jobId: released, queue: "work", reason: "the runner is stopping" });
      expect(jobs).toContainEqual({
        jobId: expired,
        queue: "work",
        reason: expect.stringMatching(/not heard of/),
      });
      expect(await drain(under.queue)).toEqual([]);
    });

    test("an exhausted job stays until its handler commits, and does not hold up the others", async () => {
      await using under = await factory({ maxAttempts: 1 });
      const { queue, database } = under;
      await database.query("create table failed (id uuid)");
      const [bad, good] = await enqueue(under, [{}, {}]);
      for (const lease of await leaseAll(queue)) await release(under, lease);
      const handled = await queue.drainExhausted(async (tx, { jobId }) => {
        await tx.query("insert into failed values ($1)", [jobId]);
        if (jobId === bad) throw new Error("can't handle this one yet");
      });
      expect(handled).toBe(1);
      expect((await database.query("select id from failed")).rows).toEqual([{ id: good }]);
    });

    test("exhausted jobs can't be leased as if they were work", async () => {
      await using under = await factory({ maxAttempts: 1 });
      await enqueue(under, [{}]);
      await release(under, await leaseOne(under.queue));
      expect(await leaseAll(under.queue, 10, ["assay/exhausted", "work"])).toEqual([]);
      expect(await drain(under.queue)).toHaveLength(1);
    });
  });
};
