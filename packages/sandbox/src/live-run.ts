import { checkWithin, outOfRange } from "./check-spec.ts";
import { SandboxError } from "./error.ts";
import { InputStream } from "./input-stream.ts";
import { OutputStream } from "./output-stream.ts";
import type { LiveRun, RunReport, TerminalSize } from "./spec.ts";
import type { RunMessage } from "./wire/decode.ts";
import {
  encodeCancel,
  encodeGo,
  encodeInput,
  encodeResize,
  encodeSignal,
  encodeTaken,
} from "./wire/encode.ts";
import type { EncodedRun } from "./wire/encode.ts";

const MAX_TERMINAL = 4096;
const MAX_PIXELS = 0xffff;

/** Ctrl-D. */
const END_OF_FILE = Uint8Array.of(4);

/**
 * A run on a slot's connection. It runs until `finish` or `fail` is called, once, by the connection;
 * after that it sends nothing any more.
 */
export class SlotRun implements LiveRun {
  readonly run: EncodedRun;
  #send: (frame: Buffer) => void;
  #onCancel: () => void;
  #signal: AbortSignal | null;
  #report = Promise.withResolvers<RunReport>();
  #held = Promise.withResolvers<void>();
  #isRunning = true;
  #isCancelled = false;
  #inputs = new Map<number, InputStream>();
  #outputs = new Map<number, OutputStream>();

  /**
   * @param send writes a frame to the slot
   * @param onCancel called before the run is cancelled
   */
  constructor(
    run: EncodedRun,
    signal: AbortSignal | null,
    send: (frame: Buffer) => void,
    onCancel: () => void,
  ) {
    this.run = run;
    this.#send = send;
    this.#onCancel = onCancel;
    this.#signal = signal;
    const { runId, spec } = run;
    for (const [fd, { kind }] of spec.fds.entries()) {
      if (kind === "input" || kind === "terminal") {
        this.#inputs.set(fd, new InputStream((bytes) => this.#tell(encodeInput(runId, fd, bytes))));
      }
      if (kind === "output" || kind === "terminal") {
        this.#outputs.set(fd, new OutputStream((bytes) => this.#tell(encodeTaken(runId, fd, bytes))));
      }
    }
    // Whoever only talks to the program need not ask for its report.
    this.#report.promise.catch(() => undefined);
    this.#held.promise.catch(() => undefined);
    signal?.addEventListener("abort", this.cancel, { once: true });
  }

  get report(): Promise<RunReport> {
    return this.#report.promise;
  }

  /** Resolves when the slot holds the run ready, or the run is over before; rejects as the report does. */
  get held(): Promise<void> {
    return this.#held.promise;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  go(): void {
    this.#tell(encodeGo(this.run.runId));
  }

  async write(fd: number, bytes: Uint8Array): Promise<void> {
    await this.#input(fd).write(bytes);
  }

  end(fd: number): void {
    const input = this.#input(fd);
    // A terminal goes on after it, and programs that share it may read the next.
    if (this.run.spec.fds[fd]?.kind === "terminal") input.write(END_OF_FILE).catch(() => undefined);
    else input.end();
  }

  output(fd: number): AsyncIterable<Uint8Array> {
    return this.#output(fd).read();
  }

  discard(fd: number): void {
    this.#output(fd).discard();
  }

  resize(fd: number, size: TerminalSize): void {
    if (this.run.spec.fds[fd]?.kind !== "terminal") throw outOfRange(`descriptor ${fd} is no terminal`);
    checkWithin("the rows of a terminal", size.rows, 1, MAX_TERMINAL);
    checkWithin("the columns of a terminal", size.columns, 1, MAX_TERMINAL);
    checkWithin("the width of a terminal", size.x, 0, MAX_PIXELS);
    checkWithin("the height of a terminal", size.y, 0, MAX_PIXELS);
    this.#tell(encodeResize(this.run.runId, fd, size));
  }

  signal(name: NodeJS.Signals): void {
    this.#tell(encodeSignal(this.run.runId, name));
  }

  readonly cancel = (): void => {
    if (!this.#isRunning || this.#isCancelled) return;
    this.#isCancelled = true;
    this.#onCancel();
    this.#tell(encodeCancel(this.run.runId));
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.report.catch(() => undefined);
  }

  /** Throws a protocol error on what can't be said of this run. */
  receive(message: RunMessage): void {
    switch (message.type) {
      case "output":
        this.#known(this.#outputs, message.fd).push(message.bytes);
        return;
      case "taken":
        this.#known(this.#inputs, message.fd).taken(message.count);
        return;
      case "held":
        this.#held.resolve();
        return;
    }
  }

  finish(report: RunReport): void {
    this.#over();
    for (const input of this.#inputs.values()) input.over();
    for (const output of this.#outputs.values()) output.end();
    this.#held.resolve();
    this.#report.resolve(report);
  }

  fail(failure: SandboxError): void {
    this.#over();
    for (const stream of [...this.#inputs.values(), ...this.#outputs.values()]) stream.fail(failure);
    this.#held.reject(failure);
    this.#report.reject(failure);
  }

  #over(): void {
    this.#isRunning = false;
    this.#signal?.removeEventListener("abort", this.cancel);
  }

  #tell(frame: Buffer): void {
    if (this.#isRunning) this.#send(frame);
  }

  #input(fd: number): InputStream {
    const input = this.#inputs.get(fd);
    if (input === undefined) throw outOfRange(`descriptor ${fd} of this run takes no input`);
    return input;
  }

  #output(fd: number): OutputStream {
    const output = this.#outputs.get(fd);
    if (output === undefined) throw outOfRange(`descriptor ${fd} of this run gives no output as a stream`);
    return output;
  }

  #known<Stream>(streams: ReadonlyMap<number, Stream>, fd: number): Stream {
    const stream = streams.get(fd);
    if (stream === undefined) throw new SandboxError("protocol", `sandboxd spoke of descriptor ${fd}`);
    return stream;
  }
}
