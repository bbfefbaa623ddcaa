import { outOfRange } from "./check-spec.ts";
import { SandboxError } from "./error.ts";
import { STREAM_WINDOW_BYTES } from "./wire/protocol.ts";

/** Small enough that other streams of the same connection get their turn. */
const PIECE_BYTES = 64 * 1024;

interface Write {
  bytes: Uint8Array;
  done: PromiseWithResolvers<void>;
}

/**
 * What goes to one input of a program: `send` is called with pieces, copied by it, as far as the
 * window allows, and with no bytes for the end.
 *
 * It is open, then ending (`end` was called, the rest waits for the window), then over (the program
 * ended: everything is dropped) or lost (every write rejects).
 */
export class InputStream {
  #send: (bytes: Uint8Array) => void;
  #room = STREAM_WINDOW_BYTES;
  #waiting: Write[] = [];
  #state: "open" | "ending" | "over" = "open";
  #failure: SandboxError | null = null;

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#state === "ending") return Promise.reject(outOfRange("this input has had its end"));
    if (this.#state === "over" || bytes.byteLength === 0) return Promise.resolve();
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, done });
    this.#pump();
    return done.promise;
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    if (this.#waiting.length === 0) this.#send(nothing);
  }

  /** The program took so many bytes. Throws a protocol error when it was not given as many. */
  taken(count: number): void {
    if (count > STREAM_WINDOW_BYTES - this.#room) {
      throw new SandboxError("protocol", "sandboxd took more input than it was given");
    }
    this.#room += count;
    this.#pump();
  }

  over(): void {
    this.#state = "over";
    for (const { done } of this.#waiting) done.resolve();
    this.#waiting = [];
  }

  fail(failure: SandboxError): void {
    this.#failure = failure;
    for (const { done } of this.#waiting) done.reject(failure);
    this.#waiting = [];
  }

  #pump(): void {
    for (let [write] = this.#waiting; write !== undefined && this.#room > 0; [write] = this.#waiting) {
      const piece = write.bytes.subarray(0, Math.min(this.#room, PIECE_BYTES));
      this.#send(piece);
      this.#room -= piece.byteLength;
      write.bytes = write.bytes.subarray(piece.byteLength);
      if (write.bytes.byteLength > 0) continue;
      this.#waiting.shift();
      write.done.resolve();
      if (this.#waiting.length === 0 && this.#state === "ending") this.#send(nothing);
    }
  }
}

const nothing = new Uint8Array();
