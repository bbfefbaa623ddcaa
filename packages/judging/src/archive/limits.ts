import { AssayError } from "@assay/contracts";

const MiB = 1024 * 1024;

export interface ArchiveLimits {
  /** The archive as it was uploaded, bytes. */
  readonly archiveBytes: number;
  /** Everything in it, unpacked, bytes. */
  readonly unpackedBytes: number;
  /** One file, unpacked, bytes. */
  readonly fileBytes: number;
  /** Files and directories. */
  readonly entries: number;
  /** Unpacked over packed size, looked at once more than `ratioFromBytes` were unpacked. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

export const defaultArchiveLimits: ArchiveLimits = {
  archiveBytes: 256 * MiB,
  unpackedBytes: 1024 * MiB,
  fileBytes: 256 * MiB,
  entries: 20_000,
  // Deflate reaches about 1000 : 1; honest test data, even very regular one, stays far below.
  ratio: 200,
  ratioFromBytes: 64 * MiB,
};

/** Counts what an archive unpacks to, and throws AssayError once that passes a limit. */
export class Budget {
  readonly limits: ArchiveLimits;
  readonly #archiveBytes: number;
  #entries = 0;
  #unpacked = 0;

  constructor(limits: ArchiveLimits, archiveBytes: number) {
    this.limits = limits;
    this.#archiveBytes = archiveBytes;
  }

  entry(): void {
    this.#entries++;
    if (this.#entries > this.limits.entries) {
      throw new AssayError("package_too_large", `the archive holds more than ${this.limits.entries} entries`);
    }
  }

  /** `bytes` more came out of the archive, `ofFile` so far of the file `name`. */
  unpacked(bytes: number, name: string, ofFile: number): void {
    this.#unpacked += bytes;
    if (ofFile > this.limits.fileBytes) {
      throw new AssayError(
        "package_too_large",
        `${name} is larger than ${this.limits.fileBytes} bytes when unpacked`,
      );
    }
    this.total(this.#unpacked);
  }

  /** Throws when `bytes` in all are too many. */
  total(bytes: number): void {
    if (bytes > this.limits.unpackedBytes) {
      throw new AssayError(
        "package_too_large",
        `the archive unpacks to more than ${this.limits.unpackedBytes} bytes`,
      );
    }
    if (bytes > this.limits.ratioFromBytes && bytes > this.limits.ratio * this.#archiveBytes) {
      throw new AssayError(
        "package_unsafe",
        `the archive unpacks to more than ${this.limits.ratio} times its own size`,
      );
    }
  }
}
