import { parseLock } from "../image-lock.ts";
import type { ImageLock } from "../image-lock.ts";
import { ImageConfig, parseDocument } from "../oci/documents.ts";
import { claimOf } from "../oci/label.ts";
import { documentBytes } from "../oci/limits.ts";
import { collect, verified } from "../oci/streams/verified.ts";
import type { ImageSource, Part } from "./download.ts";

/**
 * What a published image was built from, as its configuration holds it; null when it holds none.
 *
 * @throws ImageError; what the source throws
 */
export const readLock = async (
  source: ImageSource,
  config: Part,
  signal: AbortSignal,
): Promise<ImageLock | null> => {
  const expected = { sha256: config.digest, size: config.size };
  const stream = verified(source.blob(config.digest, signal), expected, "The configuration");
  const bytes = await collect(stream, documentBytes, "The configuration");
  const { lock } = claimOf(parseDocument(ImageConfig, bytes, "The configuration"));
  return lock === null ? null : parseLock(lock, "The lock of the published image");
};
