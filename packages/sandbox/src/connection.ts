import { connect } from "node:net";
import type { Socket } from "node:net";
import { SandboxError } from "./error.ts";
import { FrameSplitter } from "./frames.ts";
import { SlotRun } from "./live-run.ts";
import type { ArtifactId } from "./spec.ts";
import { decodeMessage } from "./wire/decode.ts";
import type { SlotHello, SlotMessage } from "./wire/decode.ts";
import { encodeForget, encodeHello } from "./wire/encode.ts";
import type { EncodedRun } from "./wire/encode.ts";

const READ_BUFFER_BYTES = 64 * 1024;

/** How long sandboxd may take for what needs no program: to greet, to forget, to answer a cancel. */
const ANSWER_MS = 10_000;

/** Beyond the wall limit: copying of artifacts and files, and transfers on a machine that is busy. */
const RUN_GRACE_MS = 60_000;

/** Room for preparing the other runs of a session: so long sandboxd holds one that is ready. */
const HOLD_MS = 30_000;

/** After the allowed time: so long nothing at all is heard from a peer that is silent. */
const LISTEN_MS = 2_000;

/** What the slot does now. It is told its end exactly once. */
interface Pending {
  run: SlotRun | null;
  forgotten: PromiseWithResolvers<number> | null;
}

/**
 * One slot's socket, which carries one request at a time.
 *
 * It is open until `closed` settles; whatever is pending then rejects. A peer that breaks the
 * protocol or stays silent for longer than a request can take is disconnected, which makes
 * sandboxd kill the box.
 */
export class SlotConnection {
  #socket: Socket;
  #hello = Promise.withResolvers<SlotHello>();
  #greeting: SlotHello | null = null;
  #pending: Pending | null = null;
  #failure: SandboxError | null = null;
  #closed = Promise.withResolvers<SandboxError>();
  #silence = new SilenceWatch(() => {
    this.#fail(new SandboxError("unavailable", "sandboxd did not answer in time"));
  });

  private constructor(path: string) {
    const frames = new FrameSplitter((payload) => this.#receive(decodeMessage(payload)));
    this.#socket = connect({
      path,
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
        callback: (size, buffer) => {
          this.#silence.heard();
          try {
            frames.push(Buffer.from(buffer.buffer, buffer.byteOffset, size));
          } catch (error) {
            this.#fail(asSandboxError(error));
          }
          return !this.#socket.destroyed;
        },
      },
    });
    this.#socket.on("error", (cause) => {
      this.#fail(
        new SandboxError("unavailable", `the connection to sandboxd failed: ${cause.message}`, { cause }),
      );
    });
    this.#socket.on("end", () => {
      this.#fail(new SandboxError("unavailable", "sandboxd closed the connection"));
    });
    this.#socket.on("close", () => {
      this.#fail(new SandboxError("unavailable", "the connection to sandboxd is closed"));
      this.#closed.resolve(this.#failure ?? new SandboxError("unavailable", "closed"));
    });
  }

  /** Connects and waits for the greeting. Rejects with the signal's reason or a SandboxError. */
  static async open(path: string, signal: AbortSignal): Promise<SlotConnection> {
    signal.throwIfAborted();
    const connection = new SlotConnection(path);
    const abort = (): void => {
      connection.#hello.reject(signal.reason);
      connection.#socket.destroy();
    };
    signal.addEventListener("abort", abort, { once: true });
    connection.#silence.allow(ANSWER_MS);
    connection.#socket.write(encodeHello());
    try {
      await connection.#hello.promise;
      return connection;
    } finally {
      connection.#silence.stop();
      signal.removeEventListener("abort", abort);
    }
  }

  get hello(): SlotHello {
    if (this.#greeting === null) throw new SandboxError("protocol", "sandboxd has not greeted yet");
    return this.#greeting;
  }

  /** True when a request can be sent now. */
  get usable(): boolean {
    return this.#failure === null && this.#pending === null;
  }

  /** Settles with the reason when the connection has ended; never rejects. */
  get closed(): Promise<SandboxError> {
    return this.#closed.promise;
  }

  /** Sends the run. An abort of the signal cancels it. */
  start(run: EncodedRun, signal: AbortSignal | null): SlotRun {
    signal?.throwIfAborted();
    this.#begin();
    const live = new SlotRun(
      run,
      signal,
      (frame) => this.#socket.write(frame),
      () => this.#silence.allow(ANSWER_MS),
    );
    this.#pending = { run: live, forgotten: null };
    this.#silence.allow(run.spec.limits.wallMs + HOLD_MS + RUN_GRACE_MS);
    const [first, ...others] = run.chunks;
    // Most runs are one chunk, for which a cork costs more than it saves.
    if (others.length > 0) this.#socket.cork();
    this.#socket.write(first ?? noBytes);
    for (const chunk of others) this.#socket.write(chunk);
    if (others.length > 0) this.#socket.uncork();
    return live;
  }

  async forget(id: ArtifactId | "all"): Promise<number> {
    const frame = encodeForget(id);
    const forgotten = Promise.withResolvers<number>();
    this.#begin();
    this.#pending = { run: null, forgotten };
    this.#silence.allow(ANSWER_MS);
    this.#socket.write(frame);
    return forgotten.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new SandboxError("unavailable", "the connection to sandboxd was closed by this program"));
    await this.closed;
  }

  #begin(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#pending !== null) throw new SandboxError("protocol", "this slot is busy");
  }

  #receive(message: SlotMessage): void {
    if (this.#greeting === null) {
      this.#receiveGreeting(message);
      return;
    }
    switch (message.type) {
      case "outcome": {
        const run = this.#runOf(message);
        const report = message.readReport(run.run.spec);
        this.#finish();
        run.finish(report);
        return;
      }
      case "output":
      case "taken":
      case "held":
        this.#runOf(message).receive(message);
        return;
      case "error":
        this.#receiveError(message);
        return;
      case "forgotten": {
        const forgotten = this.#pending?.forgotten;
        if (!forgotten) throw unasked(message);
        this.#finish();
        forgotten.resolve(message.count);
        return;
      }
      case "hello":
        throw unasked(message);
    }
  }

  #runOf(message: SlotMessage & { runId: number }): SlotRun {
    const run = this.#pending?.run;
    if (run?.run.runId !== message.runId) throw unasked(message);
    return run;
  }

  #receiveError(message: SlotMessage & { type: "error" }): void {
    const pending = this.#pending;
    if (pending === null) throw unasked(message);
    this.#finish();
    pending.run?.fail(message.error);
    pending.forgotten?.reject(message.error);
    if (message.closes) this.#fail(new SandboxError("protocol", message.error.message));
  }

  #receiveGreeting(message: SlotMessage): void {
    if (message.type === "error") throw message.error;
    if (message.type !== "hello") throw new SandboxError("protocol", "sandboxd did not greet first");
    this.#greeting = message.hello;
    this.#hello.resolve(message.hello);
  }

  #finish(): void {
    this.#pending = null;
    this.#silence.stop();
  }

  #fail(failure: SandboxError): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    const pending = this.#pending;
    this.#finish();
    this.#silence[Symbol.dispose]();
    this.#hello.reject(failure);
    pending?.run?.fail(failure);
    pending?.forgotten?.reject(failure);
    this.#socket.destroy();
  }
}

const noBytes = new Uint8Array();

/**
 * Calls back when an allowed time has passed and then nothing at all was heard for a while: an
 * event loop that was busy, or a large answer on its way, is not silence.
 *
 * The timer is set again only for a time that ends earlier, so that runs of equal limits, one after
 * the other, share one; it is the socket that keeps the process alive.
 */
class SilenceWatch {
  #onSilence: () => void;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer ends, and when the allowed time does; ms. */
  #wakesAt = Infinity;
  #allowedUntil = Infinity;
  #isListening = false;
  #heard = false;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }

  allow(ms: number): void {
    this.#isListening = false;
    this.#allowedUntil = performance.now() + ms;
    if (this.#timer === null || this.#wakesAt > this.#allowedUntil) this.#wakeIn(ms);
  }

  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#allowedUntil = Infinity;
  }

  [Symbol.dispose](): void {
    this.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wakeIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakesAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#wake(), ms).unref();
  }

  #wake(): void {
    this.#timer = null;
    const left = this.#allowedUntil - performance.now();
    if (left === Infinity) return;
    if (left > 0) {
      this.#wakeIn(left);
      return;
    }
    if (this.#isListening && !this.#heard) {
      this.#onSilence();
      return;
    }
    this.#isListening = true;
    this.#heard = false;
    this.#wakeIn(LISTEN_MS);
  }
}

function unasked({ type }: SlotMessage): SandboxError {
  return new SandboxError("protocol", `sandboxd sent a message that nothing asked for: ${type}`);
}

function asSandboxError(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error;
  return new SandboxError("protocol", "sandboxd's message could not be read", { cause: error });
}
