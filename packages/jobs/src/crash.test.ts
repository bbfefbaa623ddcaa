import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { temporaryDatabase } from "@assay/database/testing";
import { expect, test } from "vitest";
import { createPgBossQueue } from "./pgboss-queue.ts";

const jobs = 200;

/** The same kills in every run. */
const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A process that leases and settles until nothing is left, and says so line by line. */
const worker = (url: string): string => `
  import { createDatabase } from ${JSON.stringify(import.meta.resolve("@assay/database"))};
  import { createPgBossQueue } from ${JSON.stringify(new URL("./pgboss-queue.ts", import.meta.url).href)};
  await using database = createDatabase(${JSON.stringify(url)}, { max: 3 });
  await using queue = createPgBossQueue({ database, maxAttempts: 100, maintenance: null, onError(error) { throw error; } });
  await queue.start();
  const work = async (lease) => {
    process.stdout.write("leased\\n");
    await database.transaction(async (tx) => {
      if (!(await queue.settle(tx, [lease]))) return;
      await tx.query("insert into results values ($1, $2)", [lease.jobId, lease.attempt]);
    });
    process.stdout.write("settled\\n");
  };
  for (;;) {
    const leases = await queue.lease({ queues: ["work"], max: 3, onLeased: async () => {} });
    if (leases.length === 0) break;
    await Promise.all(leases.map(work));
  }`;

/** Runs a worker and kills it after so many lines. */
const runWorker = async (url: string, lines: number): Promise<"finished" | "killed"> => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", worker(url)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  let seen = 0;
  createInterface({ input: child.stdout }).on("line", () => {
    if (++seen === lines) child.kill("SIGKILL");
  });
  const [code, signal] = await exit;
  if (signal === "SIGKILL") return "killed";
  expect(code).toBe(0);
  return "finished";
};

test(`${jobs} jobs are settled exactly once by workers that are killed at random`, async () => {
  await using temporary = await temporaryDatabase();
  const { database, url } = temporary;
  await using queue = createPgBossQueue({
    database,
    maxAttempts: 100,
    maintenance: null,
    onError: (error) => {
      throw error;
    },
  });
  await queue.start();
  await database.query("create table results (job_id uuid, attempt int)");
  await database.transaction(async (tx) => {
    for (let n = 0; n < jobs; n++)
      await queue.enqueue(tx, [{ jobId: randomUUID(), queue: "work", priority: n % 3 }]);
  });

  const random = createRandom(7);
  let kills = 0;
  for (let round = 0; ; round++) {
    const limit = (): number => (round < 5 ? 1 + Math.floor(random() * 40) : Number.POSITIVE_INFINITY);
    const ends = await Promise.all([runWorker(url, limit()), runWorker(url, limit())]);
    kills += ends.filter((end) => end === "killed").length;
    await database.query(
      "update pgboss.job set heartbeat_on = heartbeat_on - interval '1 hour' where state = 'active'",
    );
    if ((await queue.expire()) === 0 && (await queue.depth(["work"]))["work"] === 0) break;
  }

  expect(kills).toBeGreaterThan(5);
  const { rows } = await database.query(
    "select count(*) as settled, count(distinct job_id) as jobs, max(attempt) as attempts from results",
  );
  expect(rows[0]).toMatchObject({ settled: jobs, jobs });
  expect(rows[0]?.["attempts"]).toBeGreaterThan(1);
});
