import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findProcesses, temporaryDirectory, untilTrue, whyNoSandbox } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { startSandboxd } from "./daemon.ts";
import type { SandboxdOptions } from "./daemon.ts";

const skip = await whyNoSandbox();

async function prepare(parent: string): Promise<SandboxdOptions> {
  const options = {
    stateDirectory: join(parent, "state"),
    runDirectory: join(parent, "run"),
    imagesDirectory: join(parent, "images"),
    slots: 1,
    clientUid: 0,
    log: () => undefined,
  };
  for (const directory of [options.stateDirectory, options.runDirectory, options.imagesDirectory]) {
    await mkdir(directory);
  }
  return options;
}

const program = `
  import { startSandboxd } from ${JSON.stringify(new URL("./daemon.ts", import.meta.url).href)};
  const options = JSON.parse(process.argv[1]);
  const { pid } = await startSandboxd({ ...options, log: () => undefined });
  process.stdout.write(pid + "\\n");
`;

describe.skipIf(skip)(`startSandboxd ${skip ?? ""}`, () => {
  it("rejects with its last words when it can't start", async () => {
    await using directory = await temporaryDirectory();
    const options = await prepare(directory.path);
    await chmod(options.imagesDirectory, 0o777);
    const lines: string[] = [];
    const start = startSandboxd({ ...options, log: (line) => lines.push(line) });
    await expect(start).rejects.toMatchObject({ name: "SandboxError", code: "unavailable" });
    await expect(start).rejects.toThrow(/exit code 2\n.*must belong to root and be writable by nobody else/);
    expect(lines).toHaveLength(1);
  });

  it("refuses a number of slots that is none", async () => {
    await using directory = await temporaryDirectory();
    const options = await prepare(directory.path);
    for (const slots of [0, -1, 1.5, Number.NaN, 100_000]) {
      await expect(startSandboxd({ ...options, slots })).rejects.toThrow(/--slots must be a number/);
    }
  });

  it("stops when it is disposed, and says so", async () => {
    await using directory = await temporaryDirectory();
    const daemon = await startSandboxd(await prepare(directory.path));
    await daemon[Symbol.asyncDispose]();
    expect(await daemon.stopped).toBe("sandboxd ended with exit code 0");
    await daemon[Symbol.asyncDispose]();
  });

  it("ends when whoever started it is killed", async () => {
    await using directory = await temporaryDirectory();
    const options = await prepare(directory.path);
    const starter = spawn(
      process.execPath,
      ["--input-type=module-typescript", "-e", program, JSON.stringify(options)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = await once(createInterface({ input: starter.stdout }), "line");
    const isAlive = async () => (await findProcesses(({ pid }) => pid === Number(line))).length > 0;
    expect(await isAlive()).toBe(true);
    starter.kill("SIGKILL");
    await untilTrue(async () => !(await isAlive()), "sandboxd has ended");
  });
});
