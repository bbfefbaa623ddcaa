import { randomUUID } from "node:crypto";
import { temporaryDatabase } from "@assay/database/testing";
import { describe, expect, test } from "vitest";
import { describeJobQueue } from "./conformance.ts";
import { createPgBossQueue } from "./pgboss-queue.ts";
import type { ExhaustedJob } from "./queue.ts";

const unexpected = (error: unknown): void => {
  if (!(error instanceof Error && error.message === "can't handle this one yet")) throw error;
};

describeJobQueue("pg-boss", async ({ maxAttempts }) => {
  const temporary = await temporaryDatabase();
  const { database, url } = temporary;
  const create = () =>
    createPgBossQueue({ database, maxAttempts, leaseSeconds: 30, maintenance: null, onError: unexpected });
  const queue = create();
  await queue.start();
  return {
    queue,
    database,
    url,
    async another() {
      const other = create();
      await other.start();
      return other;
    },
    async age(jobIds) {
      await database.query(
        "update pgboss.job set heartbeat_on = heartbeat_on - interval '31 seconds' where id = any ($1::uuid[])",
        [jobIds],
      );
    },
    async ageRefusals() {
      await database.query("update queue_refusals set until = until - interval '61 seconds'");
    },
    async [Symbol.asyncDispose]() {
      await queue.stop();
      await temporary[Symbol.asyncDispose]();
    },
  };
});

describe("maintenance", () => {
  test("takes silent leases back and hands over what is exhausted, by itself", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const exhausted = Promise.withResolvers<ExhaustedJob>();
    await using queue = createPgBossQueue({
      database,
      leaseSeconds: 1,
      maxAttempts: 1,
      maintenance: { everyMs: 20, onExhausted: async (_tx, job) => exhausted.resolve(job) },
      onError: unexpected,
    });
    await queue.start();
    const jobId = randomUUID();
    await database.transaction((tx) => queue.enqueue(tx, [{ jobId, queue: "work", priority: 0 }]));
    expect(await queue.lease({ queues: ["work"], max: 1, onLeased: async () => {} })).toHaveLength(1);
    // Without a beat from here on.
    expect(await exhausted.promise).toEqual({ jobId, queue: "work", reason: expect.stringContaining("1 s") });
  });

  test("pg-boss looks after its own tables, and drops what it kept of ended jobs", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const errors: unknown[] = [];
    await using queue = createPgBossQueue({
      database,
      maintenance: { superviseSeconds: 1, onExhausted: async () => {} },
      onError: (error) => errors.push(error),
    });
    await queue.start();
    const jobId = randomUUID();
    await database.transaction((tx) => queue.enqueue(tx, [{ jobId, queue: "work", priority: 0 }]));
    await database.query(
      "update pgboss.job set state = 'completed', completed_on = now() - interval '2 hours' where id = $1",
      [jobId],
    );
    const left = () => database.query("select from pgboss.job where id = $1", [jobId]);
    await expect.poll(async () => [errors, (await left()).rows.length], { timeout: 30_000 }).toEqual([[], 0]);
  });

  test("a failure in the background is reported, and work goes on after it", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const reported = Promise.withResolvers<unknown>();
    const exhausted = Promise.withResolvers<ExhaustedJob>();
    await using queue = createPgBossQueue({
      database,
      maxAttempts: 1,
      maintenance: { everyMs: 20, onExhausted: async (_tx, job) => exhausted.resolve(job) },
      onError: reported.resolve,
    });
    await queue.start();
    await database.query("alter table pgboss.job rename to away");
    await expect(reported.promise).resolves.toBeInstanceOf(Error);
    await database.query("alter table pgboss.away rename to job");
    const jobId = randomUUID();
    await database.transaction((tx) => queue.enqueue(tx, [{ jobId, queue: "work", priority: 0 }]));
    const [lease] = await queue.lease({ queues: ["work"], max: 1, onLeased: async () => {} });
    if (lease === undefined) throw new Error("nothing to lease");
    await database.transaction((tx) => queue.release(tx, lease, "enough"));
    expect(await exhausted.promise).toMatchObject({ jobId, reason: "enough" });
  });
});

describe("starting", () => {
  test("several servers at once on an empty database", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const queues = Array.from({ length: 4 }, () =>
      createPgBossQueue({ database, maintenance: null, onError: unexpected }),
    );
    await Promise.all(queues.map((queue) => queue.start()));
    expect(await queues[0]?.depth(["work"])).toEqual({ work: 0 });
    await Promise.all(queues.map((queue) => queue.stop()));
  });

  test.each([0, -1, 1.5, Number.NaN])("%s is no length of a lease and no number of attempts", async (n) => {
    await using temporary = await temporaryDatabase();
    const options = { database: temporary.database, maintenance: null, onError: unexpected };
    expect(() => createPgBossQueue({ ...options, leaseSeconds: n })).toThrow(RangeError);
    expect(() => createPgBossQueue({ ...options, maxAttempts: n })).toThrow(RangeError);
  });
});
