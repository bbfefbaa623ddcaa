import { Readable } from "node:stream";
import { AssayError } from "@assay/contracts";
import "@fastify/multipart";
import type { FastifyRequest } from "fastify";

interface UploadedFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly fileName: string | null;
}

/**
 * The uploaded bytes: the body itself, or the one file of a multipart form.
 *
 * @throws AssayError `invalid_request` for a form without a file
 */
export async function uploadedFile(request: FastifyRequest): Promise<UploadedFile> {
  if (!request.isMultipart()) {
    if (!(request.body instanceof Readable)) throw new AssayError("invalid_request", "The body is empty.");
    return { bytes: request.body, fileName: null };
  }
  const part = await request.file().catch((error: unknown) => {
    throw new AssayError("invalid_request", "The form can't be read; send one file with a boundary.", {
      cause: error,
    });
  });
  if (part === undefined) throw new AssayError("invalid_request", "The form holds no file.");
  return { bytes: part.file, fileName: part.filename };
}
