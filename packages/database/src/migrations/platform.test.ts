import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { temporaryDatabase } from "../../testing/temporary.ts";
import type { Queryable } from "../pool.ts";

const Id = z.object({ id: z.uuid() });

const idOf = async (db: Queryable, text: string, params: readonly unknown[] = []): Promise<string> =>
  Id.parse((await db.query(text, params)).rows[0]).id;

interface Tenant {
  readonly organization: string;
  readonly token: string;
}

const addTenant = async (db: Queryable): Promise<Tenant> => {
  const organization = await idOf(db, "insert into organizations (name) values ($1) returning id", [
    randomBytes(8).toString("hex"),
  ]);
  const token = await idOf(
    db,
    "insert into tokens (organization_id, name, role, secret_sha256) values ($1, 'test', 'owner', $2) returning id",
    [organization, randomBytes(32)],
  );
  return { organization, token };
};

const addJob = (db: Queryable, { organization, token }: Tenant): Promise<string> =>
  idOf(
    db,
    `insert into jobs (organization_id, kind, queue, max_attempts, payload, correlation_id, created_by)
     values ($1, 'run', 'run', 3, '{}', 'c', $2) returning id`,
    [organization, token],
  );

const addProblem = (db: Queryable, { organization, token }: Tenant): Promise<string> =>
  idOf(
    db,
    `insert into problems (organization_id, short_name, name, package_digest, manifest, format_version,
       limits, summary, created_by)
     values ($1, 'hello', 'Hello', repeat('a', 64), repeat('b', 64), '2025-09', '{}', '{}', $2) returning id`,
    [organization, token],
  );

const leased = "state = 'leased', attempt = 1, leased_at = now(), runner_id = gen_random_uuid()";
const completed = "state = 'completed', result = '{}', finished_at = now()";

describe("a job's row", () => {
  test.each([
    ["leased without an attempt", "state = 'leased', leased_at = now(), runner_id = gen_random_uuid()"],
    ["leased by nobody", "state = 'leased', attempt = 1, leased_at = now()"],
    ["running without a start", leased.replace("'leased'", "'running'")],
    ["completed without a lease", completed],
    ["completed without a result", "state = 'completed', finished_at = now(), attempt = 1"],
    ["failed without a reason", "state = 'failed', finished_at = now()"],
    ["settled without an end", "state = 'cancelled'"],
    ["open with an end", "finished_at = now()"],
    ["open with a result", "result = '{}'"],
    ["of no known state", "state = 'lost'"],
  ])("can't be %s", async (_what, change) => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const id = await addJob(database, await addTenant(database));
    await expect(database.query(`update jobs set ${change} where id = $1`, [id])).rejects.toMatchObject({
      code: "23514",
    });
  });

  test.each([
    ["completed", `${leased}, ${completed}`.replace("state = 'leased', ", "")],
    ["failed", "state = 'failed', failure = '{}', finished_at = now()"],
    ["cancelled", "state = 'cancelled', finished_at = now()"],
  ])("never changes once %s", async (_state, change) => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const id = await addJob(database, await addTenant(database));
    await database.query(`update jobs set ${change} where id = $1`, [id]);
    for (const later of [completed, leased, "last_event_seq = 9", "state = 'queued', finished_at = null"])
      await expect(database.query(`update jobs set ${later} where id = $1`, [id])).rejects.toMatchObject({
        code: "23001",
        constraint: "settled_job_never_changes",
      });
  });

  test("keeps a fence that only grows", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const id = await addJob(database, await addTenant(database));
    await database.query("update jobs set attempt = 2 where id = $1", [id]);
    await expect(database.query("update jobs set attempt = 1 where id = $1", [id])).rejects.toMatchObject({
      constraint: "attempt_never_decreases",
    });
  });

  test("holds whatever a program printed", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const id = await addJob(database, await addTenant(database));
    const result = { stdout: "\0 \u{1F600} \uD800 '\"\\" };
    await database.query(
      `update jobs set ${leased.replace("'leased'", "'completed'")}, finished_at = now(), result = $2 where id = $1`,
      [id, JSON.stringify(result)],
    );
    expect((await database.query("select result from jobs")).rows).toEqual([{ result }]);
  });
});

describe("organizations", () => {
  test("can't be reached from each other's rows", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const [mine, theirs] = [await addTenant(database), await addTenant(database)];
    const foreign = { code: "23503" };
    await expect(addJob(database, { ...mine, token: theirs.token })).rejects.toMatchObject(foreign);
    await expect(addProblem(database, { ...mine, token: theirs.token })).rejects.toMatchObject(foreign);
    const submit = (problem: string, job: string): Promise<string> =>
      idOf(
        database,
        `insert into submissions (organization_id, problem_id, job_id, language, created_by)
         values ($1, $2, $3, 'c', $4) returning id`,
        [mine.organization, problem, job, mine.token],
      );
    const [problem, job] = [await addProblem(database, mine), await addJob(database, mine)];
    await expect(submit(await addProblem(database, theirs), job)).rejects.toMatchObject(foreign);
    await expect(submit(problem, await addJob(database, theirs))).rejects.toMatchObject(foreign);
    await submit(problem, job);
  });

  test("go with everything they own, settled or not, and nothing else", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const [mine, theirs] = [await addTenant(database), await addTenant(database)];
    for (const tenant of [mine, theirs]) {
      const job = await addJob(database, tenant);
      await addProblem(database, tenant);
      await database.query("insert into job_events (job_id, seq, body) values ($1, 1, '{}')", [job]);
      await database.query("update jobs set state = 'cancelled', finished_at = now() where id = $1", [job]);
    }
    await database.query("delete from organizations where id = $1", [mine.organization]);
    const { rows } = await database.query(
      "select (select count(*) from jobs) jobs, (select count(*) from job_events) events, (select count(*) from problems) problems",
    );
    expect(rows).toEqual([{ jobs: 1, events: 1, problems: 1 }]);
  });

  test("upload the same package once each", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const [mine, theirs] = [await addTenant(database), await addTenant(database)];
    await addProblem(database, mine);
    await addProblem(database, theirs);
    await expect(addProblem(database, mine)).rejects.toMatchObject({ code: "23505" });
  });
});
