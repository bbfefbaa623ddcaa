import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { SandboxError } from "./error.ts";
import type { BoxFd } from "./fd.ts";
import { errorOf, hello, onAsked, outcomeOf, peer } from "./testing/peer.ts";
import type { Asked, Peer } from "./testing/peer.ts";
import { connectSandbox } from "./pool.ts";
import { plainSpec } from "./testing/spec.ts";
import type { RunSpec } from "./spec.ts";
import { frame, u16, u32, u8 } from "./testing/bytes.ts";

const KiB = 1024;

/** Slots that answer as the test says. */
interface Slots extends Peer {
  /** In the order in which it came. */
  readonly asked: readonly Asked[];
  /** Resolves with the next run that a slot is asked for. */
  nextRun(): Promise<{ readonly socket: Socket; readonly runId: number }>;
  /** Resolves when a frame of this type has come. */
  came(type: number): Promise<Asked>;
}

type Run = Awaited<ReturnType<Slots["nextRun"]>>;

async function slotsOf(count: number): Promise<Slots> {
  const asked: Asked[] = [];
  const runs: Run[] = [];
  const watchers = new Set<() => void>();
  const until = async <Found>(find: () => Found | undefined): Promise<Found> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => watchers.add(resolve));
    }
  };
  const served = await peer((socket, slot) => {
    socket.write(hello(slot, count));
    onAsked(socket, (one) => {
      asked.push(one);
      if (one.type === 2) runs.push({ socket, runId: one.runId });
      for (const wake of watchers) wake();
      watchers.clear();
    });
  }, count);
  return {
    ...served,
    asked,
    nextRun: () => until(() => runs.shift()),
    came: (type) => until(() => asked.find((one) => one.type === type)),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

const input: BoxFd = { kind: "input" };
const output: BoxFd = { kind: "output", maxBytes: null, onLimit: "discard" };
const terminal: BoxFd = { kind: "terminal", rows: 24, columns: 80, maxBytes: null, onLimit: "discard" };
const withFds = (...fds: BoxFd[]): RunSpec => ({ ...plainSpec, fds });
const outputOf = (runId: number, fd: number, text: string): Buffer =>
  frame(u8(133), u32(runId), u8(fd), Buffer.from(text));
const held = (runId: number): Buffer => frame(u8(135), u32(runId));
const fds = (count: number) => ({ fds: Array.from({ length: count }, () => ({ total: 0, content: "" })) });
const none = { signal: null };

/** What the promise is rejected with, watched from now on. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => (error instanceof SandboxError ? error.code : error),
  );

describe("a run that is opened", () => {
  it("gives output as it comes, all of it before its end", async () => {
    await using slots = await slotsOf(1);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    await using live = await sandbox.open(withFds(input, output, output), none);
    const { socket, runId } = await slots.nextRun();
    const chunks = live.output(1)[Symbol.asyncIterator]();
    socket.write(outputOf(runId, 1, "first"));
    expect(String((await chunks.next()).value)).toBe("first");
    socket.write(
      Buffer.concat([outputOf(runId, 1, "second"), outputOf(runId, 2, "wrong"), outcomeOf(runId, fds(3))]),
    );
    expect((await live.report).outcome.status).toBe("exited");
    expect(String((await chunks.next()).value)).toBe("second");
    expect((await chunks.next()).done).toBe(true);
    const late: string[] = [];
    for await (const chunk of live.output(2)) late.push(String(chunk));
    expect(late).toEqual(["wrong"]);
  });

  it("tells the slot what it is told", async () => {
    await using slots = await slotsOf(1);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    await using live = await sandbox.open(withFds(terminal, { kind: "same", fd: 0 }), none);
    const { socket, runId } = await slots.nextRun();
    await live.write(0, Buffer.from("ls\n"));
    live.resize(0, { rows: 50, columns: 132, x: 0, y: 0 });
    live.signal("SIGTERM");
    live.end(0);
    live.cancel();
    live.cancel();
    await slots.came(3);
    socket.write(outcomeOf(runId, { status: 11, ...fds(2) }));
    expect((await live.report).outcome.status).toBe("cancelled");
    expect(slots.asked.slice(1).map(({ payload }) => payload)).toEqual([
      Buffer.concat([u8(5), u32(runId), u8(0), Buffer.from("ls\n")]),
      Buffer.concat([u8(6), u32(runId), u8(0), u16(50), u16(132), u32(0)]),
      Buffer.concat([u8(7), u32(runId), u8(15)]),
      Buffer.concat([u8(5), u32(runId), u8(0), u8(4)]),
      Buffer.concat([u8(3), u32(runId)]),
    ]);
  });

  it("says nothing to a slot that may run another by now", async () => {
    await using slots = await slotsOf(1);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const live = await sandbox.open(withFds(terminal), none);
    const { socket, runId } = await slots.nextRun();
    socket.write(outcomeOf(runId, fds(1)));
    await live.report;
    await live.write(0, Buffer.alloc(1024 * KiB));
    live.resize(0, { rows: 1, columns: 1, x: 0, y: 0 });
    live.signal("SIGTERM");
    live.cancel();
    live.end(0);
    const next = sandbox.run(plainSpec, none);
    const second = await slots.nextRun();
    second.socket.write(outcomeOf(second.runId));
    await next;
    expect(slots.asked.map(({ type }) => type)).toEqual([2, 2]);
  });

  it("refuses what its descriptors can't do", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const live = await sandbox.open(withFds(input, output), none);
    const size = { rows: 1, columns: 1, x: 0, y: 0 };
    await expect(live.write(1, Buffer.alloc(1))).rejects.toMatchObject({ code: "out_of_range" });
    for (const attempt of [
      () => live.end(1),
      () => live.output(0),
      () => live.discard(7),
      () => live.resize(0, size),
      () => live.signal("SIGNONE" as NodeJS.Signals),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: "out_of_range" }));
    }
    const screen = await sandbox.open(withFds(terminal), none);
    for (const bad of [
      { ...size, rows: 0 },
      { ...size, columns: 4097 },
      { ...size, x: 65_536 },
    ]) {
      expect(() => screen.resize(0, bad)).toThrow(expect.objectContaining({ code: "out_of_range" }));
    }
  });

  it("fails everything that waits when sandboxd is lost", async () => {
    await using slots = await slotsOf(1);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory, patienceMs: 0 });
    const live = await sandbox.open(withFds(input, output), none);
    const { socket, runId } = await slots.nextRun();
    await live.write(0, Buffer.alloc(256 * KiB));
    const lost = { code: "unavailable" };
    const waiting = codeOf(live.write(0, Buffer.alloc(1)));
    const chunks = live.output(1)[Symbol.asyncIterator]();
    const first = chunks.next();
    socket.write(outputOf(runId, 1, "last words"));
    socket.end();
    expect(String((await first).value)).toBe("last words");
    await expect(chunks.next()).rejects.toMatchObject(lost);
    expect(await waiting).toBe("unavailable");
    await expect(live.report).rejects.toMatchObject(lost);
  });

  it("is cancelled by its signal, and by who leaves it", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const abort = new AbortController();
    const first = await sandbox.open(withFds(output), { signal: abort.signal });
    const second = await sandbox.open(withFds(output), none);
    const runs = [await slots.nextRun(), await slots.nextRun()];
    abort.abort();
    const left = second[Symbol.asyncDispose]();
    await slots.came(3);
    for (const { socket, runId } of runs) socket.write(outcomeOf(runId, { status: 11, ...fds(1) }));
    await left;
    expect((await first.report).outcome.status).toBe("cancelled");
    expect((await second.report).outcome.status).toBe("cancelled");
  });
});

/** The names in a run's descriptors when these are a reading and a writing end. */
const pipesOf = (run: Asked | undefined): string[] => {
  const payload = run?.payload ?? Buffer.alloc(0);
  const at = payload.lastIndexOf(Buffer.from([2, 6])) + 2;
  return [payload.toString("hex", at, at + 16), payload.toString("hex", at + 17, at + 33)];
};

describe("a session", () => {
  const asker = withFds({ kind: "pipe-read", pipe: 1 }, { kind: "pipe-write", pipe: 2, recordBytes: 5 });
  const answerer = withFds({ kind: "pipe-read", pipe: 2 }, { kind: "pipe-write", pipe: 1, recordBytes: 0 });

  it("starts nobody before everybody is ready", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const session = sandbox.session([asker, answerer], none);
    const runs = [await slots.nextRun(), await slots.nextRun()];
    for (const { socket, runId } of runs) {
      expect(slots.asked.some(({ type }) => type === 9)).toBe(false);
      socket.write(held(runId));
    }
    const lives = await session;
    await slots.came(9);
    for (const { socket, runId } of runs) socket.write(outcomeOf(runId, fds(2)));
    await Promise.all(lives.map(({ report }) => report));
    expect(slots.asked.map(({ type }) => type)).toEqual([2, 2, 9, 9]);
    const [first, second] = slots.asked;
    // Each names the same two pipes, one to read and the other to write.
    expect(pipesOf(first)).toEqual(pipesOf(second).toReversed());
    expect(new Set(pipesOf(first)).size).toBe(2);
  });

  it("that one slot refuses is cancelled in the others", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const session = sandbox.session([asker, answerer], none);
    const refusal = codeOf(session);
    const [first, second] = [await slots.nextRun(), await slots.nextRun()];
    first.socket.write(held(first.runId));
    second.socket.write(errorOf(second.runId, 3, "none"));
    const cancelled = await slots.came(3);
    expect(cancelled.runId).toBe(first.runId);
    first.socket.write(outcomeOf(first.runId, { status: 11, ...fds(2) }));
    expect(await refusal).toBe("unknown_image");
    expect(slots.asked.some(({ type }) => type === 9)).toBe(false);
  });

  it("of which one is over before it began does not start the others", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const session = sandbox.session([asker, answerer], none);
    const [first, second] = [await slots.nextRun(), await slots.nextRun()];
    first.socket.write(outcomeOf(first.runId, { status: 12, ...fds(2) }));
    second.socket.write(held(second.runId));
    await slots.came(3);
    second.socket.write(outcomeOf(second.runId, { status: 11, ...fds(2) }));
    const reports = await Promise.all((await session).map(({ report }) => report));
    expect(reports.map(({ outcome }) => outcome.status)).toEqual(["platform", "cancelled"]);
    expect(slots.asked.some(({ type }) => type === 9)).toBe(false);
  });

  it("leaves no slot taken when a connection is lost", async () => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    const session = sandbox.session([asker, answerer], none);
    const refusal = codeOf(session);
    const [first, second] = [await slots.nextRun(), await slots.nextRun()];
    first.socket.destroy();
    await slots.came(3);
    second.socket.write(outcomeOf(second.runId, { status: 11, ...fds(2) }));
    expect(await refusal).toBe("unavailable");
    const again = Promise.all([sandbox.run(plainSpec, none), sandbox.run(plainSpec, none)]);
    for (const _ of [1, 2]) {
      const { socket, runId } = await slots.nextRun();
      socket.write(outcomeOf(runId));
    }
    expect((await again).map(({ outcome }) => outcome.exitCode)).toEqual([0, 0]);
  });

  it.each<[string, RunSpec[]]>([
    ["more programs than slots", [plainSpec, plainSpec, plainSpec]],
    ["a pipe that nobody writes", [withFds({ kind: "pipe-read", pipe: 1 }), plainSpec]],
    ["a pipe that nobody reads", [asker, withFds({ kind: "pipe-write", pipe: 1, recordBytes: 0 })]],
    ["a pipe with two readers", [asker, withFds(...answerer.fds, { kind: "pipe-read", pipe: 1 })]],
    [
      "a program that talks to itself",
      [withFds({ kind: "pipe-read", pipe: 1 }, { kind: "pipe-write", pipe: 1, recordBytes: 0 })],
    ],
  ])("is refused with %s", async (_what, specs) => {
    await using slots = await slotsOf(2);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    await expect(sandbox.session(specs, none)).rejects.toMatchObject({ code: "out_of_range" });
    expect(slots.asked).toEqual([]);
  });

  it("may be of nobody", async () => {
    await using slots = await slotsOf(1);
    await using sandbox = await connectSandbox({ runDirectory: slots.directory });
    expect(await sandbox.session([], none)).toEqual([]);
    const next = sandbox.run(plainSpec, none);
    const { socket, runId } = await slots.nextRun();
    socket.write(outcomeOf(runId));
    expect((await next).outcome.exitCode).toBe(0);
  });
});
