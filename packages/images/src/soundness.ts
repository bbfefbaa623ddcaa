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
/** About a millisecond. */
const sliceEntries = 250;

/** What lstat(2) says of every entry of a tree. */
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
    this.#numbers.set(numbersOf(status), at);
  }

  /** Looks at every entry, in slices, so that nothing else waits long. */
  async isSame(): Promise<boolean> {
    for (let index = 0; index < this.#paths.length; index += 1) {
      if (index > 0 && index % sliceEntries === 0) await setImmediate();
      const path = this.#paths[index];
      const status = path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
      if (status === undefined) return false;
      const at = index * fields;
      if (!numbersOf(status).every((value, field) => this.#numbers[at + field] === value)) return false;
    }
    return true;
  }
}

const numbersOf = (status: Stats): number[] => [
  status.ino,
  status.size,
  status.mtimeMs,
  status.ctimeMs,
  status.mode,
  status.uid,
  status.gid,
];
