import { describe, expect, it } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { readJson } from "./json.ts";

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe("bodies", () => {
  it("count in the budget of all, until their requests are answered", async () => {
    const budget = new ByteBudget(10);
    {
      using body = await readJson(pieces('{"a', '":1}'), { maxBytes: 100, budget });
      expect(body.value).toEqual({ a: 1 });
      await expect(readJson(pieces("[1,2]"), { maxBytes: 100, budget })).rejects.toMatchObject({
        status: 503,
      });
      expect(budget.take(3)).toBe(true);
      budget.give(3);
    }
    expect(budget.take(10)).toBe(true);
  });

  it("take nothing of it when they are refused", async () => {
    const budget = new ByteBudget(10);
    await expect(readJson(pieces("12345", "6"), { maxBytes: 5, budget })).rejects.toMatchObject({
      status: 413,
    });
    await expect(readJson(pieces("nothing"), { maxBytes: 9, budget })).rejects.toMatchObject({ status: 400 });
    await expect(readJson(pieces("12345678", "901"), { maxBytes: 99, budget })).rejects.toMatchObject({
      status: 503,
    });
    expect(budget.take(10)).toBe(true);
  });
});
