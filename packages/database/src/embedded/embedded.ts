import { chmod, mkdir, realpath, rmdir, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isUnavailable } from "../errors.ts";
import { createDatabase } from "../pool.ts";
import { anybody, firstBarrier } from "./access.ts";
import type { OsUser } from "./access.ts";
import { prepareBinaries } from "./binaries.ts";
import { ensureCluster, roleName } from "./cluster.ts";
import { clearLeftovers } from "./leftovers.ts";
import { ending, follow, start } from "./process.ts";
import type { Child, Ending } from "./process.ts";
import { prepareSocketDirectory } from "./socket.ts";

/*
 * A real PostgreSQL that lives and dies with this process.
 *
 * <dataDirectory>/            belongs to whoever starts it; everybody may pass through
 *   cluster/                  PostgreSQL's own files, 0700, the database user's
 *   config/                   who may log in; the database's user can't change it
 *   lib/                      links to its libraries
 *   socket/                   its only way in: a unix socket, no TCP
 *   postgresql-<version>/     its programs, only where the installed ones can't be reached
 *
 * The kernel names who is at the other end of a unix socket, so there are no passwords: listed users
 * of the operating system become the role `assay`, everybody else is refused.
 */

export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  /** Whom PostgreSQL runs as; needed as root (it refuses to be root), null otherwise. */
  readonly user: OsUser | null;
  /** Users of the operating system that may log in, besides the one that starts the server. */
  readonly clients: readonly string[];
  /** Each line that PostgreSQL says. */
  readonly log: (line: string) => void;
  /** Stops the start and the server. */
  readonly signal: AbortSignal;
  /** False gives up durability for speed: only for data that nobody will miss. Default true. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  readonly url: string;
  /** The postmaster. */
  readonly pid: number;
  /** Resolves when the server is gone, asked to or not. Never rejects. */
  readonly stopped: Promise<Ending>;
  /** Lets this process end although the server runs; the server ends with it. */
  unref(): void;
}

/** Small, for one machine that does other work as well; durable unless told otherwise. */
const settings = (paths: { socket: string; config: string }, durable: boolean): readonly string[] =>
  [
    "listen_addresses=",
    `unix_socket_directories=${paths.socket}`,
    "unix_socket_permissions=0777",
    "port=5432",
    `hba_file=${join(paths.config, "pg_hba.conf")}`,
    `ident_file=${join(paths.config, "pg_ident.conf")}`,
    "shared_buffers=32MB",
    "max_connections=40",
    "max_wal_size=256MB",
    "jit=off",
    "io_method=sync",
    "max_parallel_workers_per_gather=0",
    "max_logical_replication_workers=0",
    "idle_in_transaction_session_timeout=5min",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_destination=stderr",
    "logging_collector=off",
    "log_checkpoints=off",
    ...(durable
      ? ["fsync=on", "synchronous_commit=on"]
      : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ].flatMap((setting) => ["-c", setting]);

const plainName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const writeConfiguration = async (directory: string, clients: readonly string[]): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await chmod(directory, 0o755);
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(directory, name), text);
    await chmod(join(directory, name), 0o644);
  };
  await write("pg_hba.conf", "local all all peer map=assay\n");
  await write("pg_ident.conf", clients.map((client) => `assay "${client}" ${roleName}\n`).join(""));
};

const checkUser = (user: OsUser | null): OsUser => {
  const self = userInfo();
  const uid = process.getuid?.() ?? -1;
  if (uid === 0 && (user === null || user.uid === 0))
    throw new Error("PostgreSQL refuses to run as root: name a user for it that is not root.");
  if (uid !== 0 && user !== null && user.uid !== uid)
    throw new Error(`Only root can run PostgreSQL as ${user.name}: start as root, or as that user.`);
  return user ?? { name: self.username, uid: self.uid, gid: self.gid };
};

/** True when the server answered a query, false when it ended or `signal` came before that. */
const ready = async (
  url: string,
  ended: Promise<Ending>,
  announced: Promise<void>,
  signal: AbortSignal,
): Promise<boolean> => {
  await using database = createDatabase(url, { max: 1, applicationName: "assay start" });
  let wake = announced;
  // Without a limit of time: crash recovery takes as long as it takes.
  while (!signal.aborted) {
    const alive = await Promise.race([
      ended.then(() => false),
      wake.then(() => true),
      delay(250, true, { ref: false }),
    ]);
    if (!alive) return false;
    try {
      await database.ping();
      return true;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
    wake = new Promise<void>(() => {});
  }
  return false;
};

const stopServer = async (child: Child, ended: Promise<Ending>): Promise<void> => {
  // SIGINT: end all sessions, write everything, stop. SIGQUIT: stop now, recover at the next start.
  for (const [signal, patienceMs] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    child.kill(signal);
    const timer = new AbortController();
    const winner = await Promise.race([
      ended.then(() => "ended" as const),
      delay(patienceMs, "late" as const, { signal: timer.signal, ref: false }).catch(() => "late" as const),
    ]);
    timer.abort();
    if (winner === "ended") return;
  }
};

/**
 * Starts PostgreSQL on a data directory, makes its cluster first where there is none, and returns
 * when it answers a query.
 *
 * @throws with a sentence that says what to do: another major version's directory, one that is
 *   already served, one that its users can't reach
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { user, log, signal, durable = true } = options;
  signal.throwIfAborted();
  const runsAs = checkUser(user);
  const clients = [...new Set([userInfo().username, ...options.clients])];
  for (const client of clients)
    if (!plainName.test(client))
      throw new Error(`The user name ${JSON.stringify(client)} can't be a database client.`);

  await mkdir(options.dataDirectory, { recursive: true, mode: 0o755 });
  const dataDirectory = await realpath(options.dataDirectory);
  if (user !== null) {
    await chmod(dataDirectory, 0o755);
    const barrier = firstBarrier(dataDirectory, anybody);
    if (barrier !== null)
      throw new Error(
        `Other users can't enter ${barrier}, so the database in ${dataDirectory} could not be reached: ` +
          `use a data directory elsewhere (for example below /var/lib), or \`chmod o+x ${barrier}\`.`,
      );
  }

  const binaries = await prepareBinaries(dataDirectory, runsAs);
  const cluster = await ensureCluster(binaries, dataDirectory, user, { durable }, log, signal);
  const socket = await prepareSocketDirectory(dataDirectory, user);
  const config = join(dataDirectory, "config");
  await writeConfiguration(config, clients);
  await clearLeftovers(cluster, socket.path, log, signal);

  const child = start(binaries, user, binaries.postgres, [
    "-D",
    cluster,
    ...settings({ socket: socket.path, config }, durable),
  ]);
  const announced = Promise.withResolvers<void>();
  const output = follow(child, (line) => {
    if (line.includes("ready to accept connections")) announced.resolve();
    log(line);
  });
  child.stdin.end();
  const ended = ending(child);
  const url = `postgres://${roleName}@localhost/${roleName}?host=${encodeURIComponent(socket.path)}`;

  const stop = async (): Promise<void> => {
    await stopServer(child, ended);
    // Only an empty one goes: after a kill the next start cleans up.
    if (socket.outside) await rmdir(socket.path).catch(() => {});
  };
  try {
    if (!(await ready(url, ended, announced.promise, signal))) {
      signal.throwIfAborted();
      throw new Error(`PostgreSQL in ${cluster} did not start:\n${output.last()}`);
    }
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }

  const onAbort = (): void => void stop();
  signal.addEventListener("abort", onAbort, { once: true });
  const stopped = ended.finally(() => signal.removeEventListener("abort", onAbort));
  return {
    url,
    pid: child.pid ?? -1,
    stopped,
    unref() {
      child.unref();
      for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
    },
    [Symbol.asyncDispose]: stop,
  };
};
