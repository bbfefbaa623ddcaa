import { ImageError } from "../errors.ts";

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** What an image from elsewhere may be at most. */
export interface UnpackLimits {
  /** Entries of all layers together. */
  readonly entries: number;
  /** What all layers come to uncompressed, headers and padding included; bytes. */
  readonly totalBytes: number;
  readonly fileBytes: number;
  readonly layers: number;
  /** Names of all entries and targets of all links together, which are held in memory; bytes. */
  readonly nameBytes: number;
  /** Uncompressed over compressed size of a layer, looked at beyond `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

export const unpackLimits: UnpackLimits = {
  entries: 400_000,
  totalBytes: 16 * GiB,
  fileBytes: 4 * GiB,
  layers: 200,
  nameBytes: 128 * MiB,
  ratio: 500,
  ratioFromBytes: 256 * MiB,
};

/** Bytes of a JSON document of an image: index, manifest or configuration. */
export const documentBytes = 4 * MiB;

export const tooLarge = (what: string): ImageError => new ImageError("too_large", `${what}.`);

/** Counts what an image comes to while it is unpacked. */
export class Budget {
  readonly limits: UnpackLimits;
  #entries = 0;
  #bytes = 0;
  #nameBytes = 0;

  constructor(limits: UnpackLimits = unpackLimits) {
    this.limits = limits;
  }

  /** @throws ImageError `too_large` */
  entry(): void {
    this.#entries += 1;
    if (this.#entries > this.limits.entries)
      throw tooLarge(`The image holds more than ${this.limits.entries} files and directories`);
  }

  /** @throws ImageError `too_large` */
  names(bytes: number): void {
    this.#nameBytes += bytes;
    if (this.#nameBytes > this.limits.nameBytes)
      throw tooLarge(`The image has names of more than ${this.limits.nameBytes} bytes together`);
  }

  /** @throws ImageError `too_large` */
  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.limits.totalBytes)
      throw tooLarge(`The image unpacks to more than ${this.limits.totalBytes} bytes`);
  }
}
