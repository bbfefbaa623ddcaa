import { temporaryDatabase } from "@assay/database/testing";
import { describe, expect, test } from "vitest";
import { describeJobQueue } from "./conformance.ts";
import { createPgBossQueue } from "./pgboss-queue.ts";

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
    async [Symbol.asyncDispose]() {
      await queue.stop();
      await temporary[Symbol.asyncDispose]();
    },
  };
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
