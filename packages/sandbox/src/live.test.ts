import { availableParallelism } from "node:os";
import { defaultRunLimits } from "@assay/contracts";
import type { Limits } from "@assay/contracts";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { captured } from "./fd.ts";
import type { BoxFd, LiveRun, RunReport, RunSpec } from "./spec.ts";

const box = await sandboxOrSkip({ slots: 3 });
afterAll(() => box[Symbol.asyncDispose]());

const KiB = 1024;
const MiB = 1024 * KiB;
const WINDOW = 256 * KiB;
const PIPE = 64 * KiB;
const none = { signal: null };

const input: BoxFd = { kind: "input" };
const output: BoxFd = { kind: "output", maxBytes: null, onLimit: "discard" };
const terminal: BoxFd = { kind: "terminal", rows: 24, columns: 80, maxBytes: null, onLimit: "discard" };
const captures: BoxFd = { kind: "capture", maxBytes: 64 * KiB, onLimit: "discard" };

const capped = (onLimit: "stop" | "discard"): BoxFd => ({ kind: "output", maxBytes: 2000, onLimit });

const shell = (script: string, fds: readonly BoxFd[], limits: Partial<Limits> = {}): RunSpec =>
  box.get().spec(["/bin/sh", "-c", script], { fds, limits: { ...defaultRunLimits, ...limits } });
const open = (...spec: Parameters<typeof shell>): Promise<LiveRun> =>
  box.get().sandbox.open(shell(...spec), none);

/** Reads an output as text, up to and with what is waited for. */
class Reader {
  #chunks: AsyncIterator<Uint8Array>;
  #text = "";

  constructor(live: LiveRun, fd: number) {
    this.#chunks = live.output(fd)[Symbol.asyncIterator]();
  }

  async until(end: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(end);
      if (at >= 0) {
        const found = this.#text.slice(0, at + end.length);
        this.#text = this.#text.slice(at + end.length);
        return found;
      }
      const { value, done } = await this.#chunks.next();
      if (done) throw new Error(`the output ended with ${JSON.stringify(this.#text)}`);
      this.#text += String(value);
    }
  }

  async rest(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#chunks.next();
      if (done) return this.#text;
      this.#text += String(value);
    }
  }
}

describe.skipIf(box.skip)(`a program with streams ${box.skip ?? ""}`, () => {
  it("is talked to while it runs", async () => {
    await using live = await open('while read line; do echo "got $line"; done; echo end >&2', [
      input,
      output,
      output,
    ]);
    const lines = new Reader(live, 1);
    for (const word of ["one", "two", "three"]) {
      await live.write(0, Buffer.from(`${word}\n`));
      expect(await lines.until("\n")).toBe(`got ${word}\n`);
    }
    live.end(0);
    expect(await new Reader(live, 2).rest()).toBe("end\n");
    const { outcome, fds } = await live.report;
    expect(outcome).toMatchObject({ status: "exited", exitCode: 0, stdoutBytes: 26, stderrBytes: 4 });
    expect(fds.map(({ total }) => total)).toEqual([14, 26, 4]);
  });

  it("waits when nobody takes what it writes, and loses nothing", async () => {
    const endless = "exec dd if=/dev/zero bs=4k";
    await using live = await open(endless, [{ kind: "null" }, output], { idleMs: 200 });
    const { outcome, fds } = await live.report;
    expect(outcome.status).toBe("idle_limit");
    expect(fds[1]?.total).toBeGreaterThanOrEqual(WINDOW);
    expect(fds[1]?.total).toBeLessThanOrEqual(WINDOW + PIPE);
    let read = 0;
    for await (const chunk of live.output(1)) read += chunk.byteLength;
    expect(read).toBe(fds[1]?.total);
  });

  it("goes on when somebody does", async () => {
    await using live = await open("exec dd if=/dev/zero bs=64k count=160", [{ kind: "null" }, output]);
    let read = 0;
    for await (const chunk of live.output(1)) {
      // A slow consumer: other work gets its turns before the next chunk is asked for.
      await new Promise(setImmediate);
      read += chunk.byteLength;
    }
    expect(read).toBe(10 * MiB);
    expect((await live.report).outcome).toMatchObject({ exitCode: 0, stdoutBytes: 10 * MiB });
  });

  it("never waits for an output that is discarded", async () => {
    await using live = await open("dd if=/dev/zero bs=64k count=160; echo done >&2", [
      { kind: "null" },
      output,
      captures,
    ]);
    live.discard(1);
    const report = await live.report;
    expect(report.fds[1]?.total).toBe(10 * MiB);
    expect(String(captured(report, 2))).toMatch(/done\n$/);
  });

  it("takes input as fast as it reads, however much it is", async () => {
    await using live = await open("exec wc -c", [input, captures]);
    for (let piece = 0; piece < 20; piece += 1) await live.write(0, Buffer.alloc(512 * KiB));
    live.end(0);
    expect(String(captured(await live.report, 1))).toBe(`${10 * MiB}\n`);
  });

  it("holds up who writes what it does not read, and lets go when it ends", async () => {
    await using live = await open("exec sleep 600", [input], { idleMs: 200 });
    await live.write(0, Buffer.alloc(WINDOW));
    await live.write(0, Buffer.alloc(MiB));
    const { outcome, fds } = await live.report;
    expect(outcome.status).toBe("idle_limit");
    expect(fds[0]?.total).toBeLessThanOrEqual(PIPE);
  });

  it("may close its input early", async () => {
    await using live = await open("exec <&-; echo closed; read line <&1", [input, output]);
    expect(await new Reader(live, 1).until("\n")).toBe("closed\n");
    await live.write(0, Buffer.alloc(2 * MiB));
    live.end(0);
    expect((await live.report).outcome.status).toBe("exited");
  });

  it("is stopped at the cap of an output, or goes on without it", async () => {
    const flood = "dd if=/dev/zero bs=1k count=1000 2>/dev/null; echo end >&2";
    await using stopped = await open(flood, [{ kind: "null" }, capped("stop"), captures]);
    expect(await new Reader(stopped, 1).rest()).toHaveLength(2000);
    expect((await stopped.report).outcome).toMatchObject({ status: "output_limit", stdoutTruncated: true });
    await using went = await open(flood, [{ kind: "null" }, capped("discard"), captures]);
    expect(await new Reader(went, 1).rest()).toHaveLength(2000);
    const { outcome } = await went.report;
    expect(outcome).toMatchObject({ status: "exited", stdoutBytes: 1_024_000, stdoutTruncated: true });
  });

  it("keeps what was written before it was cancelled", async () => {
    const live = await open("echo before; exec sleep 600", [{ kind: "null" }, output, captures]);
    const lines = new Reader(live, 1);
    await lines.until("before\n");
    await live[Symbol.asyncDispose]();
    expect((await live.report).outcome).toMatchObject({ status: "cancelled", stdoutBytes: 7 });
    expect(await lines.rest()).toBe("");
  });

  it("gets signals", async () => {
    await using live = await open("trap 'echo caught; exit 3' USR1; echo ready; sleep 600 & wait", [
      { kind: "null" },
      output,
    ]);
    const lines = new Reader(live, 1);
    await lines.until("ready\n");
    live.signal("SIGUSR1");
    expect(await lines.rest()).toBe("caught\n");
    expect((await live.report).outcome).toMatchObject({ status: "exited", exitCode: 3 });
  });
});

describe.skipIf(box.skip)(`a program with a terminal ${box.skip ?? ""}`, () => {
  const onTerminal: readonly BoxFd[] = [terminal, { kind: "same", fd: 0 }, { kind: "same", fd: 0 }];

  it("has a real one, of the size that was asked for", async () => {
    await using live = await open(
      "[ -t 0 ] && [ -t 1 ] && stty size && stty -a </dev/tty >/dev/null",
      onTerminal,
    );
    expect(await new Reader(live, 0).rest()).toBe("24 80\r\n");
    expect((await live.report).outcome).toMatchObject({ status: "exited", exitCode: 0, stdoutBytes: 7 });
  });

  it("sees its own typing, and hears of a new size", async () => {
    const script = "trap 'stty size; exit 0' WINCH; read line; echo \"<$line>\"; sleep 600 & wait";
    await using live = await open(script, onTerminal);
    const screen = new Reader(live, 0);
    await live.write(0, Buffer.from("typed\n"));
    expect(await screen.until("<typed>\r\n")).toBe("typed\r\n<typed>\r\n");
    live.resize(0, { rows: 50, columns: 132, x: 0, y: 0 });
    expect(await screen.rest()).toBe("50 132\r\n");
    expect((await live.report).outcome.exitCode).toBe(0);
  });

  it("is interrupted by Ctrl-C, and ends its input by Ctrl-D more than once", async () => {
    const script = "trap 'echo interrupted; exit 7' INT; cat; cat; echo waits; sleep 600 & wait";
    await using live = await open(script, onTerminal);
    const screen = new Reader(live, 0);
    for (const line of ["one", "two"]) {
      await live.write(0, Buffer.from(`${line}\n`));
      await screen.until(`${line}\r\n${line}\r\n`);
      live.end(0);
    }
    await screen.until("waits\r\n");
    await live.write(0, Buffer.from("\u0003"));
    expect(await screen.rest()).toMatch(/interrupted\r\n$/);
    expect((await live.report).outcome).toMatchObject({ status: "exited", exitCode: 7 });
  });
});

/** Descriptors of a program that talks over two pipes. */
const talk = (recordBytes: number, reads: number, writes: number): BoxFd[] => [
  { kind: "pipe-read", pipe: reads },
  { kind: "pipe-write", pipe: writes, recordBytes },
  captures,
];
const session = (...specs: RunSpec[]): Promise<readonly LiveRun[]> => box.get().sandbox.session(specs, none);
const reportsOf = (lives: readonly LiveRun[]): Promise<RunReport[]> =>
  Promise.all(lives.map(({ report }) => report));
describe.skipIf(box.skip)(`programs that talk to each other ${box.skip ?? ""}`, () => {
  /** Guesses a number in halves; its peer says whether it is more. */
  const guesser = `low=1 high=1000
    while :; do
      middle=$(( (low + high) / 2 )); echo $middle; read answer || exit 1
      case $answer in more) low=$((middle + 1));; less) high=$((middle - 1));; *) exit 0;; esac
    done`;
  const judge = `while read guess; do
      if [ $guess -lt 700 ]; then echo more; elif [ $guess -gt 700 ]; then echo less; else echo right; exit 0; fi
    done; exit 1`;

  it.each([0, 4096])("do so over pipes, with a record of up to %i bytes", async (record) => {
    const lives = await session(shell(guesser, talk(record, 1, 2)), shell(judge, talk(record, 2, 1)));
    const [player, referee] = await reportsOf(lives);
    expect([player?.outcome.exitCode, referee?.outcome.exitCode]).toEqual([0, 0]);
    const said = [player, referee].map((report) => report && String(captured(report, 1)));
    const guesses = "500\n750\n625\n687\n718\n702\n694\n698\n700\n";
    const answers = "more\nless\nmore\nmore\nless\nless\nmore\nmore\nright\n";
    expect(said).toEqual(record === 0 ? ["", ""] : [guesses, answers]);
  });

  it("notice when one of them has gone", async () => {
    const lives = await session(
      shell("exit 3", talk(0, 1, 2)),
      shell("read line || echo lonely >&2; while echo x; do :; done", talk(0, 2, 1)),
    );
    const [gone, left] = await reportsOf(lives);
    expect(gone?.outcome).toMatchObject({ status: "exited", exitCode: 3 });
    expect(left?.outcome.status).toMatch(/^(signalled|exited)$/);
    expect(left && String(captured(left, 2))).toMatch(/^lonely\n/);
  });

  it("of which it is known who ended first, when that was why the other did", async () => {
    const follower = "read line; exit 4";
    for (let round = 0; round < 10; round++) {
      const lives = await session(shell("exit 3", talk(1, 1, 2)), shell(follower, talk(1, 2, 1)));
      const [first, second] = await reportsOf(lives);
      expect(first?.passedEndAtMs).toBeGreaterThan(0);
      expect(first?.passedEndAtMs).toBeLessThan(second?.passedEndAtMs ?? second?.endedAtMs ?? 0);
    }
    const [unrecorded] = await reportsOf(
      await session(shell("exit 3", talk(0, 1, 2)), shell(follower, talk(0, 2, 1))),
    );
    expect(unrecorded).toMatchObject({ passedEndAtMs: null, endedAtMs: expect.any(Number) });
  });

  it("are all cancelled together", async () => {
    const abort = new AbortController();
    const { sandbox } = box.get();
    // Not for each other: the first to be cancelled would end the other one.
    const waiting = "exec sleep 600";
    const lives = await sandbox.session([shell(waiting, talk(0, 1, 2)), shell(waiting, talk(100, 2, 1))], {
      signal: abort.signal,
    });
    abort.abort();
    const statuses = (await reportsOf(lives)).map(({ outcome }) => outcome.status);
    expect(statuses).toEqual(["cancelled", "cancelled"]);
  });

  it("are none when one of them is refused", async () => {
    const stranger = { ...shell(":", talk(0, 1, 2)), image: "0".repeat(64) };
    await expect(session(stranger, shell(":", talk(0, 2, 1)))).rejects.toMatchObject({
      code: "unknown_image",
    });
    expect((await box.get().sandbox.run(box.get().spec(["/bin/true"]), none)).outcome.exitCode).toBe(0);
  });

  it("share a processor", async () => {
    const where =
      "while read line; do case $line in Cpus_allowed_list*) echo $line >&2;; esac; done </proc/self/status";
    const lives = await session(
      shell(where, talk(0, 1, 2)),
      shell(where, talk(0, 2, 1)),
      shell(where, [{ kind: "null" }, { kind: "null" }, captures]),
    );
    const [first, second, alone] = (await reportsOf(lives)).map((report) => String(captured(report, 2)));
    expect(first).toMatch(/^Cpus_allowed_list: \d+\n$/);
    expect(second).toBe(first);
    expect(alone === first).toBe(availableParallelism() === 1);
  });

  it("get their slots at once, however many compete for them", async () => {
    const { sandbox, spec } = box.get();
    const pairs = Array.from({ length: 8 }, async () => {
      const lives = await session(shell(guesser, talk(0, 1, 2)), shell(judge, talk(0, 2, 1)));
      return (await reportsOf(lives)).map(({ outcome }) => outcome.exitCode);
    });
    const singles = Array.from({ length: 8 }, async () => {
      const { outcome } = await sandbox.run(spec(["/bin/true"]), none);
      return [outcome.exitCode];
    });
    const codes = (await Promise.all([...pairs, ...singles])).flat();
    expect(codes).toEqual(Array.from({ length: 24 }, () => 0));
  });
});
