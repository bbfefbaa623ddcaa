import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { Processors, allowedProcessors, parseProcessorList } from "./processors.ts";

describe("parseProcessorList", () => {
  it.each([
    ["0", [0]],
    ["0-3", [0, 1, 2, 3]],
    ["1,4-5,9", [1, 4, 5, 9]],
    ["", []],
    ["0-", []],
    ["a", []],
    ["3-1", []],
  ])("of %j", (text, cpus) => {
    expect(parseProcessorList(text)).toEqual(cpus);
  });
});

describe("allowedProcessors", () => {
  it("names as many as this process may use", async () => {
    expect(await allowedProcessors()).toHaveLength(availableParallelism());
  });
});

describe("Processors", () => {
  it("pins slots only where there is one to spare, unless told otherwise", () => {
    expect(new Processors([0, 1, 2, 3], "auto").isPinned(3)).toBe(true);
    expect(new Processors([0, 1, 2, 3], "auto").isPinned(4)).toBe(false);
    expect(new Processors([0], "always").isPinned(4)).toBe(true);
    expect(new Processors([0, 1], "never").isPinned(1)).toBe(false);
  });

  it("gives each slot its own, and leaves the first to the machine", () => {
    const spare = new Processors([2, 3, 5, 9], "auto");
    expect([0, 1, 2].map((slot) => spare.ofSlot(slot, 3))).toEqual([3, 5, 9]);
    const scarce = new Processors([2, 3], "always");
    expect([0, 1, 2].map((slot) => scarce.ofSlot(slot, 3))).toEqual([2, 3, 2]);
    expect(spare.maskBytes).toBe(2);
  });

  it("shares the one that the fewest sessions use", () => {
    const processors = new Processors([4, 7], "auto");
    const first = processors.share();
    const second = processors.share();
    expect([first.cpu, second.cpu]).toEqual([4, 7]);
    first[Symbol.dispose]();
    expect(processors.share().cpu).toBe(4);
    expect(processors.canShare).toBe(true);
    expect(new Processors([4, 7], "never").canShare).toBe(false);
  });
});
