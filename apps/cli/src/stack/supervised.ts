/** What supervision needs of a part of the stack: that it says when it has ended, and can be stopped. */
export interface Supervisable extends AsyncDisposable {
  readonly ended: Promise<string>;
}

/**
 * Keeps one part of the stack running.
 *
 * `starting → running → (ended) → waiting → starting …` until disposal, which ends it in whatever
 * state it is. The wait doubles from 100 ms to 5 s and falls back once the part has run for 10 s.
 */
export class Supervised<Part extends Supervisable> implements AsyncDisposable {
  readonly #name: string;
  readonly #start: (signal: AbortSignal) => Promise<Part>;
  readonly #log: (line: string) => void;
  readonly #stopping = new AbortController();
  #current: Part;
  #life: Promise<void>;

  private constructor(
    name: string,
    start: (signal: AbortSignal) => Promise<Part>,
    first: Part,
    log: (line: string) => void,
  ) {
    this.#name = name;
    this.#start = start;
    this.#log = log;
    this.#current = first;
    this.#life = this.#live();
  }

  /** The first start is not retried: what fails at once is a fault that the user must hear of. */
  static async start<Part extends Supervisable>(
    name: string,
    start: (signal: AbortSignal) => Promise<Part>,
    signal: AbortSignal,
    log: (line: string) => void,
  ): Promise<Supervised<Part>> {
    return new Supervised(name, start, await start(signal), log);
  }

  get current(): Part {
    return this.#current;
  }

  async #live(): Promise<void> {
    const stopping = this.#stopping.signal;
    let wait = 100;
    for (;;) {
      const since = performance.now();
      const how = await Promise.race([this.#current.ended, aborted(stopping)]);
      if (stopping.aborted) return;
      if (performance.now() - since > 10_000) wait = 100;
      for (;;) {
        this.#log(`${how}; starting ${this.#name} again in ${wait} ms`);
        await Promise.race([new Promise((resolve) => setTimeout(resolve, wait)), aborted(stopping)]);
        if (stopping.aborted) return;
        wait = Math.min(wait * 2, 5000);
        try {
          this.#current = await this.#start(stopping);
          break;
        } catch (error) {
          if (stopping.aborted) return;
          this.#log(`${this.#name} did not start: ${(error as Error).message}`);
        }
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#life;
    await this.#current[Symbol.asyncDispose]();
  }
}

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve("stopped");
    else signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
