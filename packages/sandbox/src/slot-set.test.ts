import { describe, expect, it } from "vitest";
import { hello, onAsked, outcomeOf, peer } from "./testing/peer.ts";
import type { Asked } from "./testing/peer.ts";
import { connectSandbox } from "./pool.ts";
import { SlotSet } from "./slot-set.ts";
import { plainSpec } from "./testing/spec.ts";

interface Slot {
  readonly usable: boolean;
}

const slot = (): Slot => ({ usable: true });

const setOf = (count: number): { set: SlotSet<Slot>; slots: Slot[] } => {
  const set = new SlotSet<Slot>(60_000);
  const slots = Array.from({ length: count }, slot);
  for (const one of slots) set.attach(one);
  return { set, slots };
};

describe("SlotSet", () => {
  it("gives many at once or none, in the order of the calls", async () => {
    const { set, slots } = setOf(3);
    const granted: string[] = [];
    const take = async (name: string, count: number): Promise<Slot[]> => {
      const taken = await set.take("run", count, null);
      granted.push(name);
      return taken;
    };
    const [busy] = await take("first", 1);
    const three = take("three", 3);
    const single = take("single", 1);
    await new Promise(setImmediate);
    // Two are free, but whoever came before waits for them.
    expect(granted).toEqual(["first"]);
    if (busy !== undefined) set.offer(busy);
    const all = await three;
    expect(all).toHaveLength(3);
    expect(new Set(all)).toEqual(new Set(slots));
    for (const one of all) set.offer(one);
    await single;
    expect(granted).toEqual(["first", "three", "single"]);
  });

  it("serves what frees memory first", async () => {
    const { set } = setOf(1);
    const [busy] = await set.take("run", 1, null);
    const order: string[] = [];
    const use = async (what: "run" | "forget"): Promise<void> => {
      const [one] = await set.take(what, 1, null);
      order.push(what);
      if (one !== undefined) set.offer(one);
    };
    const run = use("run");
    const forget = use("forget");
    if (busy !== undefined) set.offer(busy);
    await Promise.all([run, forget]);
    expect(order).toEqual(["forget", "run"]);
  });

  it("lets others pass who need no more than there is", async () => {
    const { set, slots } = setOf(2);
    const [lost] = slots;
    const [, other] = slots;
    await set.take("run", 2, null);
    const both = set.take("run", 2, null);
    const single = set.take("run", 1, null);
    if (lost !== undefined) set.detach(lost);
    if (other !== undefined) set.offer(other);
    expect(await single).toEqual([other]);
    if (other !== undefined) set.offer(other);
    expect(await set.take("run", 1, null)).toEqual([other]);
    if (other !== undefined) set.offer(other);
    set.attach(slot());
    expect(await both).toHaveLength(2);
  });

  it("forgets whoever withdraws, and serves the next", async () => {
    const { set } = setOf(2);
    const [busy] = await set.take("run", 1, null);
    const withdrawn = new AbortController();
    const both = set.take("run", 2, withdrawn.signal);
    const single = set.take("run", 1, null);
    withdrawn.abort(new Error("no more"));
    await expect(both).rejects.toThrow("no more");
    expect(await single).toHaveLength(1);
    expect(busy?.usable).toBe(true);
  });

  it("rejects only those who wait for what does not come back", async () => {
    const set = new SlotSet<Slot>(0);
    const [one, lost] = [slot(), slot()];
    set.attach(one);
    set.attach(lost);
    await set.take("run", 2, null);
    const both = set.take("run", 2, null);
    const single = set.take("run", 1, null);
    set.detach(lost);
    await expect(both).rejects.toMatchObject({ code: "unavailable" });
    set.offer(one);
    expect(await single).toEqual([one]);
  });
});

describe("sessions of a pool", () => {
  it("never hold each other up, however they compete", async () => {
    const waiting = new Map<number, () => void>();
    await using slots = await peer((socket, slot) => {
      socket.write(hello(slot, 3));
      onAsked(socket, ({ type, runId }: Asked) => {
        const answer = (): boolean => socket.write(outcomeOf(runId));
        if (type === 2) waiting.set(runId, answer);
        for (const next of waiting.values()) setImmediate(next);
        waiting.clear();
      });
    }, 3);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const sizes = [2, 3, 1, 2, 2, 3, 1, 1, 3];
    const sessions = sizes.map(async (size) => {
      const specs = Array.from({ length: size }, () => plainSpec);
      const lives = await sandbox.session(specs, { signal: null });
      return Promise.all(lives.map(({ report }) => report));
    });
    expect((await Promise.all(sessions)).map(({ length }) => length)).toEqual(sizes);
  });
});
