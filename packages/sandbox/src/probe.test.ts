import { whyNoSandbox } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { parseProbe, probe } from "./probe.ts";

const skip = await whyNoSandbox();

describe("parseProbe", () => {
  it("tells what is required from what only limits less", () => {
    const items = [
      { name: "namespace.pid", ok: true, reason: null, mend: null },
      { name: "cgroup.memory", ok: false, reason: "not mounted", mend: "mount it" },
    ];
    expect(parseProbe(JSON.stringify({ items })).checks).toMatchObject([
      { name: "namespace.pid", ok: true, required: true, mend: null },
      { name: "cgroup.memory", ok: false, required: false, detail: "not mounted", mend: "mount it" },
    ]);
  });

  it.each(["", "[]", "null", "{}", '{"items":{}}', '{"items":[null]}', '{"items":[{"name":"x"}]}'])(
    "refuses %j",
    (text) => {
      expect(() => parseProbe(text)).toThrow(/sandboxd --probe/);
    },
  );
});

describe.skipIf(skip)(`probe ${skip ?? ""}`, () => {
  it("names what this machine can enforce", async () => {
    const { checks } = await probe();
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter(({ ok, required }) => required && !ok)).toEqual([]);
    for (const { name, detail } of checks) expect([name, detail]).not.toContain("");
  });
});
