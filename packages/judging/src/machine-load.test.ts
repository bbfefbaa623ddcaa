import { expect, test } from "vitest";
import { busyShare, measureLoad, parseCpuTimes } from "./machine-load.ts";

test("idle and waiting for a disk are not busy; time stolen by the host is", () => {
  const before = parseCpuTimes("cpu  100 0 50 1000 50 0 0 0 7 7\ncpu0 1 2 3 4\n");
  const after = parseCpuTimes("cpu  130 0 60 1040 60 0 0 10 9 9\n");
  expect(before).toEqual({ busy: 150, total: 1200 });
  expect(busyShare(before, after)).toBe(0.5);
});

test("what can't be read says nothing", () => {
  for (const text of ["", "cpu", "cpu  1 2", "intr 5", "cpu  x"]) expect(parseCpuTimes(text)).toBeNull();
  expect(busyShare(null, { busy: 1, total: 2 })).toBeNull();
  expect(busyShare({ busy: 1, total: 2 }, { busy: 1, total: 2 })).toBeNull();
});

test("this machine's load is a share", () => {
  const load = measureLoad();
  // Until the kernel has counted a tick.
  let share = load();
  while (share === null) share = load();
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
});
