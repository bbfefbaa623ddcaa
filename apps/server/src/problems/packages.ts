import type { BlobStore } from "@assay/blobs";
import { PackageManifest } from "@assay/contracts";
import { defaultArchiveLimits, manifestFiles, parsePackage, withConstants } from "@assay/judging";
import type { PackageFiles, ProblemPackage } from "@assay/judging";
import type { ProblemRow } from "./problems.ts";

/** A problem's package as it was read, with its files. */
export interface StoredPackage {
  readonly parsed: ProblemPackage;
  /** With its constants in place. */
  readonly files: PackageFiles;
  /** Every file of it by path, in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
}

const kept = 64;
const maxManifestBytes = 64 * 1024 * 1024;

/** Packages by their digest: what was read last is most likely to be read again. */
export class StoredPackages {
  readonly #blobs: BlobStore;
  readonly #read = new Map<string, Promise<StoredPackage>>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** @throws AssayError `package_invalid` or `package_unsupported` when rules became stricter since the upload */
  get({ packageDigest, manifest, shortName }: ProblemRow): Promise<StoredPackage> {
    const key = `${packageDigest} ${shortName}`;
    const known = this.#read.get(key) ?? this.#load(manifest, shortName);
    this.#read.delete(key);
    this.#read.set(key, known);
    const [oldest] = this.#read.keys();
    if (this.#read.size > kept && oldest !== undefined) this.#read.delete(oldest);
    // What failed may work the next time.
    known.catch(() => this.#read.delete(key));
    return known;
  }

  async #load(digest: string, shortName: string): Promise<StoredPackage> {
    const bytes = await this.#blobs.read(digest, { maxBytes: maxManifestBytes });
    const manifest = PackageManifest.parse(JSON.parse(Buffer.from(bytes).toString()));
    const files = manifestFiles(manifest, (blob) =>
      this.#blobs.read(blob, { maxBytes: defaultArchiveLimits.fileBytes }),
    );
    const parsed = await parsePackage(files, { shortName });
    return {
      parsed,
      files: withConstants(files, parsed.constants),
      sizes: new Map(manifest.files.map(({ path, size }) => [path, size])),
    };
  }
}
