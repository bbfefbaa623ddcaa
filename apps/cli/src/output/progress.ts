/** One line of progress that is rewritten on a terminal, and printed once per phase elsewhere. */
export class ProgressLine implements Disposable {
  readonly #stream = process.stderr;
  readonly #prefix: string;
  #lastPhase = "";
  #open = false;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  update(phase: string, done: number | null, total: number | null, message: string): void {
    if (!this.#stream.isTTY) {
      if (phase !== this.#lastPhase) this.#stream.write(`${this.#prefix}: ${message}\n`);
      this.#lastPhase = phase;
      return;
    }
    const bar = done !== null && total !== null && total > 0 ? `${meter(done / total)} ` : "";
    const text = `${this.#prefix}: ${bar}${message}`;
    this.#stream.write(`\r\u001B[K${text.slice(0, Math.max(20, (this.#stream.columns || 80) - 1))}`);
    this.#open = true;
  }

  [Symbol.dispose](): void {
    if (this.#open) this.#stream.write("\r\u001B[K");
    this.#open = false;
  }
}

const meter = (fraction: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * 20);
  return `[${"#".repeat(filled)}${".".repeat(20 - filled)}]`;
};
