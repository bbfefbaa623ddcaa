import { AssayError } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { Batcher } from "./batcher.ts";

const limits = { maxItems: 3, weigh: (item: number) => item, maxWeight: 100 };

/** A batcher whose batches are recorded and end when the test says so. */
const steered = () => {
  const batches: number[][] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const batcher = new Batcher<number, string>({
    ...limits,
    run: async (items) => {
      batches.push([...items]);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      return items.map(String);
    },
  });
  return { batcher, batches, gates };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("batcher", () => {
  it("does together what is asked for in one turn, and what came meanwhile after it", async () => {
    const { batcher, batches, gates } = steered();
    const first = [batcher.add(1), batcher.add(2)];
    await turn();
    const second = [batcher.add(3), batcher.add(4), batcher.add(5), batcher.add(6)];
    await turn();
    expect(batches).toEqual([[1, 2]]);
    for (let index = 0; index < 3; index++) {
      gates[index]?.resolve();
      await turn();
    }
    expect(await Promise.all([...first, ...second])).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(batches).toEqual([[1, 2], [3, 4, 5], [6]]);
  });

  it("sends what is heavy alone, in order", async () => {
    const { batcher, batches, gates } = steered();
    const all = [50, 40, 20, 1000, 1].map((weight) => batcher.add(weight));
    for (let index = 0; index < 4; index++) {
      await turn();
      gates[index]?.resolve();
      await turn();
    }
    await Promise.all(all);
    expect(batches).toEqual([[50, 40], [20], [1000], [1]]);
  });

  it("gives each its own error when a batch fails", async () => {
    const runs: number[][] = [];
    const batcher = new Batcher<number, number>({
      ...limits,
      run: async (items) => {
        runs.push([...items]);
        if (items.includes(2)) throw new Error(`no ${items.join()}`);
        return items;
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(results).toMatchObject([{ value: 1 }, { reason: new Error("no 2") }, { value: 3 }]);
    expect(runs).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(await batcher.add(4)).toBe(4);
  });

  it("asks a database that is away only once", async () => {
    let runs = 0;
    const batcher = new Batcher<number, number>({
      ...limits,
      run: async () => {
        runs++;
        throw new AssayError("database_unavailable", "The database did not answer.");
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(runs).toBe(1);
  });

  it("gives nobody the result of another", async () => {
    const batcher = new Batcher<number, number>({ ...limits, run: async (items) => items.slice(1) });
    const results = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
