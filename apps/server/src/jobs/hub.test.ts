import { openNotifications } from "@assay/database";
import { temporaryDatabase } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { openHub } from "./hub.ts";

const never = new AbortController().signal;
const long = 1_000_000;
const fail = (error: unknown): void => {
  throw error;
};

describe("hub", () => {
  it("wakes who waits in this process, and does not miss news from before the wait", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, fail);
    using hub = openHub(notifications);
    using job = hub.watchJob("a");
    using queues = hub.watchQueues(["q", "r"]);
    const woken = job.next(long, never);
    hub.jobChanged("a");
    hub.queueFilled("r");
    await expect(woken).resolves.toBeUndefined();
    await expect(queues.next(long, never)).resolves.toBeUndefined();
  });

  it("wakes who waits at another server", async () => {
    await using temporary = await temporaryDatabase();
    await using here = await openNotifications(temporary.database, fail);
    await using there = await openNotifications(temporary.database, fail);
    using hub = openHub(here);
    using other = openHub(there);
    using job = other.watchJob("a");
    using queues = other.watchQueues(["q"]);
    hub.jobChanged("a");
    hub.queueFilled("q");
    await expect(job.next(long, never)).resolves.toBeUndefined();
    await expect(queues.next(long, never)).resolves.toBeUndefined();
  });

  it("tells of an end those who wait for it, and those who follow the whole story", async () => {
    await using temporary = await temporaryDatabase();
    await using here = await openNotifications(temporary.database, fail);
    await using there = await openNotifications(temporary.database, fail);
    using hub = openHub(here);
    using other = openHub(there);
    using story = other.watchJob("a");
    using end = other.watchSettled("a");
    const stop = new AbortController();
    let ended = false;
    const ending = end.next(long, stop.signal).then(() => (ended = true));
    hub.jobChanged("a");
    await story.next(long, never);
    expect(ended).toBe(false);
    hub.jobSettled("a");
    await story.next(long, never);
    await expect(ending).resolves.toBe(true);
  });

  it("wakes everybody when notifications may have been missed", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, () => {});
    using hub = openHub(notifications);
    using job = hub.watchJob("a");
    await temporary.database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await expect(job.next(long, never)).resolves.toBeUndefined();
  });

  it("sleeps on news of others, and ends with the signal or the time", async () => {
    await using temporary = await temporaryDatabase();
    await using notifications = await openNotifications(temporary.database, fail);
    using hub = openHub(notifications);
    using job = hub.watchJob("a");
    using other = hub.watchJob("b");
    const stop = new AbortController();
    let woken = false;
    const sleeping = job.next(long, stop.signal).then(() => (woken = true));
    hub.jobChanged("b");
    await other.next(long, never);
    expect(woken).toBe(false);
    stop.abort();
    await expect(sleeping).resolves.toBe(true);
    await expect(job.next(long, stop.signal)).resolves.toBeUndefined();
  });
});
