import { whyNoSandbox } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { parseProbe, probe } from "./probe.ts";

const skip = await whyNoSandbox();

describe("parseProbe", () => {
  const check = { name: "seccomp", ok: false, required: true, detail: "no", mend: null };

  it("reads checks", () => {
    expect(parseProbe(JSON.stringify({ checks: [check] }))).toEqual({ checks: [check] });
  });

  it.each(["", "[]", "null", "{}", '{"checks":{}}', '{"checks":[null]}', '{"checks":[{"name":"x"}]}'])(
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
