/**
 * Lets the tests of one submission run together, or one of them alone.
 *
 * Who wants to be alone waits until those that run have ended, and meanwhile none begins. This is
 * how a borderline test gets its slot, and the processor behind it, without the others of its own
 * submission: they are what most probably disturbed it, and the only thing here that can be asked to
 * wait. Running it again after all other tests would do as well, but would hold back the results of
 * those behind it, and with `first_failure` run tests that nobody needs.
 */
export class Gate {
  #together = 0;
  #isAlone = false;
  readonly #wantAlone: (() => void)[] = [];
  readonly #wantTogether: (() => void)[] = [];

  async together<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#isAlone || this.#wantAlone.length > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wantTogether.push(() => {
        this.#together++;
        resolve();
      });
      await promise;
    } else this.#together++;
    try {
      return await run();
    } finally {
      this.#together--;
      this.#next();
    }
  }

  async alone<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#isAlone || this.#together > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wantAlone.push(() => {
        this.#isAlone = true;
        resolve();
      });
      await promise;
    } else this.#isAlone = true;
    try {
      return await run();
    } finally {
      this.#isAlone = false;
      this.#next();
    }
  }

  #next(): void {
    if (this.#isAlone) return;
    if (this.#wantAlone.length > 0) {
      if (this.#together === 0) this.#wantAlone.shift()?.();
      return;
    }
    for (const enter of this.#wantTogether.splice(0)) enter();
  }
}
