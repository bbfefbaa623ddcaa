import { expect, test } from "vitest";
import { Prefetch } from "./prefetch.ts";

const after = (...times: number[]): number => {
  const prefetch = new Prefetch(2);
  for (const time of times) prefetch.took(time);
  return prefetch.jobs;
};

test("one job ahead until something is known, and where jobs take long", () => {
  expect(after()).toBe(1);
  expect(after(10_000)).toBe(1);
});

test("more where jobs are short, up to a limit", () => {
  expect(after(10)).toBe(5);
  expect(after(0)).toBe(8);
  expect(after(0.001)).toBe(8);
});

test("it follows a change", () => {
  const long = Array.from({ length: 50 }, () => 5000);
  const short = Array.from({ length: 200 }, () => 5);
  expect(after(...short, ...long)).toBe(1);
  expect(after(...long, ...short)).toBeGreaterThan(4);
});
