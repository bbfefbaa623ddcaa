import { openDirectoryStore } from "@assay/blobs";
import { createDatabase, migrate, openNotifications } from "@assay/database";
import { createPgBossQueue } from "@assay/jobs";
import { firstStart } from "./access/first-start.ts";
import type { FirstStart } from "./access/first-start.ts";
import { openTokens } from "./access/tokens.ts";
import { buildApp } from "./app.ts";
import type { ServerConfig } from "./config.ts";
import { sweepBlobs } from "./images/sweep.ts";
import { openAdmission } from "./jobs/admit.ts";
import { settleExhausted } from "./jobs/exhausted.ts";
import { openHub } from "./jobs/hub.ts";
import { openJobReads } from "./jobs/read.ts";
import { openSettlements } from "./leases/settle.ts";
import { createLog } from "./log.ts";
import { openFleet } from "./runners/fleet.ts";

export { BadConfiguration, configFromEnvironment } from "./config.ts";
export type { ServerConfig } from "./config.ts";

export interface RunningServer extends AsyncDisposable {
  /** For example "http://127.0.0.1:8080". */
  readonly url: string;
  /** The owner's token, only at the very first start on a database. */
  readonly firstStart: FirstStart | null;
  /** Resolves when the server has stopped. */
  readonly stopped: Promise<void>;
}

/** A client that neither reads nor leaves holds up the stop at most so long, ms. */
const drainMs = 15_000;

/**
 * Starts a server: brings the database up to date, and listens.
 *
 * It stops when the signal aborts or it is disposed: held requests are answered at once, running ones
 * finish, then the connections end.
 *
 * @throws MigrationError, AssayError `database_unavailable`, or the system's error when it can't listen
 */
export async function startServer(
  config: ServerConfig,
  { signal }: { readonly signal: AbortSignal },
): Promise<RunningServer> {
  const log = createLog(config.logLevel);
  const stopping = new AbortController();
  await using started = new AsyncDisposableStack();

  const database = started.use(
    createDatabase(config.databaseUrl, {
      max: config.databaseConnections,
      applicationName: "assay server",
      onIdleError: (err) => log.warn({ err }, "a database connection broke"),
    }),
  );
  const applied = await migrate(database);
  if (applied.length > 0) log.info({ applied }, "migrations applied");
  const first = await firstStart(database, config.secretsDirectory);

  const notifications = started.use(
    await openNotifications(database, (err) => log.warn({ err }, "notifications are interrupted")),
  );
  const queue = started.use(
    createPgBossQueue({
      database,
      leaseSeconds: config.leaseSeconds,
      maxAttempts: config.maxAttempts,
      maintenance: config.roles.includes("maintenance") ? { onExhausted: settleExhausted(log) } : null,
      onError: (err) => log.warn({ err }, "the queue failed in the background"),
    }),
  );
  await queue.start();

  const blobs = await openDirectoryStore({
    directory: config.blobsDirectory,
    maxBytes: Math.max(config.maxPackageBytes, config.maxImageBlobBytes),
  });
  if (config.roles.includes("maintenance")) await sweepBlobs({ config, database, blobs });
  const app = await buildApp({
    config,
    log,
    database,
    queue,
    blobs,
    tokens: openTokens(database),
    fleet: openFleet(database, config.leaseSeconds),
    hub: started.use(openHub(notifications)),
    admission: openAdmission({ config, database, queue }),
    settlements: openSettlements({ database, queue }),
    jobReads: openJobReads(database),
    stopping: stopping.signal,
  });
  started.defer(async () => {
    const impatience = setTimeout(() => app.server.closeAllConnections(), drainMs);
    await app.close();
    clearTimeout(impatience);
  });
  const url = await app.listen({ host: config.host, port: config.port });
  log.info({ url, roles: config.roles }, "server listens");

  const resources = started.move();
  const stopped = Promise.withResolvers<void>();
  let ending: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    (ending ??= (async () => {
      stopping.abort();
      try {
        await resources.disposeAsync();
        log.info("server stopped");
      } finally {
        stopped.resolve();
      }
    })());
  const stopUnattended = () => void stop().catch((err: unknown) => log.error({ err }, "the stop failed"));
  if (signal.aborted) stopUnattended();
  else signal.addEventListener("abort", stopUnattended, { once: true });
  return { url, firstStart: first, stopped: stopped.promise, [Symbol.asyncDispose]: stop };
}
