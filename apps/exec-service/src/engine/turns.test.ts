import { describe, expect, it } from "vitest";
import { QueueFull, Turns } from "./turns.ts";

const never = new AbortController().signal;

describe("turns", () => {
  it("come in the order of the calls, so many at a time", async () => {
    const turns = new Turns({ parallelism: 2, maxWaiting: 10 });
    const order: number[] = [];
    const [first, second] = [await turns.take(never), await turns.take(never)];
    const waiting = [1, 2, 3].map(async (number) => {
      const turn = await turns.take(never);
      order.push(number);
      return turn;
    });
    second[Symbol.dispose]();
    (await waiting[0])?.[Symbol.dispose]();
    await waiting[1];
    expect(order).toEqual([1, 2]);
    first[Symbol.dispose]();
    await waiting[2];
    expect(order).toEqual([1, 2, 3]);
  });

  it("end once", async () => {
    const turns = new Turns({ parallelism: 1, maxWaiting: 0 });
    const turn = await turns.take(never);
    turn[Symbol.dispose]();
    turn[Symbol.dispose]();
    await turns.take(never);
    await expect(turns.take(never)).rejects.toThrow(QueueFull);
  });

  it("can be given up while one waits, which makes room for others", async () => {
    const turns = new Turns({ parallelism: 1, maxWaiting: 1 });
    const turn = await turns.take(never);
    const leaving = new AbortController();
    const left = turns.take(leaving.signal);
    await expect(turns.take(never)).rejects.toThrow("worker queue is full");
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    const next = turns.take(never);
    turn[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    await expect(turns.take(leaving.signal)).rejects.toThrow("left");
  });
});
