/** A signal that ends a call at its deadline or when its caller withdraws, whatever comes first. */
export class Deadline implements Disposable {
  #controller = new AbortController();
  #timer: NodeJS.Timeout;
  #callers: readonly AbortSignal[];
  #passed = false;

  constructor(milliseconds: number, callers: readonly (AbortSignal | null | undefined)[]) {
    this.#callers = callers.filter((signal) => signal !== null && signal !== undefined);
    this.#timer = setTimeout(this.#pass, milliseconds);
    for (const caller of this.#callers) {
      if (caller.aborted) this.#withdraw();
      else caller.addEventListener("abort", this.#withdraw, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when time ran out, false while it has not or when a caller withdrew first. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Moves the deadline to so many milliseconds from now. */
  extend(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (!this.signal.aborted) this.#timer = setTimeout(this.#pass, milliseconds);
  }

  /** Throws the reason of the caller who withdrew, if one did. */
  throwIfWithdrawn(): void {
    for (const caller of this.#callers) caller.throwIfAborted();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const caller of this.#callers) caller.removeEventListener("abort", this.#withdraw);
  }

  #withdraw = (): void => this.#controller.abort();

  #pass = (): void => {
    this.#passed = true;
    this.#controller.abort();
  };
}
