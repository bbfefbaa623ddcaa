import { describe, expect, test } from "vitest";
import { z } from "zod";
import { temporaryDatabase } from "../../testing/temporary.ts";
import { loadMigrations, migrate } from "../migrate.ts";
import type { Queryable } from "../pool.ts";

const Id = z.object({ id: z.uuid() });
const idOf = async (db: Queryable, text: string, params: readonly unknown[] = []): Promise<string> =>
  Id.parse((await db.query(text, params)).rows[0]).id;

describe("the migration to rejudging", () => {
  test("finds verdicts and scores in results of before, whatever programs printed", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    const { database } = temporary;
    const migrations = await loadMigrations();
    const version = migrations.find(({ name }) => name === "rejudging")?.version ?? 0;
    await migrate(database, migrations.slice(0, version - 1));
    const organization = await idOf(database, "insert into organizations (name) values ('o') returning id");
    const token = await idOf(
      database,
      `insert into tokens (organization_id, name, role, secret_sha256)
       values ($1, 't', 'owner', decode(repeat('00', 32), 'hex')) returning id`,
      [organization],
    );
    const addJob = (kind: string, result: string | null) =>
      idOf(
        database,
        `insert into jobs (organization_id, kind, state, attempt, queue, max_attempts, payload, correlation_id,
           created_by, result, leased_at, runner_id, finished_at)
         values ($1, $3, case when $4::json is null then 'cancelled' else 'completed' end, 1, 'q', 3, '{}', 'c',
           $2, $4::json, now(), gen_random_uuid(), now()) returning id`,
        [organization, token, kind, result],
      );
    const nul = '"evidence":{"text":"\\u0000 \\ud800"}';
    const jobs = [
      await addJob("judge", `{"kind":"judge","verdict":"AC","fault":null,"passed":1,${nul}}`),
      await addJob("judge", `{"kind":"judge","verdict":"WA","fault":"submitter","score":12.5,${nul}}`),
      await addJob("judge", `{"kind":"judge","verdict":"TLE","fault":"submitter","score":null,${nul}}`),
      await addJob("run", `{"kind":"run","verdict":"AC",${nul}}`),
      await addJob("judge", null),
    ];
    await migrate(database, migrations);
    const { rows } = await database.query(
      "select verdict, score from jobs order by array_position($1::uuid[], id)",
      [jobs],
    );
    expect(rows).toEqual([
      { verdict: "AC", score: null },
      { verdict: "WA", score: 12.5 },
      { verdict: "TLE", score: null },
      { verdict: null, score: null },
      { verdict: null, score: null },
    ]);
    await expect(database.query("update jobs set verdict = 'WA' where verdict = 'AC'")).rejects.toThrow(
      /never changes/,
    );
  });
});
