import type { Notifications } from "@assay/database";
import { channels } from "@assay/database";
import { describe, expect, it } from "vitest";
import { openHub } from "./hub.ts";

type Subscriber = Parameters<Notifications["subscribe"]>[1];

/** The far end of the port: what reaches other servers, and what comes from them. */
function farEnd() {
  const subscribers = new Map<string, Subscriber>();
  const published: [string, string][] = [];
  const notifications: Notifications = {
    subscribe(channel, subscriber) {
      subscribers.set(channel, subscriber);
      return () => subscribers.delete(channel);
    },
    publish: (channel, id) => void published.push([channel, id]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { notifications, subscribers, published };
}

const never = new AbortController().signal;
const long = 1_000_000;

describe("hub", () => {
  it("wakes who waits in this process and tells the others", async () => {
    const { notifications, published } = farEnd();
    using hub = openHub(notifications);
    using watch = hub.watchJob("a");
    const woken = watch.next(long, never);
    hub.jobChanged("b");
    hub.jobChanged("a");
    await woken;
    expect(published).toEqual([
      [channels.jobChanged, "b"],
      [channels.jobChanged, "a"],
    ]);
  });

  it("does not miss news from before the wait", async () => {
    using hub = openHub(farEnd().notifications);
    using watch = hub.watchQueues(["q", "r"]);
    hub.queueFilled("r");
    await watch.next(long, never);
  });

  it("wakes on news of another server, and on a gap", async () => {
    const { notifications, subscribers } = farEnd();
    using hub = openHub(notifications);
    using watch = hub.watchJob("a");
    subscribers.get(channels.jobChanged)?.onIds(["x", "a"]);
    await watch.next(long, never);
    const woken = watch.next(long, never);
    subscribers.get(channels.queueFilled)?.onGap();
    await woken;
  });

  it("ends with the signal", async () => {
    using hub = openHub(farEnd().notifications);
    using watch = hub.watchJob("a");
    const stop = new AbortController();
    const woken = watch.next(long, stop.signal);
    stop.abort();
    await woken;
    await watch.next(long, stop.signal);
  });
});
