import { describe, expect, it } from "vitest";
import { parseRequest } from "../model/request.ts";
import { allowanceOf, type LimitPolicy } from "./limits.ts";

const MiB = 1024 * 1024;

const policy: LimitPolicy = {
  defaults: { cpuNs: 10e9, memoryBytes: 256 * MiB, processes: 64 },
  maxima: { cpuNs: 60e9, clockNs: 120e9, memoryBytes: 1024 * MiB, processes: 512 },
  diskBytes: 128 * MiB,
  openFiles: 256,
};

function allowed(asked: object) {
  const [cmd] = parseRequest({ cmd: [asked] }, { streams: false }).cmd;
  if (!cmd) throw new Error("no command");
  return allowanceOf(cmd, policy);
}

describe("what a command may use", () => {
  it("is what it asks for, the clock at least as much as the processor", () => {
    expect(allowed({ cpuLimit: 1.5e9, memoryLimit: 64 * MiB, procLimit: 5 })).toMatchObject({
      cpuNs: 1.5e9,
      clockNs: 1.5e9,
      memoryBytes: 64 * MiB,
      limits: { cpuMs: 1500, wallMs: 1600, memoryBytes: 64 * MiB, processes: 5, stackBytes: 64 * MiB },
    });
    expect(allowed({ cpuLimit: 1e9, clockLimit: 3e9 }).limits).toMatchObject({ cpuMs: 1000, wallMs: 3100 });
  });

  it("is the default where it asks for nothing, and never above the maximum", () => {
    expect(allowed({}).limits).toMatchObject({ cpuMs: 10_000, memoryBytes: 256 * MiB, processes: 64 });
    const most = 2 ** 64;
    expect(
      allowed({ cpuLimit: most, clockLimit: most, memoryLimit: most, procLimit: most, stackLimit: most }),
    ).toMatchObject({
      cpuNs: 60e9,
      clockNs: 120e9,
      limits: { wallMs: 120_100, memoryBytes: 1024 * MiB, processes: 512, stackBytes: 1024 * MiB },
    });
  });

  it("is whole and not below what sandboxd takes, while the asked limit is what counts", () => {
    expect(allowed({ cpuLimit: 1, memoryLimit: 1, stackLimit: 1 })).toMatchObject({
      cpuNs: 1,
      memoryBytes: 1,
      limits: { cpuMs: 1, memoryBytes: MiB, stackBytes: 64 * 1024 },
    });
    expect(Number.isInteger(allowed({ cpuLimit: 1_234_567 }).limits.cpuMs)).toBe(true);
  });

  it("limits addresses and data on demand, with room for the stacks of threads", () => {
    expect(allowed({ memoryLimit: 64 * MiB }).limits).toMatchObject({
      addressSpaceBytes: null,
      dataBytes: null,
    });
    expect(allowed({ memoryLimit: 64 * MiB, addressSpaceLimit: true }).limits).toMatchObject({
      addressSpaceBytes: 64 * MiB,
      dataBytes: null,
      stackBytes: 8 * MiB,
    });
    expect(allowed({ memoryLimit: 64 * MiB, dataSegmentLimit: true }).limits.dataBytes).toBe(64 * MiB);
  });
});
