import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import type { Queryable } from "./pool.ts";

/** One statement of a `.sql` file, ready for PostgreSQL. */
export interface Statement {
  /** For messages: file and block. */
  readonly name: string;
  /** With `$1`, `$2`, … in place of the named parameters. */
  readonly text: string;
  /** Names in the order of their numbers. */
  readonly parameters: readonly string[];
}

export type Parameters = Readonly<Record<string, unknown>>;

/**
 * What may hold a colon that is no parameter: strings, quoted names, dollar quotes, comments, casts
 * and assignments. Only the last alternative is a parameter.
 */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:=|:([a-z][A-Za-z0-9_]*)/g;

export const parseStatement = (name: string, source: string): Statement => {
  const parameters: string[] = [];
  const text = source.replace(token, (match: string, _tag: string | undefined, parameter?: string) => {
    if (parameter === undefined) return match;
    if (!parameters.includes(parameter)) parameters.push(parameter);
    return `$${parameters.indexOf(parameter) + 1}`;
  });
  return { name, text: text.trim().replace(/;$/, ""), parameters };
};

const heading = /^-- name: *([A-Za-z][A-Za-z0-9]*) *$/gm;

/** Splits a file at its `-- name: something` lines. Null when it has none. */
const splitBlocks = (file: string, source: string): Map<string, string> | null => {
  const headings = [...source.matchAll(heading)];
  if (headings.length === 0) return null;
  const blocks = new Map<string, string>();
  for (const [index, match] of headings.entries()) {
    const name = match[1] ?? "";
    if (blocks.has(name)) throw new Error(`${file} has two blocks named ${name}`);
    blocks.set(name, source.slice(match.index + match[0].length, headings[index + 1]?.index));
  }
  return blocks;
};

/**
 * Reads a `.sql` file beside the module that asks, once, when the module is loaded.
 *
 * `loadSql(import.meta.url, "./job.sql")` gives the single statement of a file.
 * `loadSql(import.meta.url, "./jobs.sql", ["insert", "find"])` gives the blocks that start with
 * `-- name: insert` and `-- name: find`; names that are missing on either side are an error.
 */
export function loadSql(moduleUrl: string, path: string): Statement;
export function loadSql<const Name extends string>(
  moduleUrl: string,
  path: string,
  names: readonly Name[],
): Readonly<Record<Name, Statement>>;
export function loadSql(
  moduleUrl: string,
  path: string,
  names?: readonly string[],
): Statement | Readonly<Record<string, Statement>> {
  const source = readFileSync(fileURLToPath(new URL(path, moduleUrl)), "utf8");
  const blocks = splitBlocks(path, source);
  if (names === undefined) {
    if (blocks !== null) throw new Error(`${path} has named blocks; say which ones are wanted`);
    return parseStatement(path, source);
  }
  const found = [...(blocks?.keys() ?? [])];
  const missing = names.filter((name) => !found.includes(name));
  const unused = found.filter((name) => !names.includes(name));
  if (missing.length > 0 || unused.length > 0)
    throw new Error(`${path}: missing blocks [${missing.join(", ")}], unused blocks [${unused.join(", ")}]`);
  return Object.fromEntries(
    [...(blocks ?? [])].map(([name, text]) => [name, parseStatement(`${path}#${name}`, text)]),
  );
}

const valuesOf = (statement: Statement, params: Parameters): unknown[] => {
  for (const name of Object.keys(params))
    if (!statement.parameters.includes(name))
      throw new Error(`${statement.name} takes no parameter :${name}`);
  return statement.parameters.map((name) => {
    const value = params[name];
    // `undefined` would silently become NULL.
    if (value === undefined) throw new Error(`${statement.name} needs the parameter :${name}`);
    return value;
  });
};

/** All rows, each parsed by `schema`. */
export const query = async <Schema extends z.ZodType>(
  db: Queryable,
  schema: Schema,
  statement: Statement,
  params: Parameters = {},
): Promise<z.output<Schema>[]> => {
  const { rows } = await db.query(statement.text, valuesOf(statement, params));
  return rows.map((row) => schema.parse(row));
};

/** The only row, or null when there is none. @throws when there are several. */
export const queryMaybe = async <Schema extends z.ZodType>(
  db: Queryable,
  schema: Schema,
  statement: Statement,
  params: Parameters = {},
): Promise<z.output<Schema> | null> => {
  const rows = await query(db, schema, statement, params);
  if (rows.length > 1)
    throw new Error(`${statement.name} gave ${rows.length} rows where at most one was expected`);
  return rows[0] ?? null;
};

/** The only row. @throws when there is none, or several. */
export const queryOne = async <Schema extends z.ZodType>(
  db: Queryable,
  schema: Schema,
  statement: Statement,
  params: Parameters = {},
): Promise<z.output<Schema>> => {
  const rows = await query(db, schema, statement, params);
  const [row] = rows;
  if (rows.length !== 1 || row === undefined)
    throw new Error(`${statement.name} gave ${rows.length} rows where one was expected`);
  return row;
};

/** Rows affected. */
export const execute = async (
  db: Queryable,
  statement: Statement,
  params: Parameters = {},
): Promise<number> => {
  const { rowCount } = await db.query(statement.text, valuesOf(statement, params));
  return rowCount;
};
