export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /** 0 up to 1; tests steer it. */
  readonly random?: () => number;
}

/**
 * How long to wait before the next try: doubled each time up to a limit, and of that a random part
 * between half and all, so that many runners don't come back in the same instant.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #tries = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait now, at least `atLeastMs` (what a server asked for). */
  next(atLeastMs = 0): number {
    const { firstMs, longestMs, random = Math.random } = this.#options;
    const full = Math.min(firstMs * 2 ** Math.min(this.#tries, 30), longestMs);
    this.#tries += 1;
    return Math.max(atLeastMs, full / 2 + (full / 2) * random());
  }

  reset(): void {
    this.#tries = 0;
  }
}
