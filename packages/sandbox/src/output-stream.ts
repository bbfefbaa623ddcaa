import { outOfRange } from "./check-spec.ts";
import { SandboxError } from "./error.ts";
import { STREAM_WINDOW_BYTES } from "./wire/protocol.ts";

/** Pieces below this size are put together while they wait: each alone would weigh ten times its bytes. */
const SMALL_BYTES = 4 * 1024;
const GATHER_BYTES = 16 * 1024;

/** What a program's pipe still holds when it ends comes at once: as much as an ordinary user's pipe can have. */
const LAST_BYTES = 1024 * 1024;

/** So much is used up before it is told; the program meanwhile still has three quarters of its window. */
const TELL_BYTES = STREAM_WINDOW_BYTES / 4;

interface Gathered {
  buffer: Buffer;
  used: number;
}

/**
 * What comes from one output of a program: kept until somebody reads it, never more than a window, and
 * with the program's end the content of its pipe.
 * `tellTaken` is called with the number of bytes that were used up.
 */
export class OutputStream {
  #tellTaken: (bytes: number) => void;
  #waiting: Gathered[] = [];
  #reader: "none" | "reading" | "discarding" = "none";
  #wake: (() => void) | null = null;
  /** Bytes that came and were not told to be taken. */
  #outstanding = 0;
  /** Of these, those that are used up. */
  #used = 0;
  /** Of the chunk that the reader has now. */
  #given = 0;
  #ended = false;
  #failure: SandboxError | null = null;

  constructor(tellTaken: (bytes: number) => void) {
    this.#tellTaken = tellTaken;
  }

  /** Keeps the bytes, not a copy. Throws a protocol error beyond what can come. */
  push(bytes: Buffer): void {
    this.#outstanding += bytes.length;
    if (this.#outstanding > STREAM_WINDOW_BYTES + LAST_BYTES) {
      throw new SandboxError("protocol", "sandboxd sent more output than the window allows");
    }
    if (this.#reader === "discarding") this.#taken(bytes.length);
    else this.#keep(bytes);
    this.#wakeReader();
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  fail(failure: SandboxError): void {
    this.#failure = failure;
    this.end();
  }

  discard(): void {
    this.#reader = "discarding";
    const kept = this.#waiting.reduce((sum, { used }) => sum + used, 0);
    this.#waiting = [];
    this.#takeGiven();
    this.#taken(kept);
    this.#wakeReader();
  }

  /** Throws `out_of_range` when somebody reads it already. */
  read(): AsyncIterable<Uint8Array> {
    if (this.#reader !== "none") throw outOfRange("this output is read or discarded already");
    this.#reader = "reading";
    return this.#chunks();
  }

  async *#chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const next = this.#reader === "reading" ? this.#waiting.shift() : undefined;
        if (next !== undefined) {
          this.#given = next.used;
          yield next.buffer.subarray(0, next.used);
          this.#takeGiven();
        } else if (this.#reader === "discarding") {
          return;
        } else if (this.#failure !== null) {
          throw this.#failure;
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.discard();
    }
  }

  #keep(bytes: Buffer): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.buffer.length - last.used >= bytes.length) {
      last.used += bytes.copy(last.buffer, last.used);
    } else if (last === undefined || bytes.length >= SMALL_BYTES) {
      this.#waiting.push({ buffer: bytes, used: bytes.length });
    } else {
      const buffer = Buffer.allocUnsafeSlow(GATHER_BYTES);
      this.#waiting.push({ buffer, used: bytes.copy(buffer) });
    }
  }

  #takeGiven(): void {
    this.#taken(this.#given);
    this.#given = 0;
  }

  #taken(bytes: number): void {
    this.#used += bytes;
    if (this.#ended || this.#used < TELL_BYTES) return;
    this.#tellTaken(this.#used);
    this.#outstanding -= this.#used;
    this.#used = 0;
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
