import { describe, expect, it } from "vitest";
import type { SandboxProbe } from "../probe.ts";
import { checkDrivers } from "./check.ts";

const item = (name: string, ok: boolean, required = false) => ({
  name,
  ok,
  required,
  detail: ok ? "enforced on this machine" : "it is not there",
  mend: ok ? null : `mend ${name}`,
});
const native = async (change: Partial<SandboxProbe>) => {
  const report = { kernel: "6.1.0", cgroupVersion: 2, isolation: [], checks: [], ...change };
  return (await checkDrivers(report)).find(({ driver }) => driver === "native");
};

describe("checkDrivers", () => {
  it("names what root's boxes have", async () => {
    const isolation = ["namespaces", "memory", "processes", "cpu", "seccomp", "cgroup-v2"] as const;
    expect(await native({ isolation, checks: [item("root", true)] })).toMatchObject({
      ok: true,
      detail: "namespaces+cgroup+seccomp, control groups v2",
      mend: null,
    });
  });

  it("says what is weaker about boxes of an ordinary user", async () => {
    const checks = [item("root", false), item("cgroup.memory", false)];
    expect(await native({ isolation: ["namespaces", "watched"], checks })).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^namespaces\+rlimits\+seccomp: boxes of an ordinary user/),
      mend: "mend cgroup.memory",
    });
  });

  it("says what is missing for any box", async () => {
    const checks = [item("namespace.pid", true, true), item("seccomp.filter", false, true)];
    expect(await native({ checks })).toMatchObject({
      ok: false,
      detail: "seccomp.filter: it is not there",
      mend: "mend seccomp.filter",
    });
  });

  it("tries the drivers that sandboxd knows nothing of", async () => {
    const found = await checkDrivers({ kernel: null, cgroupVersion: null, isolation: [], checks: [] });
    expect(found.find(({ driver }) => driver === "wasm")).toMatchObject({ ok: true, mend: null });
    const gvisor = found.find(({ driver }) => driver === "gvisor");
    expect(gvisor?.ok).toBe(gvisor?.mend === null);
  });
});
