/** A promise that many wait for and that begins anew each time it was kept. */
export class Bell {
  #next = Promise.withResolvers<void>();

  ring(): void {
    const rung = this.#next;
    this.#next = Promise.withResolvers<void>();
    rung.resolve();
  }

  /** Resolves at the next ring. */
  get rung(): Promise<void> {
    return this.#next.promise;
  }
}
