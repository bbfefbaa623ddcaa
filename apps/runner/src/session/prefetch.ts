/** Work that may wait here at most, ms: less than it takes to fetch it later, too little to be missed elsewhere. */
const AHEAD_MS = 25;
const WEIGHT_OF_LAST = 0.1;

/**
 * How many jobs to lease beyond those that can run at once.
 *
 * One is enough where jobs take long: a second one would wait here while another runner is idle. Where
 * they are short, the way to the server takes longer than a job, and slots would stand empty.
 */
export class Prefetch {
  readonly #slots: number;
  #averageMs: number | null = null;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** An attempt has taken so long, its wait for a slot included. */
  took(milliseconds: number): void {
    const before = this.#averageMs ?? milliseconds;
    this.#averageMs = before + WEIGHT_OF_LAST * (milliseconds - before);
  }

  get jobs(): number {
    if (this.#averageMs === null) return 1;
    const ahead = Math.floor((this.#slots * AHEAD_MS) / Math.max(this.#averageMs, 1));
    return Math.min(Math.max(1, ahead), 4 * this.#slots);
  }

  /**
   * How many jobs to fetch when so many are here: none while more than half of those ahead still
   * wait, so that one call fetches several.
   */
  wanted(here: number): number {
    const { jobs } = this;
    return here - this.#slots > jobs / 2 ? 0 : Math.max(0, this.#slots + jobs - here);
  }
}
