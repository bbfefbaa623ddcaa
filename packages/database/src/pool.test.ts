import { AssayError } from "@assay/contracts";
import { describe, expect, test } from "vitest";
import { temporaryDatabase } from "../testing/temporary.ts";
import { createDatabase } from "./pool.ts";
import type { Transaction } from "./pool.ts";

const unavailable = expect.objectContaining({ code: "database_unavailable", status: 503 });

describe("queries", () => {
  test("parameters, numbers, dates and documents come back as JavaScript values", async () => {
    await using temporary = await temporaryDatabase();
    const { rows } = await temporary.database.query(
      "select $1::bigint as big, now() as at, $2::jsonb as doc, count(*) as n from generate_series(1, 3)",
      [2 ** 40, JSON.stringify({ a: [1] })],
    );
    expect(rows).toEqual([{ big: 2 ** 40, at: expect.any(Date), doc: { a: [1] }, n: 3 }]);
  });

  test("a bigint that JavaScript can't hold is an error, not a wrong number", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    expect((await database.query("select 9007199254740991 as n")).rows).toEqual([{ n: 9007199254740991 }]);
    await expect(database.query("select 9007199254740993 as n")).rejects.toThrow(RangeError);
  });

  test("a statement over its time limit ends with PostgreSQL's error and the pool goes on", async () => {
    await using temporary = await temporaryDatabase();
    await using hasty = createDatabase(temporary.url, { statementTimeoutMs: 50, max: 1 });
    await expect(hasty.query("select pg_sleep(30)")).rejects.toMatchObject({ code: "57014" });
    expect((await hasty.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("several statements that fail in the middle leave no open transaction behind", async () => {
    await using temporary = await temporaryDatabase();
    await using narrow = createDatabase(temporary.url, { max: 1 });
    await expect(narrow.query("begin; create table t (a int); select 1/0; commit")).rejects.toMatchObject({
      code: "22012",
    });
    expect((await narrow.query("select to_regclass('t') as t")).rows).toEqual([{ t: null }]);
  });
});

describe("prepared statements", () => {
  test("survive a migration of their table, alone and in a transaction", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await using narrow = database.derive({ max: 1 });
    await database.query("create table t as select 1 as a");
    const read = "select * from t where a = $1";
    expect((await narrow.query(read, [1])).rows).toEqual([{ a: 1 }]);
    await database.query("alter table t add column b int");
    expect((await narrow.query(read, [1])).rows).toEqual([{ a: 1, b: null }]);
    await database.query("alter table t add column c int");
    const { rows } = await narrow.transaction((tx) => tx.query(read, [1]));
    expect(rows).toEqual([{ a: 1, b: null, c: null }]);
  });

  test("are planned on an empty table as for a full one", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await database.query(
      "create table t (id int primary key, a int); create table u (id int primary key); analyze",
    );
    const { rows } = await database.query(
      `explain select * from unnest('{1,2}'::int[]) as k (id) join t on t.id = k.id join u on u.id = t.a`,
    );
    const plan = rows.map((row) => String(row["QUERY PLAN"])).join("\n");
    expect(plan).toMatch(/Index.* Scan using t_pkey/);
    expect(plan).toMatch(/Index.* Scan using u_pkey/);
    expect(plan).not.toMatch(/Hash|Merge|Seq Scan/);
  });

  test("are not made without end", async () => {
    await using temporary = await temporaryDatabase();
    await using narrow = temporary.database.derive({ max: 1 });
    for (let n = 0; n < 600; n++) await narrow.query(`select $1::int + ${n}`, [n]);
    const { rows } = await narrow.query("select count(*) as n from pg_prepared_statements");
    expect(rows[0]?.["n"]).toBeLessThanOrEqual(500);
  });
});

describe("transactions", () => {
  test("commit together, vanish together", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await database.query("create table t (a int)");
    await database.transaction(async (tx) => {
      await tx.query("insert into t values (1)");
      await tx.query("insert into t values (2)");
    });
    const failing = database.transaction(async (tx) => {
      await tx.query("insert into t values (3)");
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect((await database.query("select a from t order by a")).rows).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("a failure that fn swallowed is not taken for a commit", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await database.query("create table t (a int primary key)");
    const result = database.transaction(async (tx) => {
      await tx.query("insert into t values (1)");
      await tx.query("insert into t values (1)").catch(() => {});
    });
    await expect(result).rejects.toThrow(/rolled back/);
  });

  test("can't be used after their end", async () => {
    await using temporary = await temporaryDatabase();
    let kept: Transaction | undefined;
    await temporary.database.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.query("select 1")).rejects.toThrow(/after its end/);
  });

  test("that wait for each other are run again until both are through", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await database.query("create table t (id int primary key, n int); insert into t values (1, 0), (2, 0)");
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let runs = 0;
    const add = (first: number, second: number, mine: number, other: number) =>
      database.transaction(async (tx) => {
        runs++;
        await tx.query("update t set n = n + 1 where id = $1", [first]);
        gates[mine]?.resolve();
        await gates[other]?.promise;
        await tx.query("update t set n = n + 1 where id = $1", [second]);
      });
    await Promise.all([add(1, 2, 0, 1), add(2, 1, 1, 0)]);
    // The one that is run again may be back at its row before the other one has woken up.
    expect(runs).toBeGreaterThanOrEqual(3);
    expect((await database.query("select n from t")).rows).toEqual([{ n: 2 }, { n: 2 }]);
  });
});

describe("a server that can't be asked", () => {
  test.each([
    ["nobody listens", "postgres://assay@127.0.0.1:1/assay"],
    ["no socket", "postgres://assay@localhost/assay?host=%2Fnonexistent"],
    ["no such host", "postgres://assay@host.invalid/assay"],
  ])("%s: database_unavailable", async (_name, url) => {
    await using database = createDatabase(url, { connectionTimeoutMs: 3_000 });
    await expect(database.ping()).rejects.toEqual(unavailable);
    await expect(database.transaction(async () => 1)).rejects.toEqual(unavailable);
    await expect(database.openSession()).rejects.toEqual(unavailable);
  });

  test("a connection that is cut in a transaction is database_unavailable, and the next one works", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    const cut = database.transaction(async (tx) => {
      const { rows } = await tx.query("select pg_backend_pid() as pid");
      await database.query("select pg_terminate_backend($1)", [rows[0]?.["pid"]]);
      await tx.query("select 1");
    });
    await expect(cut).rejects.toEqual(unavailable);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test("no free connection within the time is database_unavailable", async () => {
    await using temporary = await temporaryDatabase();
    await using narrow = createDatabase(temporary.url, { max: 1, connectionTimeoutMs: 50 });
    await narrow.transaction(async () => {
      await expect(narrow.ping()).rejects.toBeInstanceOf(AssayError);
    });
  });
});
