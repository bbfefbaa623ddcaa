import { chown, mkdir, readdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory, temporaryUser } from "../testing/temporary.ts";
import { ending, follow, runToEnd, start } from "./embedded/process.ts";
import { loadMigrations, migrate, minimumServerVersion, refuseOldServer } from "./migrate.ts";
import { createDatabase } from "./pool.ts";

/** Where Debian puts the servers of its packages postgresql-15, … */
const debian = "/usr/lib/postgresql";
const older = (await readdir(debian).catch(() => []))
  .map(Number)
  .filter((major) => major >= minimumServerVersion && major < 18)
  .sort((a, b) => a - b)[0];

/** A server of the machine's own PostgreSQL, as DATABASE_URL would name one. */
const startOlder = async (major: number): Promise<{ url: string } & AsyncDisposable> => {
  const user = temporaryUser();
  const directory = await temporaryDirectory();
  const cluster = join(directory, "cluster");
  await mkdir(cluster, { mode: 0o700 });
  if (user !== null) for (const path of [directory, cluster]) await chown(path, user.uid, user.gid);
  const bin = join(debian, String(major), "bin");
  const binaries = {
    initdb: `${bin}/initdb`,
    postgres: `${bin}/postgres`,
    major,
    version: "",
    libraryPath: "",
  };
  await runToEnd(
    start(binaries, user, binaries.initdb, [
      "-D",
      cluster,
      "-U",
      userInfo().username,
      "-A",
      "trust",
      "--no-sync",
    ]),
    "initdb",
    "",
    () => {},
    new AbortController().signal,
  );
  const server = start(binaries, user, binaries.postgres, ["-D", cluster, "-F", "-h", "", "-k", directory]);
  const ended = ending(server);
  await new Promise<void>((resolve) => {
    follow(server, (line) => {
      if (line.includes("ready to accept connections")) resolve();
    });
  });
  return {
    url: `postgres://${userInfo().username}@localhost/postgres?host=${encodeURIComponent(directory)}`,
    async [Symbol.asyncDispose]() {
      server.kill("SIGINT");
      await ended;
    },
  };
};

test.skipIf(older === undefined)(
  "the migrations also run on an older PostgreSQL (needs one below /usr/lib/postgresql)",
  async () => {
    await using server = await startOlder(older ?? 0);
    await using database = createDatabase(server.url);
    const all = await loadMigrations();
    expect(await migrate(database)).toEqual(all.map(({ version }) => version));
    const before = Date.now();
    const { rows } = await database.query("select uuidv7()::text as id from generate_series(1, 100)");
    const after = Date.now();
    for (const { id } of rows) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const ms = Number.parseInt(String(id).replaceAll("-", "").slice(0, 12), 16);
      expect(ms).toBeGreaterThanOrEqual(before);
      expect(ms).toBeLessThanOrEqual(after);
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(100);
    await database.query("insert into organizations (name) values ('x')");
    await expect(refuseOldServer(database, 18)).rejects.toThrow(
      /The database server is PostgreSQL \d+\S*.*; Assay needs 18 or newer: upgrade it, or unset DATABASE_URL/,
    );
  },
);
