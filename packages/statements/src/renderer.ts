import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { renderPlain } from "./render.ts";
import type { StatementOfProblem } from "./render.ts";

export interface RendererOptions {
  /** CPU time for one statement, ms; after that its text is shown as it is written. */
  readonly maxCpuMs?: number;
}

const defaultCpuMs = 5_000;
/** How often it is looked at, ms. */
const lookEvery = 200;
/** MiB */
const maxMemory = 512;

interface Running {
  readonly worker: Worker;
  /** Resolves once it has loaded all that it needs: that is no statement's time. */
  readonly ready: Promise<unknown>;
}

/**
 * Renders statements beside the event loop, one after the other. Parsers of Markdown take far more than
 * linear time on text that is made for it: such a text is given up, and nobody's request stands still.
 */
export class StatementRenderer implements AsyncDisposable {
  readonly #maxCpuMs: number;
  #running: Running | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ maxCpuMs = defaultCpuMs }: RendererOptions = {}) {
    this.#maxCpuMs = maxCpuMs;
  }

  /** The page of renderStatement, or of renderPlain when that takes too long or too much. */
  render(statement: StatementOfProblem): Promise<string> {
    const page = this.#last.then(() => this.#renderNext(statement));
    this.#last = page.catch(() => undefined);
    return page;
  }

  async #renderNext(statement: StatementOfProblem): Promise<string> {
    const { worker, ready } = this.#start();
    const done = new AbortController();
    try {
      await ready;
      // Rejects with what ended the worker, such as its memory.
      const answered = once(worker, "message", { signal: done.signal });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
      worker.postMessage(statement);
      const [answer]: unknown[] = await Promise.race([answered, this.#spent(worker, done.signal)]);
      if (typeof answer === "string") return answer;
    } catch {
      // Given up below, whatever it was.
    } finally {
      done.abort();
    }
    this.#running = null;
    await worker.terminate();
    return renderPlain(statement);
  }

  /** Resolves with nothing once the worker has used up its time. A busy machine costs no statement. */
  async #spent(worker: Worker, signal: AbortSignal): Promise<unknown[]> {
    const start = await worker.cpuUsage();
    for (;;) {
      await setTimeout(Math.min(lookEvery, this.#maxCpuMs), undefined, { signal });
      const { user, system } = await worker.cpuUsage(start);
      if ((user + system) / 1000 > this.#maxCpuMs) return [];
    }
  }

  #start(): Running {
    if (this.#running !== null) return this.#running;
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxMemory },
    });
    const running = { worker, ready: once(worker, "message") };
    running.ready.catch(() => undefined);
    // An idle renderer holds nothing open, and one that fails while idle is made anew.
    worker.unref();
    worker.on("error", () => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#running?.worker.terminate();
    this.#running = null;
  }
}
