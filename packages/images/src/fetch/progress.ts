import type { ImageProgress, PublishedImage } from "@assay/contracts";

export type OnFetchProgress = (progress: {
  readonly state: Extract<ImageProgress, "fetching" | "unpacking" | "checking">;
  /** Bytes to fetch, to unpack and to check, together, so that it goes on evenly. */
  readonly done: number;
  readonly total: number;
}) => void;

/** Adds up how far a fetch is. */
export class FetchProgress {
  readonly #image: PublishedImage;
  readonly #tell: OnFetchProgress;
  readonly #fetched = new Map<string, number>();

  constructor(image: PublishedImage, tell: OnFetchProgress) {
    this.#image = image;
    this.#tell = tell;
  }

  fetched(digest: string, bytes: number): void {
    this.#fetched.set(digest, bytes);
    const sum = this.#fetched.values().reduce((total, part) => total + part, 0);
    this.#say("fetching", Math.min(sum, this.#image.transferBytes));
  }

  /** @param share 0 to 1 */
  unpacked(share: number): void {
    this.#say("unpacking", this.#image.transferBytes + share * this.#image.sizeBytes);
  }

  checked(bytes: number): void {
    const { transferBytes, sizeBytes } = this.#image;
    this.#say("checking", transferBytes + sizeBytes + Math.min(bytes, sizeBytes));
  }

  #say(state: "fetching" | "unpacking" | "checking", done: number): void {
    const total = this.#image.transferBytes + 2 * this.#image.sizeBytes;
    this.#tell({ state, done: Math.round(done), total });
  }
}
