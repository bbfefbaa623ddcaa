import { describe, expect, test } from "vitest";
import { temporaryDatabase } from "../testing/temporary.ts";
import { channels, openNotifications, packPayloads } from "./notifications.ts";
import type { Notifications } from "./notifications.ts";

const ignore = (): void => {};

/** Collects what arrives, and tells when a wanted id is there. */
const collect = (notifications: Notifications, channel: (typeof channels)[keyof typeof channels]) => {
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  const gap = Promise.withResolvers<void>();
  notifications.subscribe(channel, {
    onIds: (ids) => {
      seen.push(...ids);
      for (const id of ids) waiting.get(id)?.();
    },
    onGap: () => gap.resolve(),
  });
  const until = (id: string): Promise<void> =>
    seen.includes(id) ? Promise.resolve() : new Promise((resolve) => waiting.set(id, resolve));
  return { seen, until, gap: gap.promise };
};

describe("packPayloads", () => {
  test("fills payloads up to PostgreSQL's limit and loses no id", () => {
    const ids = Array.from(
      { length: 1_000 },
      (_, n) => `0196e6f0-0000-7000-8000-${String(n).padStart(12, "0")}`,
    );
    const payloads = packPayloads("@me", ids);
    expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
    expect(payloads.length).toBe(5);
    const parts = payloads.map((payload) => payload.split(","));
    expect(parts.map(([origin]) => origin)).toEqual(Array.from({ length: 5 }, () => "@me"));
    expect(parts.flatMap(([, ...packed]) => packed)).toEqual(ids);
    expect(packPayloads("@me", [])).toEqual([]);
  });
});

describe("notifications", () => {
  test("reach every other server, in as few announcements as possible, and only their own channel", async () => {
    await using temporary = await temporaryDatabase();
    await using one = await openNotifications(temporary.database, ignore);
    await using two = await openNotifications(temporary.database, ignore);
    const here = collect(one, channels.jobChanged);
    const there = collect(two, channels.jobChanged);
    const other = collect(two, channels.queueFilled);
    for (const id of ["a", "b", "a", "c", "a"]) one.publish(channels.jobChanged, id);
    await there.until("c");
    expect(there.seen).toEqual(["a", "b", "c"]);
    one.publish(channels.queueFilled, "run");
    await other.until("run");
    expect(other.seen).toEqual(["run"]);
    two.publish(channels.jobChanged, "d");
    await here.until("d");
    expect(here.seen).toEqual(["d"]);
  });

  test("sent by a transaction itself reach every server", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, ignore);
    const { seen, until } = collect(notifications, channels.jobSettled);
    await temporary.database.query("select pg_notify($1, $2)", [channels.jobSettled, "settled"]);
    await until("settled");
    expect(seen).toEqual(["settled"]);
  });

  test("end with the subscription", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, ignore);
    await using sender = await openNotifications(temporary.database, ignore);
    const seen: string[] = [];
    const end = notifications.subscribe(channels.jobChanged, {
      onIds: (ids) => seen.push(...ids),
      onGap: ignore,
    });
    const rest = collect(notifications, channels.jobChanged);
    end();
    sender.publish(channels.jobChanged, "late");
    await rest.until("late");
    expect(seen).toEqual([]);
  });

  test("come back by themselves after the connection was cut, and say that there was a gap", async () => {
    await using temporary = await temporaryDatabase();
    const { database } = temporary;
    await using notifications = await openNotifications(database, ignore);
    const { until, gap } = collect(notifications, channels.jobChanged);
    const { rowCount } = await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'",
    );
    expect(rowCount).toBe(1);
    await gap;
    await using sender = await openNotifications(database, ignore);
    sender.publish(channels.jobChanged, "after");
    await until("after");
  });

  test("that can't be sent are reported and harm nobody", async () => {
    await using temporary = await temporaryDatabase();
    const sender = temporary.database.derive({});
    const reported = Promise.withResolvers<unknown>();
    await using notifications = await openNotifications(sender, reported.resolve);
    await sender.end();
    notifications.publish(channels.jobChanged, "x");
    await expect(reported.promise).resolves.toBeInstanceOf(Error);
  });

  test("an id that would fall apart is refused", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, ignore);
    expect(() => notifications.publish(channels.jobChanged, "a,b")).toThrow(/comma/);
  });
});
