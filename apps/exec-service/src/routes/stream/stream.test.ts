import { sandboxOrSkip, untilTrue } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { command, isSleeping, shell, startTestService } from "../../testing/service.ts";
import { TestSocket } from "../../testing/socket.ts";

const box = await sandboxOrSkip({ slots: 3 });
afterAll(() => box[Symbol.asyncDispose]());

const service = box.skip === null ? await startTestService(box.get()) : null;
afterAll(() => service?.[Symbol.asyncDispose]());

const json = (type: number, value: unknown): Buffer =>
  Buffer.concat([Buffer.of(type), Buffer.from(JSON.stringify(value))]);

/** A client of the stream interface. */
class Stream implements Disposable {
  readonly socket: TestSocket;
  /** What came of each descriptor, by index and fd. */
  readonly shown = new Map<string, string>();
  response: { results: Record<string, unknown>[] } | null = null;

  private constructor(socket: TestSocket) {
    this.socket = socket;
  }

  static async start(cmd: object[], more: object = {}): Promise<Stream> {
    const stream = new Stream(await TestSocket.open(service?.url ?? "", "/stream"));
    stream.socket.send(json(1, { cmd, ...more }));
    return stream;
  }

  input(text: string, index = 0, fd = 0): void {
    this.socket.send(Buffer.concat([Buffer.of(3, (index << 4) | fd), Buffer.from(text)]));
  }

  resize(rows: number, cols: number): void {
    this.socket.send(json(2, { index: 0, fd: 0, rows, cols, x: 0, y: 0 }));
  }

  /** Takes messages until a descriptor has shown the text. */
  async until(text: string, index = 0, fd = 1): Promise<void> {
    const isShown = (): boolean => this.shown.get(`${index}/${fd}`)?.includes(text) ?? false;
    while (!isShown()) await this.#take();
  }

  /** Takes messages until the response, which ends the connection. */
  async end(): Promise<Record<string, unknown>[]> {
    while (this.response === null) await this.#take();
    const { code } = await this.socket.ended;
    if (code !== 1000) throw new Error(`the connection was closed with ${code}`);
    return this.response.results;
  }

  async #take(): Promise<void> {
    const message = Buffer.from(await this.socket.next());
    const [type, packed = 0] = message;
    if (type === 1) {
      this.response = JSON.parse(message.toString("utf8", 1));
      return;
    }
    if (type !== 2) throw new Error(`a message of type ${type}`);
    const key = `${packed >> 4}/${packed & 0xf}`;
    this.shown.set(key, `${this.shown.get(key) ?? ""}${message.toString("utf8", 2)}`);
  }

  [Symbol.dispose](): void {
    this.socket[Symbol.dispose]();
  }
}

const [streamIn, streamOut] = [{ streamIn: true }, { streamOut: true }];
const interactive = [streamIn, streamOut, streamOut];
const terminal = { tty: true, files: interactive, env: ["PATH=/usr/bin:/bin", "TERM=xterm", "PS1=ready> "] };

describe.skipIf(box.skip)(`/stream ${box.skip ?? ""}`, () => {
  it("is a terminal: prompt, echo, size, interrupt and end", async () => {
    using stream = await Stream.start([command(["/bin/sh", "-i"], terminal)]);
    await stream.until("ready> ");
    stream.input("echo $((6 * 7)); test -t 2 && echo a terminal\n");
    await stream.until("42\r\na terminal\r\nready> ");
    expect(stream.shown.get("0/1")).toContain("echo $((6 * 7))");
    stream.resize(33, 44);
    stream.input("trap 'echo resized' WINCH; sleep 107.25; echo slept $?\n");
    await untilTrue(() => isSleeping("107.25"), "the shell sleeps");
    stream.input("\u0003");
    await stream.until("^C");
    await untilTrue(async () => !(await isSleeping("107.25")), "the sleep was interrupted");
    stream.input("exit 3\n");
    expect(await stream.end()).toMatchObject([{ status: "Nonzero Exit Status", exitStatus: 3 }]);
    expect([...stream.shown.keys()]).toEqual(["0/1"]);
  });

  it("tells a program the size of its terminal", async () => {
    using stream = await Stream.start([
      shell("trap 'echo resized' WINCH; echo go; while :; do read x; done", terminal),
    ]);
    await stream.until("go");
    stream.resize(33, 44);
    await stream.until("resized");
    stream.input("\u0003");
    expect(await stream.end()).toMatchObject([{ status: "Signalled", exitStatus: 2 }]);
  });

  it("is pipes, each with its own number, beside collectors", async () => {
    using stream = await Stream.start([
      shell("read x; echo out $x; echo err $x >&2; echo kept >&3; read y; echo $y", {
        files: [streamIn, streamOut, streamOut, { name: "three", max: 100 }],
      }),
    ]);
    stream.input("one\n");
    await stream.until("err one\n", 0, 2);
    await stream.until("out one\n");
    stream.input("");
    stream.input("two\n");
    expect(await stream.end()).toMatchObject([{ status: "Accepted", files: { three: "kept\n" } }]);
    expect(stream.shown.get("0/1")).toBe("out one\ntwo\n");
  });

  it("serves several commands, which may talk to each other too", async () => {
    const cmd = [
      shell("read x; echo $x", { files: [streamIn, null, streamOut] }),
      shell("read y; echo got $y", { files: [null, streamOut, streamOut] }),
    ];
    using stream = await Stream.start(cmd, {
      pipeMapping: [{ in: { index: 0, fd: 1 }, out: { index: 1, fd: 0 } }],
    });
    stream.input("through\n");
    await stream.until("got through\n", 1, 1);
    expect(await stream.end()).toMatchObject([{ status: "Accepted" }, { status: "Accepted" }]);
  });

  it("carries much, as fast as the client takes it", async () => {
    using stream = await Stream.start([
      shell("head -c 20000000 /dev/zero | tr '\\0' 'x'; echo end", { files: [null, streamOut, null] }),
    ]);
    expect(await stream.end()).toMatchObject([{ status: "Accepted" }]);
    expect(stream.shown.get("0/1")?.length).toBe(20_000_004);
  });

  it("carries much input to a program that reads it", async () => {
    using stream = await Stream.start([
      shell("head -c 3000000 | wc -c", { files: [streamIn, streamOut, null] }),
    ]);
    for (let sent = 0; sent < 3_000_000; sent += 100_000) stream.input("x".repeat(100_000));
    expect(await stream.end()).toMatchObject([{ status: "Accepted" }]);
    expect(stream.shown.get("0/1")?.trim()).toBe("3000000");
  });

  it("is cancelled by its client, even when its input is stuck", async () => {
    using stream = await Stream.start([
      command(["/bin/sleep", "108.25"], { files: [streamIn, streamOut, null], clockLimit: 110e9 }),
    ]);
    await untilTrue(() => isSleeping("108.25"), "the program runs");
    stream.input("x".repeat(600_000));
    stream.socket.send(Buffer.of(4));
    expect(await stream.end()).toMatchObject([{ status: "Signalled", exitStatus: 9 }]);
  });

  it("ends what runs for a client that leaves", async () => {
    const stream = await Stream.start([
      command(["/bin/sleep", "109.25"], { files: interactive, clockLimit: 110e9 }),
    ]);
    await untilTrue(() => isSleeping("109.25"), "the program runs");
    stream[Symbol.dispose]();
    await untilTrue(async () => !(await isSleeping("109.25")), "the program is gone");
    expect(await service?.run(shell("echo next"))).toMatchObject({ status: "Accepted" });
  });

  it("tells a program that can't start", async () => {
    using stream = await Stream.start([command(["/bin/none"], terminal)]);
    expect(await stream.end()).toMatchObject([{ status: "Internal Error" }]);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["an unknown type", Buffer.of(9)],
    ["an input first", Buffer.of(3, 0, 1)],
    ["a cancel first", Buffer.of(4)],
    ["broken JSON", Buffer.from("\u0001{")],
    ["no command", json(1, { cmd: [] })],
    ["a stream that has no number", json(1, { cmd: [{ files: [...Array(16).fill(null), streamIn] }] })],
    ["a file that is none", json(1, { cmd: [{ args: ["x"], files: [{}] }] })],
    ["an id that is none", json(1, { cmd: [{ args: ["x"], files: [{ fileId: "NO" }] }] })],
  ])("refuses %s with a reason", async (_name, message) => {
    using socket = await TestSocket.open(service?.url ?? "", "/stream");
    socket.send(message);
    expect(await socket.ended).toMatchObject({ code: 1008, reason: expect.stringMatching(/./) });
  });

  it.each([
    ["another request", (stream: Stream) => stream.socket.send(json(1, { cmd: [] }))],
    ["input for what is no input", (stream: Stream) => stream.input("x", 0, 1)],
    ["input for a command that is not there", (stream: Stream) => stream.input("x", 5)],
    ["a size of what is no terminal", (stream: Stream) => stream.resize(10, 10)],
    ["half an input", (stream: Stream) => stream.socket.send(Buffer.of(3))],
    ["text for a size", (stream: Stream) => stream.socket.send(json(2, { rows: "x" }))],
  ])("ends with a reason, and its program, on %s", async (_name, send) => {
    using stream = await Stream.start([
      command(["/bin/sleep", "110.25"], { files: [streamIn, streamOut, null], clockLimit: 110e9 }),
    ]);
    await untilTrue(() => isSleeping("110.25"), "the program runs");
    send(stream);
    expect(await stream.socket.ended).toMatchObject({ code: 1008, reason: expect.stringMatching(/./) });
    await untilTrue(async () => !(await isSleeping("110.25")), "the program is gone");
  });
});
