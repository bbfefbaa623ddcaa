import type { Readable } from "node:stream";
import type { Digest } from "@assay/contracts";

export interface BlobInfo {
  /** SHA-256 of the bytes, which is also the blob's name. */
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface ReadOptions {
  /** More is an error, bytes. */
  readonly maxBytes: number;
  /** Whether the bytes must still have their digest; true by default. */
  readonly verify?: boolean;
}

export interface PutOptions {
  /** What the bytes must be; others leave nothing behind. */
  readonly digest?: Digest;
  /** More is an error, bytes; never more than the store itself takes. */
  readonly maxBytes?: number;
}

export interface DeleteOptions {
  /** Only bytes that nobody has put since: who puts them again may not have said yet that they are needed. */
  readonly unlessPutSince?: Date;
}

/** Immutable bytes by their SHA-256. Putting the same bytes again changes nothing. */
export interface BlobStore {
  /** Durable once it resolves. @throws BlobError `too_large`, `other_digest` */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<BlobInfo>;
  /** The bytes as they are stored, unverified. @throws BlobError `not_found` */
  get(digest: string): Promise<Readable>;
  /** @throws BlobError `not_found`, `too_large`, `damaged` */
  read(digest: string, options: ReadOptions): Promise<Uint8Array>;
  has(digest: string): Promise<boolean>;
  /** Deleting what is not there is fine. False when the bytes stay because somebody put them again. */
  delete(digest: string, options?: DeleteOptions): Promise<boolean>;
}

type BlobErrorCode = "not_found" | "too_large" | "damaged" | "bad_digest" | "other_digest";

export class BlobError extends Error {
  override readonly name = "BlobError";
  readonly code: BlobErrorCode;

  constructor(code: BlobErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
