import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { temporaryDatabase } from "../testing/temporary.ts";
import { execute, loadSql, parseStatement, query, queryMaybe, queryOne } from "./sql.ts";

describe("parseStatement", () => {
  test("gives each name one number, in the order of its first use", () => {
    expect(parseStatement("x", "select :b, :a, :b;")).toEqual({
      name: "x",
      text: "select $1, $2, $1",
      parameters: ["b", "a"],
    });
  });

  test.each([
    ["a string", "select ':a ''it:b'", []],
    ["a quoted name", 'select ":a"', []],
    ["a cast", "select :a::text", ["a"]],
    ["a line comment", "-- :a\nselect :b", ["b"]],
    ["a block comment", "/* :a */ select :b", ["b"]],
    ["a dollar quote", "select $x$ :a $y$ :b $x$, :c", ["c"]],
    ["an assignment", "call f(a := :b)", ["b"]],
    ["a slice", "select (array[1,2])[1:2]", []],
  ])("leaves %s alone", (_what, source, parameters) => {
    expect(parseStatement("x", source).parameters).toEqual(parameters);
  });
});

const withFile = async (source: string, use: (url: string) => void): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), "assay-sql-"));
  try {
    await writeFile(join(directory, "some.sql"), source);
    use(pathToFileURL(join(directory, "module.ts")).href);
  } finally {
    await rm(directory, { recursive: true });
  }
};

describe("loadSql", () => {
  const blocks = "-- name: find\nselect :id;\n\n-- name: list\nselect 2\n";

  test("reads a single statement", () =>
    withFile("select 1;\n", (url) => {
      expect(loadSql(url, "./some.sql")).toEqual({ name: "./some.sql", text: "select 1", parameters: [] });
    }));

  test("reads named blocks", () =>
    withFile(blocks, (url) => {
      const sql = loadSql(url, "./some.sql", ["find", "list"]);
      expect(sql.find).toEqual({ name: "./some.sql#find", text: "select $1", parameters: ["id"] });
      expect(sql.list.text).toBe("select 2");
    }));

  test("names that are missing on either side are an error at start", () =>
    withFile(blocks, (url) => {
      expect(() => loadSql(url, "./some.sql", ["find"])).toThrow(/unused blocks \[list\]/);
      expect(() => loadSql(url, "./some.sql", ["find", "list", "drop"])).toThrow(/missing blocks \[drop\]/);
      expect(() => loadSql(url, "./some.sql")).toThrow(/named blocks/);
      expect(() => loadSql(url, "./other.sql")).toThrow(/ENOENT/);
    }));

  test("two blocks of one name are an error", () =>
    withFile("-- name: a\nselect 1\n-- name: a\nselect 2\n", (url) => {
      expect(() => loadSql(url, "./some.sql", ["a"])).toThrow(/two blocks named a/);
    }));
});

describe("queries", () => {
  const Row = z.object({ n: z.int() });
  const series = parseStatement("series", "select n from generate_series(1, :to) as n");

  test("rows are parsed", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    expect(await query(database, Row, series, { to: 2 })).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await queryMaybe(database, Row, series, { to: 0 })).toBeNull();
    expect(await queryOne(database, Row, series, { to: 1 })).toEqual({ n: 1 });
    await expect(queryOne(database, Row, series, { to: 0 })).rejects.toThrow(/0 rows/);
    await expect(queryMaybe(database, Row, series, { to: 2 })).rejects.toThrow(/2 rows/);
    await expect(query(database, z.object({ n: z.string() }), series, { to: 1 })).rejects.toThrow(z.ZodError);
  });

  test("parameters that are missing, undefined or unknown are an error, never NULL", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await expect(query(database, Row, series)).rejects.toThrow(/needs the parameter :to/);
    await expect(query(database, Row, series, { to: undefined })).rejects.toThrow(/needs the parameter :to/);
    await expect(query(database, Row, series, { to: 1, from: 2 })).rejects.toThrow(
      /takes no parameter :from/,
    );
  });

  test("a value is never SQL", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await database.query("create table t (a text)");
    const insert = parseStatement("insert", "insert into t values (:a)");
    const evil = "'); drop table t; --";
    expect(await execute(database, insert, { a: evil })).toBe(1);
    expect((await database.query("select a from t")).rows).toEqual([{ a: evil }]);
  });
});
