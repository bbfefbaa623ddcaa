import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { output } from "../testing/results.ts";
import { Outbox } from "./outbox.ts";
import type { Unsent } from "./outbox.ts";

/** Lets everything happen that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await setImmediate();
};

const scene = () => {
  const clock = new ManualClock();
  const sent: [number, number, readonly string[]][] = [];
  const outbox = new Outbox({
    clock,
    flushMs: 20,
    send: async ({ offset, events }: Unsent) => {
      const texts = events.map((event) => (event.type === "output" ? event.text : event.type));
      sent.push([clock.now(), offset, texts]);
      await setImmediate();
    },
    onFailure: (error) => {
      throw error;
    },
  });
  const advance = async (milliseconds: number): Promise<void> => {
    clock.advance(milliseconds);
    await settle();
  };
  return { outbox, clock, sent, advance };
};

test("the first event waits for company, a later one after a silence goes at once", async () => {
  const { outbox, clock, sent, advance } = scene();
  outbox.push(output("a"));
  await advance(19);
  expect(sent).toEqual([]);
  await advance(1);
  await advance(100);
  outbox.push(output("b"));
  await settle();
  expect(clock.sleeping).toEqual([]);
  expect(sent).toEqual([
    [20, 0, ["a"]],
    [120, 1, ["b"]],
  ]);
});

test("what comes in a row goes in one batch for each 20 ms", async () => {
  const { outbox, sent, advance } = scene();
  for (let at = 0; at < 60; at += 5) {
    outbox.push(output(String(at)));
    await advance(5);
  }
  await advance(20);
  expect(sent).toEqual([
    [20, 0, ["0", "5", "10", "15"]],
    [40, 4, ["20", "25", "30", "35"]],
    [60, 8, ["40", "45", "50", "55"]],
  ]);
});

test("what no batch took is handed over at the end", async () => {
  const { outbox, sent } = scene();
  outbox.push(output("a"));
  await settle();
  expect(await outbox.close()).toEqual({ offset: 0, events: [output("a")] });
  expect(sent).toEqual([]);
});
