import { defaultRunLimits } from "@assay/contracts";
import type { Limits, SandboxDriver } from "@assay/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captured, standardStreams } from "../../fd.ts";
import type { RunReport, RunSpec, Sandbox } from "../../spec.ts";
import { openMachine } from "./machine.ts";
import type { ReachableMachine } from "./machine.ts";
import { deviations } from "../deviations.ts";

const MiB = 1024 * 1024;

/** What a driver is tested with. */
export interface Subject {
  readonly sandbox: Sandbox;
  /** Has Python. */
  readonly image: string;
}

type Argv = readonly [string, ...string[]];

const python = (text: string, ...args: string[]): Argv => ["python3", "-B", "-c", text, ...args];

/** Python, because it is the only language that every driver has. */
const programs = {
  exit: (code: number) =>
    python(`import sys; print("out"); print("wrong", file=sys.stderr); sys.exit(${code})`),
  copy: python("import sys; sys.stdout.write(sys.stdin.read())"),
  spin: python("while True: pass"),
  sleep: python('import time; print("up", flush=True); time.sleep(600)'),
  hoard: python("hoard = []\nwhile True: hoard.append(bytearray(1 << 20))"),
  flood: python('import sys\nwhile True: sys.stdout.write("x" * 1000)'),
  fill: python(
    `import signal
if hasattr(signal, "SIGXFSZ"): signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
try:
    with open("full", "wb", buffering=0) as file:
        for _ in range(64): file.write(bytes(1 << 16))
except OSError: print("no")`,
  ),
  files: python('print(open("given").read(), end=""); open("made", "w").write("x")'),
  makeAndSleep: python('import time; open("made", "w").write("x"); time.sleep(600)'),
  kill: python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
  fork: python(
    `import os, time
while True:
    try:
        if os.fork() == 0: time.sleep(600)
    except BlockingIOError: os._exit(1)`,
  ),
  threads: python(
    "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(1,)).start()",
  ),
  read: (path: string) => python("import sys; open(sys.argv[1]).read()", path),
  connect: (port: number) => python(`import socket; socket.create_connection(("127.0.0.1", ${port}), 5)`),
};

const limited = (limits: Partial<Limits>) => ({ limits: { ...defaultRunLimits, ...limits } });

const collect = (...paths: string[]): Pick<RunSpec, "collect"> => ({
  collect: { paths, maxBytes: 1000, maxBytesEach: null, truncate: false },
});

/**
 * What every driver of the sandbox does alike. A deviation is expected to fail: one that is none any
 * more is found too.
 */
export function describeDriver(
  driver: SandboxDriver,
  {
    skip,
    subject,
  }: {
    /** Why there is no such driver here; null = there is. */
    readonly skip: string | null;
    readonly subject: () => Subject;
  },
): void {
  const run = (
    argv: Argv,
    change: Partial<RunSpec> & { stdin?: string; stop?: boolean } = {},
  ): Promise<RunReport> => subject().sandbox.run(specOf(subject(), argv, change), { signal: null });
  const behaviour = (name: string, test: () => Promise<void>): void => {
    const deviation = deviations[driver].find((one) => one.behaviour === name);
    // oxlint-disable-next-line vitest/no-conditional-tests, vitest/valid-title, vitest/expect-expect
    if (deviation === undefined) it(name, test);
    // oxlint-disable-next-line vitest/no-conditional-tests, vitest/expect-expect
    else it.fails(`${name} (deviation: ${deviation.instead})`, test);
  };

  describe.skipIf(skip)(`the ${driver} driver ${skip ?? ""}`, () => {
    let machine: ReachableMachine;
    beforeAll(async () => {
      machine = await openMachine();
    });
    afterAll(() => machine[Symbol.asyncDispose]());

    behaviour("exits with output, usage, and its name", async () => {
      const report = await run(programs.exit(3));
      expect(report.outcome).toMatchObject({ status: "exited", exitCode: 3, signal: null, driver });
      expect(report.outcome).toMatchObject({ stdoutBytes: 4, stderrBytes: 6, stdoutTruncated: false });
      expect([String(captured(report, 1)), String(captured(report, 2))]).toEqual(["out\n", "wrong\n"]);
      expect(report.outcome.wallMs).toBeGreaterThan(0);
      expect(report.outcome.setupMs).toBeGreaterThan(0);
      expect(report.outcome.isolation).toEqual(subject().sandbox.isolation);
    });
    behaviour("tells exit code 139 from a signal", async () => {
      expect((await run(programs.exit(139))).outcome).toMatchObject({ status: "exited", exitCode: 139 });
    });
    behaviour("ends by a signal", async () => {
      expect((await run(programs.kill)).outcome).toMatchObject({ status: "signalled", signal: "SIGSEGV" });
    });
    behaviour("gives standard input to its end", async () => {
      const report = await run(programs.copy, { stdin: "a\nb" });
      expect(String(captured(report, 1))).toBe("a\nb");
      expect((await run(programs.copy)).outcome).toMatchObject({ exitCode: 0, stdoutBytes: 0 });
    });
    behaviour("stops a program at its CPU limit", async () => {
      const { outcome } = await run(programs.spin, limited({ cpuMs: 300 }));
      expect(outcome).toMatchObject({ status: "cpu_limit", exitCode: null });
      expect(outcome.cpuMs).toBeGreaterThanOrEqual(300);
    });
    behaviour("stops a program at its wall limit, with what it wrote", async () => {
      const report = await run(programs.sleep, limited({ wallMs: 1500 }));
      expect(report.outcome.status).toBe("wall_limit");
      expect(String(captured(report, 1))).toBe("up\n");
    });
    behaviour("stops a program at its memory limit", async () => {
      const { outcome } = await run(programs.hoard, limited({ memoryBytes: 64 * MiB }));
      expect(outcome.status).toBe("memory_limit");
      expect(outcome.memoryCause).not.toBeNull();
    });
    behaviour("counts and discards output beyond the limit, or stops the program", async () => {
      const stopped = await run(programs.flood, { ...limited({ outputBytes: 1000 }), stop: true });
      expect(stopped.outcome).toMatchObject({ status: "output_limit", stdoutTruncated: true });
      expect(captured(stopped, 1)).toHaveLength(1000);
      const went = await run(programs.flood, limited({ outputBytes: 1000, cpuMs: 500 }));
      expect(went.outcome).toMatchObject({ status: "cpu_limit", stdoutTruncated: true });
      expect(captured(went, 1)).toHaveLength(1000);
    });
    behaviour("stops a program at the process limit", async () => {
      const { outcome } = await run(programs.fork, limited({ processes: 8 }));
      expect(outcome).toMatchObject({ status: "process_limit" });
      expect(outcome.processLimitHits).toBeGreaterThan(0);
    });
    behaviour("counts threads as processes", async () => {
      const { outcome } = await run(programs.threads);
      expect(outcome.processesPeak).toBeGreaterThan(20);
    });
    behaviour("keeps the work directory within the disk limit", async () => {
      const report = await run(programs.fill, limited({ diskBytes: MiB }));
      expect(String(captured(report, 1))).toBe("no\n");
      expect(report.outcome.fileBytes).toBeLessThanOrEqual(MiB);
    });
    behaviour("says that a file passed its largest size", async () => {
      const { outcome } = await run(programs.fill, limited({ fileBytes: 1000 }));
      expect(outcome.status).toBe("file_limit");
    });
    behaviour("gives files, keeps artifacts, and returns what is asked for", async () => {
      const files = [
        { path: "given", mode: 0o644, content: Buffer.from("hello") },
        { path: "sub/link", target: "/etc/passwd" },
      ];
      const first = await run(programs.files, {
        files,
        keep: { maxBytes: 1000 },
        ...collect("made", "sub", "sub/link", "none"),
      });
      expect(String(captured(first, 1))).toBe("hello");
      const found = first.collected.map(({ path, state, content }) => [path, state, String(content)]);
      expect(found).toEqual([
        ["made", "ok", "x"],
        ["sub", "not_regular", ""],
        ["sub/link", "link", ""],
        ["none", "missing", ""],
      ]);
      expect(first.artifact).toMatchObject({ bytes: 6, skipped: 1 });
      const base = first.artifact?.id ?? null;
      const second = await run(programs.files, { base, ...collect("made") });
      expect([String(captured(second, 1)), second.artifact]).toEqual(["hello", null]);
      const third = await run(programs.files, { base, keep: { maxBytes: 2 } });
      expect([third.artifact, third.keepRefused]).toEqual([null, expect.stringMatching(/\d/)]);
      expect(await subject().sandbox.forget("all")).toBe(1);
      await expect(run(programs.files, { base })).rejects.toMatchObject({ code: "unknown_artifact" });
    });
    behaviour("returns files of a program that was stopped", async () => {
      const report = await run(programs.makeAndSleep, { ...limited({ wallMs: 1500 }), ...collect("made") });
      expect(report.collected).toMatchObject([{ path: "made", state: "ok" }]);
    });
    behaviour("refuses files that can't be", async () => {
      const content = Buffer.from("x");
      for (const path of ["../x", "/x", "a//b"])
        await expect(run(programs.copy, { files: [{ path, mode: 0o644, content }] })).rejects.toMatchObject({
          code: "bad_path",
        });
      const image = "0".repeat(64);
      await expect(run(programs.copy, { image })).rejects.toMatchObject({ code: "unknown_image" });
    });
    behaviour("says why a program can't start", async () => {
      const { outcome } = await run(["/w/missing"]);
      expect(outcome).toMatchObject({ status: "start_failed", message: expect.stringMatching(/missing/) });
    });
    behaviour("is cancelled while it runs, and while it waits", async () => {
      const cancel = new AbortController();
      const runs = Array.from({ length: subject().sandbox.slots + 1 }, () =>
        subject().sandbox.run(specOf(subject(), programs.sleep, {}), { signal: cancel.signal }),
      );
      cancel.abort(new Error("withdrawn"));
      const ends = await Promise.all(runs.map((run) => run.then((report) => report.outcome.status, String)));
      expect(ends.every((end) => end === "cancelled" || end === "Error: withdrawn")).toBe(true);
      expect(ends.at(-1)).toBe("Error: withdrawn");
    });
    behaviour("shows nothing of the machine: no file, no port", async () => {
      expect((await run(programs.read(machine.file))).outcome).toMatchObject({ status: "exited" });
      expect((await run(programs.read(machine.file))).outcome.exitCode).not.toBe(0);
      expect((await run(programs.connect(machine.port))).outcome.exitCode).not.toBe(0);
    });
    behaviour("opens streams", async () => {
      const spec = specOf(subject(), programs.copy, {});
      await using live = await subject().sandbox.open(
        { ...spec, fds: [{ kind: "input" }, { kind: "output", maxBytes: null, onLimit: "discard" }] },
        { signal: null },
      );
      live.end(0);
      expect((await live.report).outcome.exitCode).toBe(0);
    });
  });
}

function specOf(
  { image }: Subject,
  argv: Argv,
  { stdin = "", stop = false, ...change }: Partial<RunSpec> & { stdin?: string; stop?: boolean },
): RunSpec {
  const limits = change.limits ?? defaultRunLimits;
  const onOutputLimit = stop ? "stop" : "discard";
  return {
    image,
    argv,
    env: { PATH: "/usr/bin:/bin", HOME: "/w" },
    limits,
    fds: standardStreams({ stdin: Buffer.from(stdin), outputBytes: limits.outputBytes, onOutputLimit }),
    base: null,
    files: [],
    keep: null,
    collect: null,
    cpus: null,
    cpuRate: null,
    stopAtProcessLimit: true,
    ...change,
  };
}
