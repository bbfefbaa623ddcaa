import { lstatSync } from "node:fs";
import type { Stats } from "node:fs";
import { setImmediate } from "node:timers/promises";

/** Why an image is not what was built, in words; null when it is. */
type Damage = string | null;

export interface SoundnessOptions {
  /** Reads a whole image, and says of each entry what lstat(2) said before its content was read. */
  readonly readAll: (digest: string, onEntry: (path: Buffer, status: Stats) => void) => Promise<Damage>;
  /** A check of the same image within this time after the last one began is that one. */
  readonly recheckMs: number;
}

interface Known {
  readonly snapshot: Snapshot;
  checkedAt: number;
  running: Promise<Damage> | null;
}

/**
 * Knows which images were read in full and what their entries looked like then. As the kernel changes
 * an inode's ctime with every write, whatever else is made up afterwards, looking at the entries shows
 * every change that came by way of the file system. What is broken below it (a bad disk) shows when
 * the image is read in full, as each process does once.
 */
export class Soundness {
  readonly #options: SoundnessOptions;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Damage>>();

  constructor(options: SoundnessOptions) {
    this.#options = options;
  }

  /** Reads the whole image. */
  async read(digest: string): Promise<Damage> {
    const snapshot = new Snapshot();
    const since = performance.now();
    this.#known.delete(digest);
    const damage = await this.#options.readAll(digest, (path, status) => snapshot.add(path, status));
    if (damage === null) this.#known.set(digest, { snapshot, checkedAt: since, running: null });
    return damage;
  }

  /** Reads the whole image the first time and when an entry looks otherwise, else only looks at its entries. */
  async check(digest: string): Promise<Damage> {
    const known = this.#known.get(digest);
    if (known === undefined) return this.#readOnce(digest);
    if (known.running !== null) return known.running;
    const now = performance.now();
    if (now - known.checkedAt < this.#options.recheckMs) return null;
    known.checkedAt = now;
    known.running = (async () => {
      const isSame = await known.snapshot.isSame();
      known.running = null;
      // A link to a file of another image changes the ctime as a write does: only its content tells.
      return isSame ? null : this.#readOnce(digest);
    })();
    return known.running;
  }

  #readOnce(digest: string): Promise<Damage> {
    const running = this.#reading.get(digest);
    if (running !== undefined) return running;
    const reading = this.read(digest).finally(() => this.#reading.delete(digest));
    this.#reading.set(digest, reading);
    return reading;
  }
}

const fields = 7;
/** Well below a millisecond. */
const sliceEntries = 200;

/** What lstat(2) says of every entry of a tree, in numbers only: forty images have many entries. */
class Snapshot {
  readonly #paths: Buffer[] = [];
  #numbers = new Float64Array(fields * 256);

  add(path: Buffer, status: Stats): void {
    const at = this.#paths.length * fields;
    if (at === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#paths.push(path);
    const { ino, size, mtimeMs, ctimeMs, mode, uid, gid } = status;
    this.#numbers.set([ino, size, mtimeMs, ctimeMs, mode, uid, gid], at);
  }

  /** Looks at every entry, in slices, so that nothing else waits long. */
  async isSame(): Promise<boolean> {
    for (let from = 0; from < this.#paths.length; from += sliceEntries) {
      if (from > 0) await setImmediate();
      if (!this.#isSliceSame(from, Math.min(from + sliceEntries, this.#paths.length))) return false;
    }
    return true;
  }

  #isSliceSame(from: number, to: number): boolean {
    const numbers = this.#numbers;
    for (let index = from; index < to; index += 1) {
      const path = this.#paths[index];
      const status = path === undefined ? undefined : lstatSync(path, options);
      const at = index * fields;
      if (
        status === undefined ||
        status.ctimeMs !== numbers[at + 3] ||
        status.mtimeMs !== numbers[at + 2] ||
        status.size !== numbers[at + 1] ||
        status.ino !== numbers[at] ||
        status.mode !== numbers[at + 4] ||
        status.uid !== numbers[at + 5] ||
        status.gid !== numbers[at + 6]
      )
        return false;
    }
    return true;
  }
}

const options = { throwIfNoEntry: false } as const;
