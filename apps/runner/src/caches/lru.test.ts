import { expect, test } from "vitest";
import { Lru } from "./lru.ts";

test("what was used longest ago goes first, and only as much as must", () => {
  const evicted: string[] = [];
  const lru = new Lru<string, number>(10, (key) => evicted.push(key));
  lru.set("a", 1, 4);
  lru.set("b", 2, 4);
  expect(lru.get("a")).toBe(1);
  lru.set("c", 3, 4);
  expect(evicted).toEqual(["b"]);
  expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual([1, undefined, 3]);
  expect(lru.weight).toBe(8);
});

test("a value that is heavier than the map is not kept and displaces nothing", () => {
  const lru = new Lru<string, number>(10);
  lru.set("a", 1, 10);
  expect(lru.set("b", 2, 11)).toBe(false);
  expect(lru.get("a")).toBe(1);
});

test("setting a key again replaces its weight", () => {
  const lru = new Lru<string, number>(10);
  lru.set("a", 1, 9);
  lru.set("a", 2, 3);
  lru.set("b", 3, 7);
  expect([lru.get("a"), lru.get("b"), lru.weight, lru.size]).toEqual([2, 3, 10, 2]);
});
