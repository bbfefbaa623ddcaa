import { defaultRunLimits } from "@assay/contracts";
import { afterAll, expect, test } from "vitest";
import { describeDriver } from "../testing/conformance.ts";
import { openWasm } from "./driver.ts";

const sandbox = openWasm({ slots: 1 });
afterAll(() => sandbox[Symbol.asyncDispose]());

describeDriver("wasm", { skip: null, subject: () => ({ sandbox, image: "wasm:python" }) });

test("keeps nothing of a program that ended well beyond its limit", async () => {
  // So small that the program is over before anybody looks how much it took.
  const { outcome, artifact } = await sandbox.run(
    {
      image: "wasm:javascript",
      argv: ["js", "-e", "1"],
      env: {},
      limits: { ...defaultRunLimits, cpuMs: 0.001 },
      fds: [],
      base: null,
      files: [{ path: "made", mode: 0o644, content: new Uint8Array() }],
      keep: { maxBytes: 100 },
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: true,
    },
    { signal: null },
  );
  expect([outcome.status, artifact]).toEqual(["cpu_limit", null]);
});
