import type { Readable } from "node:stream";
import { AssayError, JobPayload, JobState, PackageManifest } from "@assay/contracts";
import { queryMaybe } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { sql } from "./beat.ts";

const Row = z.object({ payload: JobPayload, attempt: z.int(), state: JobState });
const manifestBytes = 16 * 1024 * 1024;
const knownManifests = 64;

/** Manifests never change, so what one names is read once. */
export class ManifestCache {
  readonly #files = new Map<string, Promise<ReadonlySet<string>>>();

  /** The blobs that a manifest names. */
  files(manifest: string, read: () => Promise<Uint8Array>): Promise<ReadonlySet<string>> {
    const known = this.#files.get(manifest);
    if (known !== undefined) return known;
    const files = read().then(
      (bytes) =>
        new Set(
          PackageManifest.parse(JSON.parse(new TextDecoder().decode(bytes))).files.map(
            ({ sha256 }) => sha256,
          ),
        ),
    );
    if (this.#files.size >= knownManifests) this.#files.clear();
    this.#files.set(manifest, files);
    files.catch(() => this.#files.delete(manifest));
    return files;
  }
}

/**
 * Bytes of a package that the attempt's job is judged with: its manifest, or a file that the manifest
 * names. No other blob can be read this way.
 *
 * @throws AssayError `not_found`, `fence_refused`
 */
export async function attemptBlob(
  { database, blobs }: Services,
  manifests: ManifestCache,
  caller: Caller,
  asked: { readonly jobId: string; readonly attempt: number; readonly digest: string },
): Promise<Readable> {
  const job = await queryMaybe(database, Row, sql.payloadOfAttempt, {
    jobId: asked.jobId,
    organizationId: caller.organizationId,
  });
  if (job === null) throw new AssayError("not_found", "There is no such job.");
  if (job.attempt !== asked.attempt || (job.state !== "leased" && job.state !== "running"))
    throw new AssayError("fence_refused", `Attempt ${asked.attempt} does not own this job.`);
  if (job.payload.kind === "run") throw new AssayError("not_found", "This job has no blobs.");
  const { manifest } = job.payload;
  const named =
    manifest === asked.digest ||
    (await manifests.files(manifest, () => blobs.read(manifest, { maxBytes: manifestBytes }))).has(
      asked.digest,
    );
  if (!named) throw new AssayError("not_found", "This job's package has no such blob.");
  return blobs.get(asked.digest);
}
