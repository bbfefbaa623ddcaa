import { MAX_REPORT_BYTES } from "./check-spec.ts";
import { SandboxError } from "./error.ts";

const HEADER_BYTES = 4;

/** More than any outcome can be: besides contents it has names of files and of refused system calls. */
const MAX_FRAME_BYTES = MAX_REPORT_BYTES + 64 * 1024 * 1024;

/**
 * Cuts a byte stream into frames (u32 length, payload), whatever the pieces it arrives in.
 *
 * The payload is copied once, out of the caller's reusable read buffer, into memory of exactly
 * its size.
 */
export class FrameSplitter {
  #onFrame: (payload: Buffer) => void;
  #header = Buffer.alloc(HEADER_BYTES);
  #headerUsed = 0;
  #payload: Buffer | null = null;
  #payloadUsed = 0;

  constructor(onFrame: (payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Throws a protocol error on a length that no frame can have. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === null) {
        const copied = chunk.copy(this.#header, this.#headerUsed, at);
        this.#headerUsed += copied;
        at += copied;
        if (this.#headerUsed < HEADER_BYTES) return;
        const length = this.#header.readUInt32LE(0);
        if (length < 1 || length > MAX_FRAME_BYTES) {
          throw new SandboxError("protocol", `a frame of ${length} bytes is none`);
        }
        this.#payload = Buffer.allocUnsafe(length);
        this.#payloadUsed = 0;
      }
      const copied = chunk.copy(this.#payload, this.#payloadUsed, at);
      this.#payloadUsed += copied;
      at += copied;
      if (this.#payloadUsed < this.#payload.length) return;
      const frame = this.#payload;
      this.#payload = null;
      this.#headerUsed = 0;
      this.#onFrame(frame);
    }
  }
}
