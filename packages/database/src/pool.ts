import { Client, Pool, types as pgTypes } from "pg";
import type { ClientBase, ClientConfig, CustomTypesConfig, PoolClient, QueryResult } from "pg";
import { isRetryable, isStalePlan, isUnavailable, translate } from "./errors.ts";
import { preparedName } from "./prepared.ts";

/** Rows as PostgreSQL sent them, still to be parsed by a schema. */
export interface Result {
  readonly rows: readonly Record<string, unknown>[];
  /** Rows returned or affected. */
  readonly rowCount: number;
}

export interface Queryable {
  /**
   * Several statements separated by `;` are allowed only without `params`.
   *
   * @throws AssayError `database_unavailable` when no server answers; pg's DatabaseError otherwise.
   */
  query(text: string, params?: readonly unknown[]): Promise<Result>;
}

/** Statements that commit or vanish together. */
export interface Transaction extends Queryable {
  readonly kind: "transaction";
}

/** A connection of its own, outside the pool: for LISTEN and for locks that outlive a transaction. */
export interface Session extends Queryable, AsyncDisposable {
  /** Called with channel and payload of each notification. */
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Resolves when the connection is gone, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;
}

export interface Database extends Queryable, AsyncDisposable {
  /**
   * Runs `fn` in one transaction and commits when it returns. A deadlock, a serialization failure or
   * a table that another server just migrated rolls back and runs `fn` again, so `fn` must have no
   * effect outside of `tx`.
   *
   * When the connection breaks during COMMIT the error is `database_unavailable` and the outcome is
   * unknown: the caller reads again, or repeats something that is safe to repeat.
   */
  transaction<T>(fn: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One pooled connection for the length of `fn`. */
  withClient<T>(fn: (client: Queryable) => Promise<T>): Promise<T>;
  openSession(): Promise<Session>;
  /** A second pool on the same server, with its own options. */
  derive(options: DatabaseOptions): Database;
  /** Asks the server something real. @throws AssayError `database_unavailable` */
  ping(): Promise<void>;
  end(): Promise<void>;
}

/** Where the server is: a URL, or the parts of one. `host` may be the directory of a unix socket. */
export type Connection =
  | string
  | { readonly host: string; readonly port?: number; readonly user: string; readonly database: string };

export interface DatabaseOptions {
  /** Connections at most; 10. */
  readonly max?: number;
  /** The server stops a statement after this, ms; 30 000, 0 for never. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, free or new, ms; 5 000. */
  readonly connectionTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Told of errors on connections that nobody is using; for the log. */
  readonly onIdleError?: (error: Error) => void;
}

const attempts = 4;

const parseInt8 = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
};

const types: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pgTypes.builtins.INT8 && format !== "binary"
      ? parseInt8
      : pgTypes.getTypeParser(oid, format ?? "text"),
};

const clientConfig = (connection: Connection, options: DatabaseOptions): ClientConfig => {
  const statementTimeout = options.statementTimeoutMs ?? 30_000;
  return {
    ...(typeof connection === "string" ? { connectionString: connection } : connection),
    application_name: options.applicationName ?? "assay",
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 5_000,
    keepAlive: true,
    // A statement is sent at once, even when the answer of the one before it is not there yet.
    pipeline: true,
    types,
    ...(statementTimeout > 0
      ? {
          statement_timeout: statementTimeout,
          // A server behind a broken network can't enforce its own timeout.
          query_timeout: statementTimeout + 5_000,
          idle_in_transaction_session_timeout: statementTimeout * 2,
        }
      : {}),
  };
};

const run = async (client: ClientBase, text: string, params?: readonly unknown[]): Promise<Result> => {
  const result = await client.query<Record<string, unknown>>(
    params === undefined ? { text } : { name: preparedName(text), text, values: [...params] },
  );
  // Several statements give an array of results; the last one counts.
  const last = Array.isArray(result) ? (result as QueryResult<Record<string, unknown>>[]).at(-1) : result;
  return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0 };
};

const ignore = (): void => {};

/**
 * Our statements find few rows by a key, and are prepared once per connection, perhaps while their
 * tables are still empty: they are planned for any parameters, and as for full tables. Measured: a
 * third of what PostgreSQL spends per job was planning.
 */
const planning = [
  "set plan_cache_mode = force_generic_plan",
  "set enable_seqscan = off",
  "set enable_hashjoin = off",
  "set enable_mergejoin = off",
].join("; ");

/**
 * Takes a connection, gives it to `fn`, and never returns a broken or half-used one to the pool: after
 * an error it is thrown away, unless `fn` said before that it is fit for the next user.
 */
const checkOut = async <T>(
  pool: Pool,
  fn: (client: PoolClient, markReusable: () => void) => Promise<T>,
): Promise<T> => {
  let client: PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw translate(error);
  }
  // Without a listener an error of a checked-out connection would end the process; the statement
  // that it interrupts rejects as well, and that is where it is handled.
  client.on("error", ignore);
  let reusable = false;
  try {
    const value = await fn(client, () => {
      reusable = true;
    });
    reusable = client.getTransactionStatus() === "I";
    return value;
  } catch (error) {
    const translated = translate(error);
    if (isUnavailable(translated) || isStalePlan(translated)) reusable = false;
    throw translated;
  } finally {
    client.off("error", ignore);
    client.release(!reusable);
  }
};

/** A statement with parameters is alone, so whatever its error, no transaction stays open. */
const runAlone = async (
  client: PoolClient,
  markReusable: () => void,
  text: string,
  params?: readonly unknown[],
): Promise<Result> => {
  if (params !== undefined) markReusable();
  return run(client, text, params);
};

const retrying = async <T>(fn: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fn();
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
    }
  }
};

const inTransaction = async <T>(
  client: PoolClient,
  markReusable: () => void,
  fn: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  let open = true;
  const tx: Transaction = {
    kind: "transaction",
    async query(text, params) {
      if (!open) throw new Error("a transaction was used after its end");
      try {
        return await run(client, text, params);
      } catch (error) {
        throw translate(error);
      }
    },
  };
  // Travels together with the first statement of `fn`. When it fails the connection is broken, and so
  // does everything after it.
  const begun = client.query("begin");
  let value: T;
  try {
    [value] = await Promise.all([fn(tx), begun]);
  } catch (error) {
    open = false;
    // When this fails as well, the connection is thrown away, which rolls back too.
    await client.query("rollback").then(markReusable, ignore);
    throw error;
  }
  open = false;
  const { command } = await client.query("commit");
  // COMMIT of a transaction in which a statement failed answers ROLLBACK, without an error.
  if (command !== "COMMIT")
    throw new Error("the transaction was rolled back: one of its statements failed unnoticed");
  return value;
};

const openSession = async (config: ClientConfig): Promise<Session> => {
  // A listening connection is idle by nature.
  const client = new Client({ ...config, idle_in_transaction_session_timeout: 0 });
  const closed = new Promise<void>((resolve) => {
    client.on("error", () => resolve());
    client.on("end", () => resolve());
  });
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(ignore);
    throw translate(error);
  }
  return {
    closed,
    async query(text, params) {
      try {
        return await run(client, text, params);
      } catch (error) {
        throw translate(error);
      }
    },
    onNotification(listener) {
      client.on("notification", ({ channel, payload }) => listener(channel, payload ?? ""));
    },
    async [Symbol.asyncDispose]() {
      await client.end().catch(ignore);
    },
  };
};

/** A pool of connections. Nothing is opened before the first query. */
export const createDatabase = (connection: Connection, options: DatabaseOptions = {}): Database => {
  const config = clientConfig(connection, options);
  const pool = new Pool({ ...config, max: options.max ?? 10, idleTimeoutMillis: 60_000 });
  // An idle connection that breaks (the server was stopped) is replaced at the next use.
  // Is sent before the statement that the connection was opened for; when it fails, so does that.
  pool.on("connect", (client) => void client.query(planning).catch(ignore));
  pool.on("error", options.onIdleError ?? ignore);
  let ended: Promise<void> | null = null;

  const database: Database = {
    query: (text, params) =>
      retrying(() => checkOut(pool, (client, markReusable) => runAlone(client, markReusable, text, params))),
    transaction: (fn) =>
      retrying(() => checkOut(pool, (client, markReusable) => inTransaction(client, markReusable, fn))),
    withClient: (fn) =>
      checkOut(pool, (client) => fn({ query: (text, params) => run(client, text, params) })),
    openSession: () => openSession(config),
    derive: (derived) => createDatabase(connection, { ...options, ...derived }),
    async ping() {
      await database.query("select 1");
    },
    end: () => (ended ??= pool.end()),
    [Symbol.asyncDispose]: () => database.end(),
  };
  return database;
};
