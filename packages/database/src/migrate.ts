import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Database, Queryable } from "./pool.ts";

/** Numbered from 1 without gaps; applied in order, each in a transaction of its own, never undone. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of `sql`: an applied migration is never edited. */
  readonly checksum: string;
}

/** The database can't be brought to the shape that this version of the code needs. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

/** The oldest PostgreSQL that Assay is tested with. */
export const minimumServerVersion = 15;

/** Any number will do, as long as nobody else in this database takes it. */
const migrationLock = 4_702_111_309;

const fileName = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** The migrations in a directory; those that ship with this version by default. */
export const loadMigrations = async (
  directory: string = fileURLToPath(new URL("./migrations/", import.meta.url)),
): Promise<readonly Migration[]> => {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const match = fileName.exec(file);
      if (match === null || Number(match[1]) !== index + 1)
        throw new MigrationError(
          `${directory}/${file} should be number ${index + 1}: migrations are named 0001_name.sql and numbered without gaps`,
        );
      const sql = await readFile(`${directory}/${file}`, "utf8");
      return {
        version: index + 1,
        name: match[2] ?? "",
        sql,
        checksum: createHash("sha256").update(sql).digest("hex"),
      };
    }),
  );
};

const ServerVersion = z.object({ version: z.coerce.number(), text: z.string() });
const Applied = z.object({ version: z.int(), name: z.string(), checksum: z.string() });

export const refuseOldServer = async (
  client: Queryable,
  minimum: number = minimumServerVersion,
): Promise<void> => {
  const { rows } = await client.query(
    "select current_setting('server_version_num') as version, current_setting('server_version') as text",
  );
  const server = ServerVersion.parse(rows[0]);
  if (server.version < minimum * 10_000)
    throw new MigrationError(
      `The database server is PostgreSQL ${server.text}; Assay needs ${minimum} or newer: upgrade it, or unset DATABASE_URL to use the embedded one.`,
    );
};

const refuseForeignHistory = (applied: z.infer<typeof Applied>[], known: readonly Migration[]): void => {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > known.length)
    throw new MigrationError(
      `The database is at version ${newest}, this Assay knows only ${known.length}: install the newer Assay that made it, or restore a backup from before the upgrade.`,
    );
  for (const { version, name, checksum } of applied)
    if (known[version - 1]?.checksum !== checksum)
      throw new MigrationError(
        `Migration ${version} (${name}) was edited after this database applied it: restore the file as it was and put the change into a new migration.`,
      );
};

const applyOne = async (client: Queryable, { version, name, sql, checksum }: Migration): Promise<void> => {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into migrations (version, name, checksum) values ($1, $2, $3)", [
      version,
      name,
      checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new MigrationError(
      `Migration ${version} (${name}) failed and changed nothing: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
};

/**
 * Brings the database to the newest version. Any number of servers may call it at once: one applies,
 * the others wait and find nothing left to do.
 *
 * @returns the versions that this call applied
 * @throws MigrationError with a sentence that says what to do
 */
export const migrate = async (
  database: Database,
  migrations?: readonly Migration[],
): Promise<readonly number[]> => {
  const known = migrations ?? (await loadMigrations());
  // A long migration, and the wait for another server's, may take longer than any statement should.
  await using patient = database.derive({ max: 1, statementTimeoutMs: 0 });
  return await patient.withClient(async (client) => {
    await refuseOldServer(client);
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    try {
      await client.query(
        `create table if not exists migrations (
           version int primary key,
           name text not null,
           checksum text not null,
           applied_at timestamptz not null default now()
         )`,
      );
      const { rows } = await client.query("select version, name, checksum from migrations order by version");
      const applied = rows.map((row) => Applied.parse(row));
      refuseForeignHistory(applied, known);
      const pending = known.slice(applied.length);
      for (const migration of pending) await applyOne(client, migration);
      return pending.map(({ version }) => version);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [migrationLock]);
    }
  });
};
