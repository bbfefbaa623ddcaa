import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultRunLimits } from "@assay/contracts";
import type { Limits } from "@assay/contracts";
import { compileStatic, findProcesses, sandboxOrSkip, temporaryDirectory, untilTrue } from "@assay/testing";
import type { SpecChange } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { withOutput } from "./testing/spec.ts";
import type { WithOutput } from "./testing/spec.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const MiB = 1024 * 1024;

const run = async (argv: readonly [string, ...string[]], change: SpecChange = {}): Promise<WithOutput> =>
  withOutput(await box.get().sandbox.run(box.get().spec(argv, change), { signal: null }));
const shell = (script: string, change: SpecChange = {}): Promise<WithOutput> =>
  run(["/bin/sh", "-c", script], change);
const limited = (limits: Partial<Limits>): SpecChange => ({
  limits: { ...defaultRunLimits, ...limits },
});

const mounter = async (count: string): Promise<WithOutput> => {
  await using directory = await temporaryDirectory();
  const program = join(directory.path, "mounter");
  await compileStatic(fileURLToPath(new URL("../fixtures/mounter.c", import.meta.url)), program);
  const files = [{ path: "mounter", mode: 0o755, content: await readFile(program) }];
  return run(["/w/mounter", count], { files });
};

describe.skipIf(box.skip)(`how a run ends ${box.skip ?? ""}`, () => {
  it("exited, with its output and usage", async () => {
    const { outcome, stdout, stderr, fds, ...rest } = await shell("echo out; echo wrong >&2; exit 3");
    expect(outcome).toMatchObject({
      status: "exited",
      exitCode: 3,
      signal: null,
      stdoutBytes: 4,
      stderrBytes: 6,
      stdoutTruncated: false,
      stderrTruncated: false,
      oomKills: 0,
      processLimitHits: 0,
      refusedSyscalls: [],
      message: null,
    });
    expect(String(stdout)).toBe("out\n");
    expect(String(stderr)).toBe("wrong\n");
    expect(fds.map(({ total }) => total)).toEqual([0, 4, 6]);
    const { endedAtMs, ...nothing } = rest;
    expect(nothing).toEqual({ artifact: null, keepRefused: null, collected: [], passedEndAtMs: null });
    expect(endedAtMs).toBeGreaterThan(0);
    expect(outcome.cpuMs).toBeGreaterThan(0);
    expect(outcome.cpuMs).toBe(outcome.cpuUserMs + outcome.cpuSystemMs);
    expect(outcome.wallMs).toBeGreaterThan(0);
    expect(outcome.setupMs).toBeGreaterThan(0);
    expect(outcome.isolation).toEqual(box.get().sandbox.isolation);
    expect(outcome.isolation).toEqual(expect.arrayContaining(["namespaces", "seccomp", "no-capabilities"]));
  });

  it("exited, with the memory that it needed", async () => {
    const { outcome } = await run(["/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=16M", "count=1"]);
    expect(outcome.memoryBytes).toBeGreaterThanOrEqual(16 * MiB);
    expect(outcome.memoryBytes).toBeLessThan(32 * MiB);
  });

  it("signalled", async () => {
    const { outcome } = await shell("kill -SEGV $$");
    expect(outcome).toMatchObject({ status: "signalled", exitCode: null, signal: "SIGSEGV" });
  });

  it("cpu_limit", async () => {
    const { outcome } = await shell("while :; do :; done", limited({ cpuMs: 100 }));
    expect(outcome.status).toBe("cpu_limit");
    expect(outcome.cpuMs).toBeGreaterThanOrEqual(100);
  });

  it("wall_limit, for a sleeper that uses no CPU", async () => {
    const { outcome } = await run(["/bin/sleep", "600"], limited({ wallMs: 100 }));
    expect(outcome.status).toBe("wall_limit");
    expect(outcome.wallMs).toBeGreaterThanOrEqual(100);
    expect(outcome.cpuMs).toBeLessThan(100);
  });

  it("idle_limit, for a sleeper that may run longer", async () => {
    const { outcome } = await run(["/bin/sleep", "600"], limited({ idleMs: 50 }));
    expect(outcome.status).toBe("idle_limit");
    expect(outcome.wallMs).toBeGreaterThanOrEqual(50);
  });

  it("process_limit only when asked; else fork fails and is counted", async () => {
    const script = "for i in 1 2 3 4 5 6 7 8; do sleep 600 & done; exit 4";
    const stopped = await shell(script, { ...limited({ processes: 4 }), stopAtProcessLimit: true });
    expect(stopped.outcome.status).toBe("process_limit");
    expect(stopped.outcome.processLimitHits).toBeGreaterThan(0);
    const went = await shell(script, limited({ processes: 4 }));
    expect(went.outcome.status).toBe("exited");
    expect(went.outcome.processLimitHits).toBeGreaterThan(0);
  });

  it("file_limit", async () => {
    const { outcome } = await run(
      ["/bin/dd", "if=/dev/zero", "of=big", "bs=64k"],
      limited({ fileBytes: 100_000 }),
    );
    expect(outcome).toMatchObject({ status: "file_limit", signal: "SIGXFSZ", exitCode: null });
  });

  it("memory_limit, with the kernel's OOM event", async () => {
    const { outcome } = await run(
      ["/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1"],
      limited({ memoryBytes: 32 * MiB }),
    );
    expect(outcome.status).toBe("memory_limit");
    expect(outcome.memoryCause).toBe("oom");
    expect(outcome.oomKills).toBeGreaterThan(0);
  });

  it("output_limit only when asked; else the rest is counted and discarded", async () => {
    const flood = "head -c 5000000 /dev/zero; head -c 300 /dev/zero >&2";
    const discarded = await shell(flood, limited({ outputBytes: 1000 }));
    expect(discarded.outcome).toMatchObject({ status: "exited", exitCode: 0, stdoutBytes: 5_000_000 });
    expect(discarded.outcome).toMatchObject({ stdoutTruncated: true, stderrTruncated: false });
    expect(discarded.stdout).toHaveLength(1000);
    expect(discarded.stderr).toHaveLength(300);

    const stopped = await run(["/bin/cat", "/dev/zero"], {
      ...limited({ outputBytes: 1000 }),
      onOutputLimit: "stop",
    });
    expect(stopped.outcome).toMatchObject({ status: "output_limit", stdoutTruncated: true });
    expect(stopped.stdout).toHaveLength(1000);
  });

  it("with what it wrote before it was stopped", async () => {
    const { outcome, stdout, stderr } = await shell(
      "echo out; echo wrong >&2; exec sleep 600",
      limited({ wallMs: 200 }),
    );
    expect(outcome.status).toBe("wall_limit");
    expect([String(stdout), String(stderr)]).toEqual(["out\n", "wrong\n"]);
  });

  it("start_failed, with the reason", async () => {
    const missing = await run(["/bin/there-is-none"]);
    expect(missing.outcome).toMatchObject({ status: "start_failed", exitCode: null });
    expect(missing.outcome.message).toMatch(/there-is-none/);
    const content = Buffer.from("#!/bin/sh\nexit 0\n");
    const forbidden = await run(["/w/plain"], { files: [{ path: "plain", mode: 0o644, content }] });
    expect(forbidden.outcome.status).toBe("start_failed");
  });

  it("cancelled, when its asker withdraws", async () => {
    const abort = new AbortController();
    const seconds = `600.${randomBytes(4).readUInt32LE()}`;
    const running = box.get().sandbox.run(box.get().spec(["/bin/sleep", seconds]), { signal: abort.signal });
    const sleepers = () => findProcesses(({ commandLine }) => commandLine.endsWith(seconds));
    await untilTrue(async () => (await sleepers()).length > 0, "the program runs");
    abort.abort();
    expect((await running).outcome.status).toBe("cancelled");
    expect(await sleepers()).toEqual([]);
  });

  it("leaves no process of the tree behind", async () => {
    const seconds = `600.${randomBytes(4).readUInt32LE()}`;
    const { outcome } = await shell(`for i in 1 2 3; do sleep ${seconds} & done; exit 0`);
    expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
    expect(outcome.processesPeak).toBeGreaterThanOrEqual(4);
    expect(await findProcesses(({ commandLine }) => commandLine.includes(seconds))).toEqual([]);
  });

  it("survives a fork bomb, which meets the process limit", async () => {
    const { outcome } = await shell("bomb() { bomb | bomb & }; bomb; sleep 600", {
      ...limited({ processes: 16, wallMs: 300 }),
    });
    expect(outcome.processLimitHits).toBeGreaterThan(0);
    expect(outcome.processesPeak).toBeLessThanOrEqual(16);
  });
});

describe.skipIf(box.skip)(`a refused system call ${box.skip ?? ""}`, () => {
  it("is evidence when the program takes the no", async () => {
    const { outcome, stdout } = await mounter("2");
    expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
    expect(outcome.refusedSyscalls).toEqual([{ name: "mount", count: 2 }]);
    expect(String(stdout)).toBe("EPERM\n");
  });

  it("ends a program that insists", async () => {
    const { outcome } = await mounter("0");
    expect(outcome.status).toBe("refused_syscall");
    expect(outcome.refusedSyscalls).toMatchObject([{ name: "mount" }]);
  });
});

describe.skipIf(box.skip)(`what goes into a run ${box.skip ?? ""}`, () => {
  it("is its descriptors, as many as were asked for", async () => {
    const report = await shell("echo to five >&5; cat <&3; echo both; echo both >&2; : >&4", {
      fds: [
        { kind: "null" },
        { kind: "capture", maxBytes: 100, onLimit: "discard" },
        { kind: "same", fd: 1 },
        { kind: "content", content: Buffer.from("three\n") },
        { kind: "null" },
        { kind: "capture", maxBytes: 3, onLimit: "discard" },
      ],
    });
    expect(report.outcome).toMatchObject({ status: "exited", exitCode: 0, stdoutBytes: 16, stderrBytes: 16 });
    expect(report.fds.map(({ total, content }) => [total, String(content)])).toEqual([
      [0, ""],
      [16, "three\nboth\nboth\n"],
      [16, "three\nboth\nboth\n"],
      [0, ""],
      [0, ""],
      [8, "to "],
    ]);
    const beyond = await shell(": >&6", { fds: report.fds.map(() => ({ kind: "null" })) });
    expect(beyond.outcome).toMatchObject({ status: "exited", exitCode: 2 });
  });

  it("is the processors that it may use", async () => {
    const { stdout } = await run(["/bin/cat", "/proc/self/status"], { cpus: [0] });
    expect(String(stdout)).toMatch(/^Cpus_allowed_list:\t0$/mu);
  });

  it("is its arguments and its whole environment", async () => {
    const { stdout } = await run(["env"], { env: { PATH: "/usr/bin:/bin", ÄÖ: "a=b c\n" } });
    expect(String(stdout)).toBe("PATH=/usr/bin:/bin\nÄÖ=a=b c\n\n");
    const echoed = await run(["/bin/echo", "-n", "", "a b", "*", "ü"]);
    expect(String(echoed.stdout)).toBe(" a b * ü");
  });

  it("is 16 MiB of stdin, which come out again", async () => {
    const stdin = randomBytes(16 * MiB);
    const { outcome, stdout } = await run(["/bin/cat"], { ...limited({ outputBytes: 16 * MiB }), stdin });
    expect(outcome).toMatchObject({ status: "exited", stdoutTruncated: false });
    expect(stdin.equals(stdout)).toBe(true);
  });

  it("is stdin that the program need not read", async () => {
    const { outcome } = await run(["/bin/true"], { stdin: Buffer.alloc(4 * MiB) });
    expect(outcome).toMatchObject({ status: "exited", exitCode: 0 });
  });

  it("ends at once when stdin is empty", async () => {
    expect((await run(["/bin/cat"])).outcome).toMatchObject({
      status: "exited",
      exitCode: 0,
      stdoutBytes: 0,
    });
  });

  it("is refused with a code when it can't be", async () => {
    await expect(run(["/bin/true"], { image: "0".repeat(64) })).rejects.toMatchObject({
      code: "unknown_image",
    });
    await expect(run(["/bin/true"], limited({ stackBytes: 1 }))).rejects.toMatchObject({
      code: "out_of_range",
    });
    expect((await run(["/bin/true"])).outcome.exitCode).toBe(0);
  });
});
