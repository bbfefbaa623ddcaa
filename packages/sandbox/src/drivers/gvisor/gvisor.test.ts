import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import {
  catalogueDigests,
  catalogueDirectory,
  findProcesses,
  temporaryDirectory,
  untilTrue,
} from "@assay/testing";
import type { TemporaryDirectory } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../spec.ts";
import { describeDriver } from "../testing/conformance.ts";
import { findRunsc, whyNoGvisor } from "./check.ts";
import { openGvisor } from "./driver.ts";
import type { GvisorOptions } from "./driver.ts";

const runsc = findRunsc();
const images = await catalogueDigests();
const why = (await whyNoGvisor(runsc)) ?? (images === null ? "needs ./assay images build" : null);
const skip = why === null ? null : `(skipped: ${why})`;
leaveRoot();

const image = images?.get("python") ?? "";
let directory: TemporaryDirectory;
let sandbox: Sandbox;
const optionsOf = ({ path }: TemporaryDirectory): GvisorOptions => ({
  runsc: runsc ?? "",
  directory: path,
  imagesDirectory: catalogueDirectory,
  slots: 1,
});
// Nothing is made, and nothing left, where all tests are skipped.
beforeAll(async () => {
  if (skip !== null) return;
  directory = await temporaryDirectory();
  sandbox = await openGvisor(optionsOf(directory));
});
afterAll(async () => {
  if (skip !== null) return;
  await sandbox[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

/** The driver is for ordinary users. A test file has a process of its own, which can become one. */
function leaveRoot(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(65534);
  process.setuid?.(65534);
}

describeDriver("gvisor", {
  skip,
  subject: () => ({ sandbox, image }),
});

describe.skipIf(skip)(`boxes of gVisor ${skip ?? ""}`, () => {
  it("leave nothing behind when their driver is killed", async () => {
    const program = `
      import { openGvisor } from ${JSON.stringify(new URL("./driver.ts", import.meta.url).href)};
      import { standardStreams } from ${JSON.stringify(new URL("../../fd.ts", import.meta.url).href)};
      import { defaultRunLimits as limits } from "@assay/contracts";
      const box = await openGvisor(${JSON.stringify(optionsOf(directory))});
      const fds = standardStreams({ stdin: new Uint8Array(), outputBytes: 10, onOutputLimit: "discard" });
      await box.run({ image: ${JSON.stringify(image)}, argv: ["python3", "-c", "while True: pass"], fds, limits,
        env: {}, base: null, files: [], keep: null, collect: null, cpus: null, cpuRate: null,
        stopAtProcessLimit: true }, { signal: null });`;
    const driver = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const boxes = () =>
      findProcesses(({ commandLine }) => commandLine.includes(`--root=${directory.path}/state`));
    await untilTrue(async () => (await boxes()).length >= 2, "gVisor runs");
    driver.kill("SIGKILL");
    await untilTrue(async () => (await boxes()).length === 0, "the box is gone");
    expect(await readdir(directory.path)).toEqual([]);
  });
});
