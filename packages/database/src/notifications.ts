import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database, Session } from "./pool.ts";

/** What servers tell each other through PostgreSQL. Payloads are ids, never content. */
export const channels = {
  /** Name of a queue that has something to lease. */
  queueFilled: "assay_queue_filled",
  /** Id of a job that has new events or a new state, but is not settled. */
  jobChanged: "assay_job_changed",
  /** Id of a job that is settled. */
  jobSettled: "assay_job_settled",
  /** Id of an interactive job that was told something. */
  jobInput: "assay_job_input",
} as const;

export type Channel = (typeof channels)[keyof typeof channels];

export interface Subscriber {
  /** At most once per id and burst; an id says "look again", not how often. */
  readonly onIds: (ids: readonly string[]) => void;
  /** Notifications may have been missed (the connection was lost and is back): look at everything again. */
  readonly onGap: () => void;
}

export interface Notifications extends AsyncDisposable {
  /** @returns a function that ends the subscription */
  subscribe(channel: Channel, subscriber: Subscriber): () => void;
  /**
   * Tells all other servers, soon. Call it after the commit. The first id goes out at once; those that
   * arrive shortly after it go out together: a commit with NOTIFY takes a lock on the whole database.
   *
   * Announcements are hints: one that is lost with its server is made up for by the receivers' own
   * polling.
   */
  publish(channel: Channel, id: string): void;
}

/** PostgreSQL takes payloads of fewer than 8000 bytes. */
const payloadBytes = 7_900;
/** Between two announcements, ms: little for whoever waits at another server, much for a busy one. */
const announceEveryMs = 10;
/** Marks who sent a payload; no id begins like this. */
const originMark = "@";
/** More than this waiting means that the database is away; receivers will look at everything anyway. */
const pendingLimit = 10_000;
const pingEveryMs = 15_000;
const reconnectMs = { first: 50, last: 5_000 };

/** The sender and ids, joined by commas, as few strings as fit. */
export const packPayloads = (origin: string, ids: Iterable<string>): readonly string[] => {
  const payloads: string[] = [];
  let current = "";
  for (const id of ids) {
    const joined = `${current === "" ? origin : current},${id}`;
    if (Buffer.byteLength(joined) > payloadBytes && current !== "") {
      payloads.push(current);
      current = `${origin},${id}`;
    } else current = joined;
  }
  return current === "" ? payloads : [...payloads, current];
};

class PgNotifications implements Notifications {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #pending = new Map<Channel, Set<string>>();
  readonly #stop = new AbortController();
  readonly #origin = `${originMark}${randomUUID()}`;
  #listening: Promise<void>;
  #flushing: Promise<void> | null = null;

  constructor(database: Database, session: Session, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
    this.#listening = this.#keepListening(session);
  }

  subscribe(channel: Channel, subscriber: Subscriber): () => void {
    const set = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, set.add(subscriber));
    return () => set.delete(subscriber);
  }

  publish(channel: Channel, id: string): void {
    if (id.includes(",")) throw new Error(`an id can't hold a comma: ${id}`);
    const ids = this.#pending.get(channel) ?? new Set();
    if (ids.size < pendingLimit) this.#pending.set(channel, ids.add(id));
    this.#flushing ??= this.#flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#flushing;
    await this.#listening;
  }

  async #flush(): Promise<void> {
    // Ids published in the same turn travel together.
    await Promise.resolve();
    while (this.#pending.size > 0) {
      const batch = [...this.#pending];
      this.#pending.clear();
      const rows = batch.flatMap(([channel, ids]) =>
        packPayloads(this.#origin, ids).map((payload) => ({ channel, payload })),
      );
      try {
        await this.#database.query(
          "select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)",
          [rows.map(({ channel }) => channel), rows.map(({ payload }) => payload)],
        );
      } catch (error) {
        this.#onError(error);
        // Not announced again: whoever listens loses the database too, and looks again after that.
        break;
      }
      await delay(announceEveryMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
    this.#flushing = null;
  }

  #receive(channel: string, payload: string): void {
    const [first = "", ...rest] = payload.split(",");
    // Whoever publishes tells its own process itself, and sooner.
    if (first === this.#origin) return;
    const ids = first.startsWith(originMark) ? rest : [first, ...rest];
    for (const { onIds } of this.#subscribers.get(channel) ?? []) onIds(ids);
  }

  #announceGap(): void {
    for (const subscribers of this.#subscribers.values()) for (const { onGap } of subscribers) onGap();
  }

  async #keepListening(first: Session): Promise<void> {
    const stopped = new Promise<void>((resolve) =>
      this.#stop.signal.addEventListener("abort", () => resolve()),
    );
    let session: Session | null = first;
    while (session !== null) {
      session.onNotification((channel, payload) => this.#receive(channel, payload));
      const ping = this.#keepAlive(session);
      await Promise.race([session.closed, stopped]);
      ping.abort();
      await session[Symbol.asyncDispose]();
      session = await this.#reconnect();
      if (session !== null) this.#announceGap();
    }
  }

  /** A connection that broke silently shows only when it is used. */
  #keepAlive(session: Session): AbortController {
    const stop = new AbortController();
    const timer = setInterval(() => {
      session.query("select 1").catch(() => session[Symbol.asyncDispose]());
    }, pingEveryMs).unref();
    stop.signal.addEventListener("abort", () => clearInterval(timer));
    return stop;
  }

  /** @returns null once disposed */
  async #reconnect(): Promise<Session | null> {
    const { signal } = this.#stop;
    for (let waitMs = reconnectMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, reconnectMs.last)) {
      try {
        return await listenOn(this.#database);
      } catch (error) {
        this.#onError(error);
        await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
    return null;
  }
}

const listenOn = async (database: Database): Promise<Session> => {
  const session = await database.openSession();
  try {
    for (const channel of Object.values(channels)) await session.query(`listen ${channel}`);
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
};

/**
 * One LISTEN connection per server, which reconnects by itself. `onError` is told of every failure
 * on the way.
 */
export const openNotifications = async (
  database: Database,
  onError: (error: unknown) => void,
): Promise<Notifications> => new PgNotifications(database, await listenOn(database), onError);
