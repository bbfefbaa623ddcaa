import { spawn } from "node:child_process";
import { chmod, mkdtemp } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, migrate, startEmbeddedPostgres } from "../src/index.ts";
import type { Database, EmbeddedPostgres, OsUser } from "../src/index.ts";

/*
 * A database for a test, on a real server: one server per process, started when the first test asks
 * for it, without fsync; each test gets a database of its own, copied from a migrated template.
 */

export interface TemporaryDatabase extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
}

/** Whom PostgreSQL runs as in tests: it refuses to be root. */
export const temporaryUser = (): OsUser | null =>
  process.getuid?.() === 0 ? { name: "nobody", uid: 65_534, gid: 65_534 } : null;

/**
 * Removes a directory when this process is gone, however it went: the pipe closes, then the server in
 * the directory ends by itself.
 */
const removeAfterProcess = (directory: string): void => {
  const script =
    'cat >/dev/null; n=0; while [ -e "$1/cluster/postmaster.pid" ] && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.1; done; rm -rf -- "$1"';
  const remover = spawn("sh", ["-c", script, "sh", directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  remover.unref();
  if (remover.stdin instanceof Socket) remover.stdin.unref();
};

/** An empty directory that other users can enter; it goes with this process. */
export const temporaryDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), "assay-test-"));
  removeAfterProcess(directory);
  await chmod(directory, 0o755);
  return directory;
};

const startServer = async (): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({
    dataDirectory: await temporaryDirectory(),
    user: temporaryUser(),
    clients: [],
    log: () => {},
    signal: new AbortController().signal,
    durable: false,
  });
  server.unref();
  return server;
};

const templateName = "assay_template";

const urlOf = (serverUrl: string, name: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
};

const prepare = async (): Promise<{ url: string; admin: Database }> => {
  const { url } = await startServer();
  const admin = createDatabase(url, { max: 2 });
  await admin.query(`create database ${templateName}`);
  await using template = createDatabase(urlOf(url, templateName));
  await migrate(template);
  return { url, admin };
};

let prepared: ReturnType<typeof prepare> | null = null;
let count = 0;

/**
 * A database that nobody else uses, gone when disposed.
 *
 * @param options.migrated false for one without any table; true by default
 */
export const temporaryDatabase = async (
  options: { readonly migrated?: boolean } = {},
): Promise<TemporaryDatabase> => {
  const { url, admin } = await (prepared ??= prepare());
  const name = `test_${++count}`;
  const template = (options.migrated ?? true) ? templateName : "template1";
  await admin.query(`create database ${name} template ${template} strategy wal_log`);
  const own = urlOf(url, name);
  const database = createDatabase(own);
  return {
    url: own,
    database,
    async [Symbol.asyncDispose]() {
      await database.end();
      await admin.query(`drop database if exists ${name} with (force)`);
    },
  };
};
