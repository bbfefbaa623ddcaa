import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssayError } from "@assay/contracts";

export interface SpooledFile extends AsyncDisposable {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Writes an upload into a private temporary file, because a zip archive is read from its end.
 * Throws AssayError `package_too_large` as soon as more than `maxBytes` have come.
 */
export const spool = async (upload: AsyncIterable<Uint8Array>, maxBytes: number): Promise<SpooledFile> => {
  const directory = await mkdtemp(join(tmpdir(), `assay-upload-${process.pid}-`));
  const remove = async (): Promise<void> => await rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, "archive");
    let size = 0;
    await using file = await open(path, "wx", 0o600);
    for await (const chunk of upload) {
      size += chunk.length;
      if (size > maxBytes) {
        throw new AssayError("package_too_large", `the upload is larger than ${maxBytes} bytes`);
      }
      await file.writeFile(chunk);
    }
    return { path, size, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
};
