import { describe, expect, it } from "vitest";
import { allowedCpus, parseCpuSet } from "./cpu-set.ts";

describe("a set of processors", () => {
  it("is a list of numbers and ranges", () => {
    expect(parseCpuSet("", [0])).toBeNull();
    expect(parseCpuSet("0-2, 5,1", [0, 1, 2, 5])).toEqual([0, 1, 2, 5]);
  });

  it.each(["x", "1-", "-1", "2-1", "0,,1", "99999", "0-99999999999", "1.5"])("is not %j", (text) => {
    expect(() => parseCpuSet(text, [0, 1, 2])).toThrow(/is no list of processors/);
  });

  it("holds only processors that are here", () => {
    expect(() => parseCpuSet("0-1", [0])).toThrow(/no processor 1 here/);
  });

  it("knows those of this machine", async () => {
    const cpus = await allowedCpus();
    expect(cpus.length).toBeGreaterThan(0);
    expect(parseCpuSet(cpus.join(","), cpus)).toEqual(cpus);
  });
});
