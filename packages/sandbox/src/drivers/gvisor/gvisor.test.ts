import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import {
  catalogueDigests,
  catalogueDirectory,
  findProcesses,
  temporaryDirectory,
  untilTrue,
} from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { describeDriver } from "../testing/conformance.ts";
import { openMachine } from "../testing/machine.ts";
import { findRunsc, whyNoGvisor } from "./check.ts";
import { openGvisor } from "./driver.ts";

const runsc = findRunsc();
const images = await catalogueDigests();
const why = (await whyNoGvisor(runsc)) ?? (images === null ? "needs ./assay images build" : null);
const skip = why === null ? null : `(skipped: ${why})`;
leaveRoot();

const directory = await temporaryDirectory();
const options = {
  runsc: runsc ?? "",
  directory: directory.path,
  imagesDirectory: catalogueDirectory,
  slots: 1,
};
const image = images?.get("python") ?? "";
const sandbox = skip === null ? await openGvisor(options) : null;
const machine = await openMachine();
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
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
  machine,
  subject: () => {
    if (sandbox === null) throw new Error(skip ?? "");
    return { sandbox, image };
  },
});

describe.skipIf(skip)(`boxes of gVisor ${skip ?? ""}`, () => {
  it("leave nothing behind when their driver is killed", async () => {
    const program = `
      import { openGvisor } from ${JSON.stringify(new URL("./driver.ts", import.meta.url).href)};
      import { standardStreams } from ${JSON.stringify(new URL("../../fd.ts", import.meta.url).href)};
      import { defaultRunLimits as limits } from "@assay/contracts";
      const box = await openGvisor(${JSON.stringify(options)});
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
