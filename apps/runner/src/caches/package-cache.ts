import { AssayError, PackageManifest, routes } from "@assay/contracts";
import type { Digest } from "@assay/contracts";
import type { Client } from "@assay/client";
import { manifestFiles, parsePackage, withConstants } from "@assay/judging";
import type { PackageFiles, ProblemPackage } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import { untilAnswered } from "../attempts/retry.ts";
import { Backoff } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { BlobUnreadable } from "./blob-cache.ts";
import type { BlobCache } from "./blob-cache.ts";
import { Lru } from "./lru.ts";

export interface OpenPackage {
  readonly problem: ProblemPackage;
  /** Read through the attempt that opened it, with constants replaced. */
  readonly files: PackageFiles;
}

interface Parsed {
  readonly manifest: PackageManifest;
  readonly problem: ProblemPackage;
}

/** The server checks packages when they are uploaded; this bounds what a mistake there costs here. */
const MAX_BLOB_BYTES = 1024 * 1024 * 1024;

/**
 * Problem packages by their manifest's digest, parsed once.
 *
 * Bytes come from the blob cache; what it lacks is fetched in the name of the attempt at hand, which
 * may read the blobs of its own package only.
 */
export class PackageCache {
  readonly #client: Client;
  readonly #blobs: BlobCache;
  readonly #clock: Clock;
  readonly #parsed: Lru<Digest, Parsed>;

  /** @param maxBytes of all manifests of the parsed packages, which stand for their size in memory */
  constructor(client: Client, blobs: BlobCache, clock: Clock, maxBytes: number) {
    this.#clock = clock;
    this.#client = client;
    this.#blobs = blobs;
    this.#parsed = new Lru(maxBytes);
  }

  /** @throws BlobUnreadable, the client's errors, the signal's reason */
  async open(manifest: Digest, work: Work): Promise<OpenPackage> {
    const known = this.#parsed.get(manifest) ?? (await this.#parse(manifest, work));
    const files = withConstants(this.#files(known.manifest, work), known.problem.constants);
    return { problem: known.problem, files };
  }

  /**
   * The files alone, as they were uploaded, for who finds out what is wrong with them.
   *
   * @throws as `open`
   */
  async files(digest: Digest, work: Work): Promise<PackageFiles> {
    const manifest =
      this.#parsed.get(digest)?.manifest ?? parseManifest(digest, await this.#read(digest, work));
    return this.#files(manifest, work);
  }

  async #parse(digest: Digest, work: Work): Promise<Parsed> {
    const bytes = await this.#read(digest, work);
    const manifest = parseManifest(digest, bytes);
    try {
      const parsed = { manifest, problem: await parsePackage(this.#files(manifest, work)) };
      this.#parsed.set(digest, parsed, bytes.byteLength);
      return parsed;
    } catch (error) {
      // It was accepted at upload: this runner's version reads packages in another way.
      if (!(error instanceof AssayError)) throw error;
      throw new BlobUnreadable(`this runner's version does not accept the package: ${error.message}`, {
        cause: error,
      });
    }
  }

  #files(manifest: PackageManifest, work: Work): PackageFiles {
    return manifestFiles(manifest, (digest) => this.#read(digest, work));
  }

  #read(digest: Digest, work: Work): Promise<Uint8Array> {
    return this.#blobs.read(digest, (_, signal) => this.#fetch(work, digest, signal), work.signal);
  }

  /** A server that is away is waited for: the attempt is still this runner's. */
  #fetch({ job, log }: Work, digest: Digest, signal: AbortSignal): Promise<Uint8Array> {
    const params = { id: job.jobId, attempt: job.attempt, digest };
    return untilAnswered(() => this.#fetchOnce(params, signal), {
      clock: this.#clock,
      backoff: new Backoff({ firstMs: 100, longestMs: 5_000 }),
      signal,
      onFailure: (error, waitMs) => log.warn({ err: error, digest, waitMs }, "a blob did not come yet"),
    });
  }

  async #fetchOnce(
    params: { id: string; attempt: number; digest: Digest },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#client.bytes(routes.readAttemptBlob, {
      params,
      signal,
      timeoutMs: 120_000,
    })) {
      size += chunk.byteLength;
      if (size > MAX_BLOB_BYTES) throw new BlobUnreadable(`the blob ${params.digest} is too large`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }
}

function parseManifest(digest: Digest, bytes: Uint8Array): PackageManifest {
  try {
    return PackageManifest.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (error) {
    throw new BlobUnreadable(`the blob ${digest} is not a package manifest`, { cause: error });
  }
}
