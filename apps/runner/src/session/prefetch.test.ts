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

test("short jobs are fetched several at a time, long ones singly", () => {
  const short = new Prefetch(2);
  short.took(10);
  expect(short.jobs).toBe(5);
  expect([0, 2, 4, 5, 7, 9].map((here) => short.wanted(here))).toEqual([7, 5, 3, 0, 0, 0]);
  const long = new Prefetch(2);
  expect([0, 1, 2, 3, 4].map((here) => long.wanted(here))).toEqual([3, 2, 1, 0, 0]);
});
