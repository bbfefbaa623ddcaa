import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { renderPlain } from "./render.ts";
import type { StatementOfProblem } from "./render.ts";

export interface RendererOptions {
  /** For one statement; after that its text is shown as it is written. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 5_000;
/** MiB */
const maxMemory = 512;

/**
 * Renders statements beside the event loop, one after the other. Parsers of Markdown take far more than
 * linear time on text that is made for it: such a text is given up without anybody else waiting for it.
 */
export class StatementRenderer implements AsyncDisposable {
  readonly #timeoutMs: number;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ timeoutMs = defaultTimeoutMs }: RendererOptions = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /** The page of renderStatement, or of renderPlain when that takes too long or too much. */
  render(statement: StatementOfProblem): Promise<string> {
    const page = this.#last.then(() => this.#renderNext(statement));
    this.#last = page.catch(() => undefined);
    return page;
  }

  async #renderNext(statement: StatementOfProblem): Promise<string> {
    const worker = this.#start();
    const timer = new AbortController();
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
      worker.postMessage(statement);
      const [answer]: unknown[] = await Promise.race([
        // Rejects with what ended the worker, such as its memory.
        once(worker, "message", { signal: timer.signal }),
        timeout(this.#timeoutMs, timer.signal),
      ]);
      if (typeof answer === "string") return answer;
    } catch {
      // Given up below, whatever it was.
    } finally {
      timer.abort();
    }
    this.#worker = null;
    await worker.terminate();
    return renderPlain(statement);
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxMemory },
    });
    // An idle renderer holds nothing open, and one that fails while idle is made anew.
    worker.unref();
    worker.on("error", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#worker?.terminate();
    this.#worker = null;
  }
}

const timeout = async (ms: number, signal: AbortSignal): Promise<unknown[]> =>
  await new Promise((resolve) => {
    const timer = setTimeout(() => resolve([null]), ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
