import { connect } from "node:net";
import type { Socket } from "node:net";
import { SandboxError } from "./error.ts";
import { FrameSplitter } from "./frames.ts";
import type { ArtifactId, RunReport } from "./spec.ts";
import { decodeMessage, encodeCancel, encodeForget, encodeHello } from "./wire.ts";
import type { EncodedRun, SlotHello, SlotMessage } from "./wire.ts";

const READ_BUFFER_BYTES = 64 * 1024;

/** How long sandboxd may take for what needs no program: to greet, to forget, to answer a cancel. */
const ANSWER_MS = 10_000;

/** Beyond the wall limit: copying of artifacts and files, and transfers on a machine that is busy. */
const RUN_GRACE_MS = 60_000;

interface PendingRun {
  type: "run";
  run: EncodedRun;
  settled: PromiseWithResolvers<RunReport>;
}

interface PendingForget {
  type: "forget";
  settled: PromiseWithResolvers<number>;
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
  #pending: PendingRun | PendingForget | null = null;
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

  /** Resolves with the report; an abort of the signal makes it one with status `cancelled`. */
  async run(run: EncodedRun, signal: AbortSignal | null): Promise<RunReport> {
    signal?.throwIfAborted();
    const settled = Promise.withResolvers<RunReport>();
    this.#begin({ type: "run", run, settled }, run.spec.limits.wallMs + RUN_GRACE_MS);
    this.#socket.cork();
    for (const chunk of run.chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    const cancel = (): void => {
      this.#silence.allow(ANSWER_MS);
      this.#socket.write(encodeCancel(run.runId));
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await settled.promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async forget(id: ArtifactId | "all"): Promise<number> {
    const frame = encodeForget(id);
    const settled = Promise.withResolvers<number>();
    this.#begin({ type: "forget", settled }, ANSWER_MS);
    this.#socket.write(frame);
    return settled.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new SandboxError("unavailable", "the connection to sandboxd was closed by this program"));
    await this.closed;
  }

  #begin(request: PendingRun | PendingForget, answerMs: number): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#pending !== null) throw new SandboxError("protocol", "this slot is busy");
    this.#pending = request;
    this.#silence.allow(answerMs);
  }

  #receive(message: SlotMessage): void {
    if (this.#greeting === null) {
      this.#receiveGreeting(message);
      return;
    }
    const pending = this.#pending;
    if (message.type === "outcome" && pending?.type === "run" && message.runId === pending.run.runId) {
      const report = message.readReport(pending.run.spec);
      this.#finish();
      pending.settled.resolve(report);
    } else if (message.type === "forgotten" && pending?.type === "forget") {
      this.#finish();
      pending.settled.resolve(message.count);
    } else if (message.type === "error" && pending !== null) {
      this.#finish();
      pending.settled.reject(message.error);
    } else {
      throw new SandboxError("protocol", `sandboxd sent a message that nothing asked for: ${message.type}`);
    }
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
    this.#hello.reject(failure);
    pending?.settled.reject(failure);
    this.#socket.destroy();
  }
}

/**
 * Calls back when an allowed time has passed and then nothing at all was heard for a while: an
 * event loop that was busy, or a large answer on its way, is not silence.
 */
class SilenceWatch {
  #onSilence: () => void;
  #timer: NodeJS.Timeout | null = null;
  #heard = false;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }

  allow(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.#listen(), ms);
  }

  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #listen(): void {
    this.#heard = false;
    this.#timer = setTimeout(() => {
      if (this.#heard) this.#listen();
      else this.#onSilence();
    }, 2_000);
  }
}

function asSandboxError(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error;
  return new SandboxError("protocol", "sandboxd's message could not be read", { cause: error });
}
