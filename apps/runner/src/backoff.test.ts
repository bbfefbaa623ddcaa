import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

test("waits double up to the limit, and a success starts them anew", () => {
  const backoff = new Backoff({ firstMs: 100, longestMs: 500, random: () => 1 });
  expect([backoff.next(), backoff.next(), backoff.next(), backoff.next()]).toEqual([100, 200, 400, 500]);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

test("half of a wait is random", () => {
  const waits = [0, 0.5, 1].map((part) =>
    new Backoff({ firstMs: 100, longestMs: 500, random: () => part }).next(),
  );
  expect(waits).toEqual([50, 75, 100]);
});

test("a server that asks for a longer wait gets it", () => {
  const backoff = new Backoff({ firstMs: 100, longestMs: 500 });
  expect(backoff.next(9000)).toBe(9000);
});

test("a thousand failures don't overflow", () => {
  const backoff = new Backoff({ firstMs: 100, longestMs: 500, random: () => 1 });
  const waits = Array.from({ length: 2000 }, () => backoff.next());
  expect(waits.at(-1)).toBe(500);
});
