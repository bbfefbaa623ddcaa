import { expect, test } from "vitest";
import { runOrdered } from "./ordered.ts";
import type { Agenda } from "./ordered.ts";

/** Everything up to the first bad result. */
const untilBad = (count: number, results: string[]): Agenda<string> => {
  let isOver = false;
  return {
    count,
    isNeeded: () => !isOver,
    handOver(_, result) {
      if (result === null) return;
      results.push(result);
      isOver = result.startsWith("bad");
    },
    *ahead(index, known) {
      if (isOver) return;
      for (let at = index; at < count; at++) {
        yield at;
        if (known(at)?.startsWith("bad") === true) return;
      }
    },
  };
};

interface Started {
  readonly item: number;
  readonly signal: AbortSignal;
  finish(result: string): void;
  fail(error: Error): void;
}

/** Whatever follows from something follows in microtasks. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Runs 0..count-1; each item ends only when the test says so. */
const steered = async (count: number, parallel: number, signal = new AbortController().signal) => {
  const started: Started[] = [];
  const results: string[] = [];
  const finished = runOrdered<string>({
    agenda: untilBad(count, results),
    parallel,
    signal,
    run: (item, itemSignal) =>
      new Promise((resolve, reject) => {
        started.push({ item, signal: itemSignal, finish: resolve, fail: reject });
        itemSignal.addEventListener("abort", () => reject(new Error(`item ${item} cancelled`)));
      }),
  });
  finished.catch(() => undefined);
  await settled();
  const finish = async (item: number, result: string): Promise<void> => {
    started.find((each) => each.item === item)?.finish(result);
    await settled();
  };
  return { started, results, finished, finish };
};

test("hands results over in order, however they come", async () => {
  const { started, results, finished, finish } = await steered(4, 4);
  expect(started.map((each) => each.item)).toEqual([0, 1, 2, 3]);
  await finish(2, "good 2");
  expect(results).toEqual([]);
  await finish(0, "good 0");
  expect(results).toEqual(["good 0"]);
  await finish(1, "good 1");
  expect(results).toEqual(["good 0", "good 1", "good 2"]);
  await finish(3, "good 3");
  await finished;
  expect(results).toHaveLength(4);
});

test("never runs more than it may", async () => {
  const { started, finished, finish } = await steered(3, 2);
  expect(started).toHaveLength(2);
  await finish(1, "good 1");
  expect(started).toHaveLength(3);
  await finish(2, "good 2");
  await finish(0, "good 0");
  await finished;
});

test("stops at the first bad result in order, not at the fastest", async () => {
  const { started, results, finished, finish } = await steered(6, 4);
  await finish(3, "bad 3");
  expect(started.map((each) => each.signal.aborted)).toEqual([false, false, false, false]);
  await finish(1, "bad 1");
  expect(started.map((each) => each.signal.aborted)).toEqual([false, false, true, false]);
  expect(results).toEqual([]);
  await finish(0, "good 0");
  await finished;
  expect(results).toEqual(["good 0", "bad 1"]);
  // Nothing behind a bad result is begun.
  expect(started).toHaveLength(4);
});

test("rejects with an error after everything else has ended", async () => {
  const { started, results, finished } = await steered(3, 2);
  started[1]?.fail(new Error("platform"));
  await expect(finished).rejects.toThrow("platform");
  expect(started.map((each) => each.signal.aborted)).toEqual([true, true]);
  expect(results).toEqual([]);
});

test("an error behind the first bad result does not count", async () => {
  const { started, results, finished, finish } = await steered(2, 2);
  await finish(0, "bad 0");
  started[1]?.fail(new Error("too late"));
  await finished;
  expect(results).toEqual(["bad 0"]);
});

test("an error does not count either when the first bad result before it comes later", async () => {
  const ends: (() => void)[] = [];
  const results: string[] = [];
  const items = ["good 0", "bad 1", "fails"];
  const finished = runOrdered<string>({
    agenda: untilBad(items.length, results),
    parallel: 3,
    signal: new AbortController().signal,
    run: (item) =>
      items[item] === "fails"
        ? Promise.reject(new Error("platform"))
        : // These had ended already when they were told to stop.
          new Promise((resolve) => ends.push(() => resolve(items[item] ?? ""))),
  });
  await settled();
  for (const end of ends) end();
  await finished;
  expect(results).toEqual(["good 0", "bad 1"]);
});

test("rejects with the reason when it is cancelled", async () => {
  const controller = new AbortController();
  const { started, finished } = await steered(3, 2, controller.signal);
  controller.abort(new Error("lease lost"));
  await expect(finished).rejects.toThrow("lease lost");
  expect(started).toHaveLength(2);
});

test("has nothing to do without items", async () => {
  const { finished, results } = await steered(0, 4);
  await finished;
  expect(results).toEqual([]);
});
