import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { defaultRunLimits } from "@assay/contracts";
import { findProcesses, sandboxOrSkip, temporaryDirectory, untilTrue, whyNoSandbox } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { FrameSplitter } from "./frames.ts";
import { connectSandbox } from "./pool.ts";
import { allowedProcessors, parseProcessorList } from "./processors.ts";
import { captured } from "./fd.ts";
import { encodeAlone } from "./testing/spec.ts";
import { decodeMessage } from "./wire/decode.ts";
import { encodeHello } from "./wire/encode.ts";

const skip = await whyNoSandbox();

const MiB = 1024 * 1024;
const startBox = (slots: number) => sandboxOrSkip({ slots });
const sleeper = () => `600.${randomBytes(4).readUInt32LE()}`;
const running = async (commandLine: string): Promise<boolean> =>
  (await findProcesses((one) => one.commandLine.endsWith(commandLine))).length > 0;

describe.skipIf(skip)(`the pool ${skip ?? ""}`, () => {
  it("runs many more jobs than slots, each with its own answer", async () => {
    await using box = await startBox(2);
    const { sandbox, spec } = box.get();
    expect(sandbox.slots).toBe(2);
    const texts = Array.from({ length: 60 }, (_, index) => `job ${index}`);
    const reports = await Promise.all(
      texts.map((text) => sandbox.run(spec(["/bin/cat"], { stdin: Buffer.from(text) }), { signal: null })),
    );
    expect(reports.map((report) => String(captured(report, 1)))).toEqual(texts);
  });

  it("uses all slots at once", async () => {
    await using box = await startBox(3);
    const { sandbox, spec } = box.get();
    const abort = new AbortController();
    const seconds = sleeper();
    const runs = Array.from({ length: 3 }, () =>
      sandbox.run(spec(["/bin/sleep", seconds]), { signal: abort.signal }),
    );
    const alive = () => findProcesses((one) => one.commandLine.endsWith(seconds));
    await untilTrue(async () => (await alive()).length === 3, "three boxes run");
    abort.abort();
    const statuses = (await Promise.all(runs)).map(({ outcome }) => outcome.status);
    expect(statuses).toEqual(["cancelled", "cancelled", "cancelled"]);
  });

  it("loses a run when sandboxd is killed, and goes on when it is back", async () => {
    await using box = await startBox(1);
    const { sandbox, spec, daemon } = box.get();
    const kept = await sandbox.run(spec(["/bin/true"], { keep: { maxBytes: 1000 } }), { signal: null });
    expect(kept.artifact).not.toBeNull();
    const seconds = sleeper();
    const lost = sandbox.run(spec(["/bin/sleep", seconds]), { signal: null });
    await untilTrue(() => running(seconds), "the program runs");
    const waiting = sandbox.run(spec(["/bin/echo", "after"]), { signal: null });
    process.kill(daemon.pid, "SIGKILL");
    await expect(lost).rejects.toMatchObject({ name: "SandboxError", code: "unavailable" });
    await box.get().restart();
    expect(String(captured(await waiting, 1))).toBe("after\n");
    await untilTrue(async () => !(await running(seconds)), "the lost box has ended");
    await expect(
      sandbox.run(spec(["/bin/true"], { base: kept.artifact?.id ?? null }), { signal: null }),
    ).rejects.toMatchObject({ code: "unknown_artifact" });
  });

  it("loses only what ran in a slot whose supervisor is killed", async () => {
    await using box = await startBox(2);
    const { sandbox, spec, daemon } = box.get();
    const seconds = sleeper();
    const runs = [1, 2].map(() => sandbox.run(spec(["/bin/sleep", seconds]), { signal: null }));
    const settled = Promise.allSettled(runs);
    const alive = () => findProcesses((one) => one.commandLine.endsWith(seconds));
    await untilTrue(async () => (await alive()).length === 2, "both boxes run");
    const children = await readFile(`/proc/${daemon.pid}/task/${daemon.pid}/children`, "utf8");
    const supervisors = children.trim().split(" ").map(Number);
    expect(supervisors).toHaveLength(2);
    process.kill(supervisors[0] ?? -1, "SIGKILL");
    const first = await Promise.race(runs.map((run) => run.catch((error: unknown) => error)));
    expect(first).toMatchObject({ name: "SandboxError", code: "unavailable" });
    await untilTrue(async () => (await alive()).length === 1, "only the other box runs");
    const after = await sandbox.run(spec(["/bin/echo", "again"]), { signal: null });
    expect(String(captured(after, 1))).toBe("again\n");
    await sandbox[Symbol.asyncDispose]();
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  it("gives each slot a processor when it is told to", async () => {
    await using box = await startBox(2);
    const { sandbox, spec, runDirectory } = box.get();
    await sandbox[Symbol.asyncDispose]();
    const allowedWith = async (pin: "always" | "never"): Promise<unknown[]> => {
      await using pool = await connectSandbox({ runDirectory, pin });
      const status = spec(["/bin/cat", "/proc/self/status"]);
      const reports = await Promise.all([1, 2].map(() => pool.run(status, { signal: null })));
      return reports.map((report) => /^Cpus_allowed_list:\t(.*)$/mu.exec(String(captured(report, 1)))?.[1]);
    };
    const all = await allowedProcessors();
    const own = all.length > 2 ? all.slice(1, 3) : [all[0], all.at(-1)];
    expect(new Set(await allowedWith("always"))).toEqual(new Set(own.map(String)));
    const [first, second] = await allowedWith("never");
    expect(parseProcessorList(String(first))).toEqual(all);
    expect(second).toBe(first);
  });

  it("says who is missing when sandboxd has stopped", async () => {
    await using box = await startBox(1);
    const { daemon, runDirectory } = box.get();
    await daemon[Symbol.asyncDispose]();
    expect(await daemon.stopped).toMatch(/^sandboxd ended with/);
    await expect(connectSandbox({ runDirectory })).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe.skipIf(skip)(`a client of one slot ${skip ?? ""}`, () => {
  it("that reads slowly gets everything, and holds up no other slot", async () => {
    await using box = await startBox(2);
    const { sandbox, spec, runDirectory } = box.get();
    await sandbox[Symbol.asyncDispose]();
    const flood = spec(["/bin/dd", "if=/dev/zero", "bs=1M", "count=16"], {
      limits: { ...defaultRunLimits, outputBytes: 16 * MiB },
    });
    const slow = connect(join(runDirectory, "slot-0.sock"));
    slow.pause();
    slow.write(encodeHello());
    for (const chunk of encodeAlone(1, flood).chunks) slow.write(chunk);
    await using directory = await temporaryDirectory();
    await symlink(join(runDirectory, "slot-1.sock"), join(directory.path, "slot-1.sock"));
    await using others = await connectSandbox({ runDirectory: directory.path });
    for (let round = 0; round < 10; round += 1) {
      const { outcome } = await others.run(spec(["/bin/true"]), { signal: null });
      expect(outcome.exitCode).toBe(0);
    }
    const received: number[] = [];
    const frames = new FrameSplitter((payload) => {
      const message = decodeMessage(payload);
      if (message.type !== "outcome") return;
      received.push(captured(message.readReport(flood), 1).length);
      slow.destroy();
    });
    slow.on("data", (data: Buffer) => frames.push(data));
    slow.resume();
    await once(slow, "close");
    expect(received).toEqual([16 * MiB]);
  });

  it("that goes away takes its box with it", async () => {
    await using box = await startBox(1);
    const { sandbox, spec, runDirectory } = box.get();
    await sandbox[Symbol.asyncDispose]();
    const seconds = sleeper();
    const client = connect(join(runDirectory, "slot-0.sock"));
    client.resume();
    client.write(encodeHello());
    for (const chunk of encodeAlone(1, spec(["/bin/sleep", seconds])).chunks) client.write(chunk);
    await untilTrue(() => running(seconds), "the program runs");
    client.destroy();
    await untilTrue(async () => !(await running(seconds)), "the box has ended");
    await using again = await connectSandbox({ runDirectory });
    expect((await again.run(spec(["/bin/true"]), { signal: null })).outcome.exitCode).toBe(0);
  });
});
