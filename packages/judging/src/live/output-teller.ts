import type { JobEventBody } from "@assay/contracts";

/** Each event is a row: what comes within so long of one goes into the next together, ms. */
const GATHER_MS = 25;
/** Changes from one stream to the other that are kept while gathering; beyond, their order is lost. */
const MAX_PARTS = 32;

type Stream = "stdout" | "stderr";
interface Part {
  readonly stream: Stream;
  text: string;
}

/**
 * Tells the output of a running program as events: the first piece at once, what follows in portions,
 * so that a program which writes byte by byte makes a bounded number of them.
 */
export class OutputTeller {
  readonly #tell: (event: JobEventBody) => void;
  readonly #decoders = { stdout: decoder(), stderr: decoder() };
  #parts: Part[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (event: JobEventBody) => void) {
    this.#tell = tell;
  }

  push(stream: Stream, bytes: Uint8Array): void {
    this.#add(stream, this.#decoders[stream].decode(bytes, { stream: true }));
    if (this.#timer === null) this.#flush();
  }

  /** Tells the rest; nothing may follow. */
  end(): void {
    for (const stream of ["stdout", "stderr"] as const) this.#add(stream, this.#decoders[stream].decode());
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#tellParts();
  }

  #add(stream: Stream, text: string): void {
    if (text === "") return;
    const last = this.#parts.at(-1);
    const known =
      last?.stream === stream || this.#parts.length < MAX_PARTS
        ? last
        : this.#parts.findLast((part) => part.stream === stream);
    if (known?.stream === stream) known.text += text;
    else this.#parts.push({ stream, text });
  }

  #flush(): void {
    if (this.#parts.length === 0) {
      this.#timer = null;
      return;
    }
    this.#tellParts();
    this.#timer = setTimeout(() => this.#flush(), GATHER_MS);
  }

  #tellParts(): void {
    for (const { stream, text } of this.#parts) this.#tell({ type: "output", stream, text });
    this.#parts = [];
  }
}

const decoder = (): TextDecoder => new TextDecoder("utf-8", { ignoreBOM: true });
