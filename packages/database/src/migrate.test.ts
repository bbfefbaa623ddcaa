import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDatabase } from "../testing/temporary.ts";
import { loadMigrations, migrate, MigrationError } from "./migrate.ts";
import type { Migration } from "./migrate.ts";

const migration = (version: number, sql: string): Migration => ({
  version,
  name: `step_${version}`,
  sql,
  checksum: createHash("sha256").update(sql).digest("hex"),
});

const two = [
  migration(1, "create table a (n int)"),
  migration(2, "insert into a values (1); insert into a values (2)"),
];

describe("migrate", () => {
  test("applies each once, in order, and what is new later", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    const { database } = temporary;
    expect(await migrate(database, two.slice(0, 1))).toEqual([1]);
    expect(await migrate(database, two)).toEqual([2]);
    expect(await migrate(database, two)).toEqual([]);
    expect((await database.query("select n from a order by n")).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("several servers at once apply each once", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(temporary.database, two)));
    expect(applied.flat()).toEqual([1, 2]);
  });

  test("one that fails changes nothing, and says which", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    const { database } = temporary;
    const failing = migration(3, "create table b (n int); select 1 / 0");
    await expect(migrate(database, [...two, failing])).rejects.toThrow(/Migration 3 \(step_3\) failed/);
    expect((await database.query("select to_regclass('b') as b")).rows).toEqual([{ b: null }]);
    expect(await migrate(database, [...two, migration(3, "create table b (n int)")])).toEqual([3]);
  });

  test("a database that is newer than the code is refused", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    await migrate(temporary.database, two);
    const result = migrate(temporary.database, two.slice(0, 1));
    await expect(result).rejects.toThrow(MigrationError);
    await expect(result).rejects.toThrow(/at version 2, this Assay knows only 1/);
  });

  test("a migration that was edited after it was applied is refused", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    await migrate(temporary.database, two);
    const edited = [migration(1, "create table a (n bigint)"), ...two.slice(1)];
    await expect(migrate(temporary.database, edited)).rejects.toThrow(/Migration 1 \(step_1\) was edited/);
  });
});

describe("loadMigrations", () => {
  test.each([["0002_late.sql"], ["1_short.sql"], ["0001_Bad-Name.sql"]])("refuses %s", async (name) => {
    const directory = await mkdtemp(join(tmpdir(), "assay-migrations-"));
    try {
      await writeFile(join(directory, name), "select 1");
      await expect(loadMigrations(directory)).rejects.toThrow(/numbered without gaps/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
