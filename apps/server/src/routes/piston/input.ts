import type { JobInputBody } from "@assay/contracts";
import { forgetInputs, giveInputs } from "../../jobs/inputs.ts";
import type { Services } from "../../services.ts";

/** Of one row; what comes while rows are written goes into the next together. */
const maxRowBytes = 64 * 1024;
/** What a signal counts for beside the bytes of standard input. */
const rowWeight = 1024;

/** A client says more to its program than a run may be told. */
export class TooMuchInput extends Error {
  override readonly name = "TooMuchInput";
}

/**
 * What one client says to its program, on its way into the database: in order, numbered, bounded.
 *
 * Rows and not memory, because the runner may ask another server for it.
 */
export class InputWriter {
  readonly #services: Pick<Services, "database" | "hub">;
  readonly #jobId: string;
  readonly #maxBytes: number;
  readonly #waiting: JobInputBody[] = [];
  /** Bytes of standard input that are not written yet, by row. */
  #text: Buffer[] = [];
  #textBytes = 0;
  #bytes = 0;
  #next = 1;
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(services: Pick<Services, "database" | "hub">, jobId: string, maxBytes: number) {
    this.#services = services;
    this.#jobId = jobId;
    this.#maxBytes = maxBytes;
  }

  /** Bytes that wait for the database. */
  get waiting(): number {
    return this.#textBytes;
  }

  /** @throws TooMuchInput */
  write(bytes: Buffer): void {
    this.#count(bytes.length);
    if (bytes.length === 0) return;
    this.#text.push(bytes);
    this.#textBytes += bytes.length;
    this.#start();
  }

  /** @throws TooMuchInput */
  say(body: Exclude<JobInputBody, { type: "stdin" }>): void {
    this.#count(rowWeight);
    this.sayLast(body);
  }

  /** The last that is said, which there is always room for. */
  sayLast(body: Exclude<JobInputBody, { type: "stdin" }>): void {
    this.#packText();
    this.#waiting.push(body);
    this.#start();
  }

  /** Resolves when all that was said is written, or nobody listens any more. Rejects when it can't be. */
  async written(): Promise<void> {
    await this.#writing;
  }

  forget(): Promise<void> {
    return forgetInputs(this.#services.database, this.#jobId);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) throw new TooMuchInput(`a program can be told ${this.#maxBytes} bytes`);
  }

  #start(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#writing = this.#write();
    // Whoever waits for it hears of the failure.
    this.#writing.catch(() => undefined);
  }

  async #write(): Promise<void> {
    const { database, hub } = this.#services;
    try {
      for (;;) {
        this.#packText();
        const bodies = this.#waiting.splice(0);
        if (bodies.length === 0) return;
        const isHeard = await giveInputs(database, this.#jobId, this.#next, bodies);
        this.#next += bodies.length;
        if (isHeard) hub.inputGiven(this.#jobId);
      }
    } finally {
      // In the same step as the last look: what comes now starts another round.
      this.#isWriting = false;
    }
  }

  #packText(): void {
    const all = Buffer.concat(this.#text);
    for (let at = 0; at < all.length; at += maxRowBytes)
      this.#waiting.push({ type: "stdin", base64: all.subarray(at, at + maxRowBytes).toString("base64") });
    this.#text = [];
    this.#textBytes = 0;
  }
}
