import { setImmediate } from "node:timers/promises";
import { createClient } from "@assay/client";
import { answerJson, startPeer } from "@assay/client/testing";
import type { JobEventBody, PublishedImage } from "@assay/contracts";
import { languageById } from "@assay/languages";
import { pino } from "pino";
import { expect, test } from "vitest";
import { ImageNotHad } from "../attempts/endings.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { KeeperFailed } from "./keeper.ts";
import type { Keeper, KeeperProgress } from "./keeper.ts";
import { ImageSupply } from "./supply.ts";

const digest = "d".repeat(64);
const part = { digest, size: 1 };
const published = (change: Partial<PublishedImage> = {}): PublishedImage => ({
  name: "python",
  digest,
  manifest: part,
  config: part,
  layers: [part],
  recipe: null,
  architecture: "amd64",
  sizeBytes: 10,
  transferBytes: 30_000_000,
  languages: [{ id: "python", version: "3.11.2" }],
  publishedAt: "2026-01-01T00:00:00.000Z",
  ...change,
});

interface Asked {
  readonly name: string;
  readonly type: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: KeeperProgress) => void;
  readonly end: (digest: string) => void;
  readonly fail: (reason: string) => void;
}

/** A supply whose keeper the test speaks for, as the keeper's process would over its socket. */
const fixture = async (
  change: { images?: PublishedImage[]; builds?: string[]; wrong?: () => string | null } = {},
) => {
  const resources = new AsyncDisposableStack();
  const images = change.images ?? [published()];
  const peer = resources.use(await startPeer((_, response) => answerJson(response, 200, { items: images })));
  const client = resources.use(createClient({ baseUrl: peer.url }));
  const asked: Asked[] = [];
  const keeper: Keeper = {
    get(wish, tell, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      const fail = (reason: string): void => reject(new KeeperFailed(reason));
      asked.push({ name: wish.name, type: wish.type, signal, tell, end: resolve, fail });
      return promise;
    },
  };
  const clock = new ManualClock();
  let changes = 0;
  const arrived: string[] = [];
  const supply = resources.use(
    new ImageSupply({
      client,
      clock,
      log: pino({ enabled: false }),
      keeper,
      builds: new Set(change.builds),
      arrived: async (name) => {
        arrived.push(name);
        return change.wrong?.() ?? null;
      },
      changed: () => void (changes += 1),
    }),
  );
  await supply.look(new AbortController().signal);
  const waiter = () => {
    const events: JobEventBody[] = [];
    const stop = new AbortController();
    const got = supply.get("python", {
      version: "3.11.2",
      emit: (event) => events.push(event),
      signal: stop.signal,
    });
    got.catch(() => {});
    return { events, stop, got };
  };
  const nth = (index: number): Asked => {
    const one = asked[index];
    if (one === undefined) throw new Error(`the keeper was asked ${asked.length} times`);
    return one;
  };
  return {
    supply,
    images,
    clock,
    asked,
    nth,
    arrived,
    waiter,
    changes: () => changes,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

const missing = { name: "python", digest: null, state: "missing", reason: "not built" } as const;
const python = languageById("python");
if (python === null) throw new Error("the catalogue has no python");

test("what is published is offered as fetchable, in the version that it was published with", async () => {
  await using f = await fixture();
  expect(f.supply.offer(missing)).toEqual({
    name: "python",
    digest,
    state: "fetchable",
    reason: 'The image "python" is fetched from the server (30 MB) when a job needs it.',
  });
  expect(f.supply.version(python)).toBe("3.11.2");
  const ruby = { ...missing, name: "ruby" };
  expect(f.supply.offer(ruby)).toEqual(ruby);
});

test("of several images of a name the newest counts, and news are told", async () => {
  await using f = await fixture({ images: [published({ digest: "a".repeat(64) }), published()] });
  expect(f.supply.offer(missing).digest).toBe("a".repeat(64));
  const { signal } = new AbortController();
  expect(await f.supply.look(signal)).toBe(false);
  f.images.unshift(published({ digest: "b".repeat(64) }));
  expect(await f.supply.look(signal)).toBe(true);
  expect(f.supply.offer(missing).digest).toBe("b".repeat(64));
});

test("what nobody published is built only where that is allowed", async () => {
  await using f = await fixture({ images: [], builds: ["python"] });
  expect(f.supply.offer(missing)).toMatchObject({ state: "fetchable", digest: null });
  expect(f.supply.version(python)).toBe(python.release);
  const { got } = f.waiter();
  await setImmediate();
  expect(f.nth(0).type).toBe("build");
  f.nth(0).end(digest);
  await got;
  await using closed = await fixture({ images: [] });
  expect(closed.supply.offer(missing)).toEqual(missing);
  expect(closed.supply.version(python)).toBeNull();
});

test("jobs that wait at the same time share one fetch, and each story tells how far it is", async () => {
  await using f = await fixture();
  const [first, second] = [f.waiter(), f.waiter()];
  await setImmediate();
  expect(f.asked).toHaveLength(1);
  f.clock.advance(500);
  f.nth(0).tell({ state: "fetching", done: 43, total: 100, message: "" });
  const late = f.waiter();
  f.nth(0).end(digest);
  await Promise.all([first.got, second.got, late.got]);
  expect(f.arrived).toEqual(["python"]);
  const event = { type: "image", name: "python", version: "3.11.2", digest, message: "" };
  const told = [
    { ...event, state: "waiting", done: 0, total: null },
    { ...event, state: "fetching", done: 43, total: 100 },
    { ...event, state: "ready", done: 100, total: 100 },
  ];
  expect([first.events, second.events]).toEqual([told, told]);
  expect(late.events).toEqual(told.slice(1));
});

test("a story is told of progress at most every half second, and of each new step", async () => {
  await using f = await fixture();
  const { events, got } = f.waiter();
  await setImmediate();
  for (let done = 1; done <= 100; done++) {
    f.clock.advance(20);
    const state = done < 95 ? "fetching" : "unpacking";
    f.nth(0).tell({ state, done, total: 100, message: "" });
  }
  f.nth(0).end(digest);
  await got;
  expect(events.map((event) => (event.type === "image" ? [event.state, event.done] : null))).toEqual([
    ["waiting", 0],
    ["fetching", 1],
    ["fetching", 26],
    ["fetching", 51],
    ["fetching", 76],
    ["unpacking", 95],
    ["ready", 100],
  ]);
});

test("who stops waiting leaves the fetch to the others; with the last of them it stops", async () => {
  await using f = await fixture();
  const [first, second] = [f.waiter(), f.waiter()];
  await setImmediate();
  first.stop.abort(new Error("withdrawn"));
  await expect(first.got).rejects.toThrow("withdrawn");
  expect(f.nth(0).signal.aborted).toBe(false);
  second.stop.abort(new Error("withdrawn as well"));
  await expect(second.got).rejects.toThrow("withdrawn as well");
  expect(f.nth(0).signal.aborted).toBe(true);
  // That is no failure: the next job gets it, by a fetch of its own.
  const third = f.waiter();
  await setImmediate();
  f.nth(1).end(digest);
  await third.got;
});

test("an image that can't be had gives its jobs back with the reason, and rests", async () => {
  await using f = await fixture();
  const [first, second] = [f.waiter(), f.waiter()];
  const changesSeen = first.got.catch(() => f.changes());
  await setImmediate();
  f.nth(0).fail("the disk is full.");
  // First the offers change, then the jobs go back: else they would be given to this runner again.
  expect(await changesSeen).toBe(1);
  for (const { got, events } of [first, second]) {
    await expect(got).rejects.toThrow(ImageNotHad);
    await expect(got).rejects.toThrow("the image python could not be had: the disk is full");
    expect(events.at(-1)).toMatchObject({ state: "failed", message: "the disk is full" });
  }
  expect(f.supply.offer(missing)).toEqual({
    ...missing,
    reason: 'The image "python" could not be had: the disk is full. It is asked for again in 30 s.',
  });
  await expect(f.waiter().got).rejects.toThrow(ImageNotHad);
  expect(f.asked).toHaveLength(1);
});

test("it is offered again after 30 s, and each further failure doubles that until it is had", async () => {
  await using f = await fixture();
  for (const seconds of [30, 60, 120]) {
    const { got } = f.waiter();
    await setImmediate();
    f.asked.at(-1)?.fail("no");
    await expect(got).rejects.toThrow(ImageNotHad);
    f.clock.advance(seconds * 1000 - 1);
    expect(f.supply.offer(missing).state).toBe("missing");
    const before = f.changes();
    f.clock.advance(1);
    await setImmediate();
    expect(f.changes()).toBe(before + 1);
    expect(f.supply.offer(missing).state).toBe("fetchable");
  }
  const { got } = f.waiter();
  await setImmediate();
  f.asked.at(-1)?.end(digest);
  await got;
  const last = f.waiter();
  await setImmediate();
  f.asked.at(-1)?.fail("no");
  await expect(last.got).rejects.toThrow(ImageNotHad);
  expect(f.supply.whyNot("python")).toContain("again in 30 s");
});

test("an image that came and is not sound is as one that did not come", async () => {
  await using f = await fixture({ wrong: () => "its digest differs" });
  const { got } = f.waiter();
  await setImmediate();
  f.nth(0).end(digest);
  await expect(got).rejects.toThrow("its digest differs");
});
