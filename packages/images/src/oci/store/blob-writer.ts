import { createHash } from "node:crypto";
import { lstat, mkdir, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import { bad } from "../bad.ts";
import type { Compression } from "../documents.ts";

/** A blob of an OCI layout. */
export interface Blob {
  /** Its SHA-256, hex. */
  readonly hex: string;
  readonly size: number;
}

export const blobsOf = (layoutDirectory: string): string => join(layoutDirectory, "blobs", "sha256");
export const blobPath = (layoutDirectory: string, hex: string): string => join(blobsOf(layoutDirectory), hex);

/** Whether the blob lies there whole, as far as its size tells. */
export const hasBlob = async (layoutDirectory: string, { hex, size }: Blob): Promise<boolean> => {
  const status = await lstat(blobPath(layoutDirectory, hex)).catch(() => null);
  return status?.isFile() === true && status.size === size;
};

/** Level 3 of zstd, 6 of gzip; both write no time and no name, so equal bytes give equal bytes. */
const compressors = {
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  gzip: () => createGzip({ level: 6 }),
};

/**
 * Writes a stream, compressed, as a blob: beside its place first, so that what is there is whole.
 *
 * @param temporary a path on the same file system
 * @returns the blob, and the digest of what went in
 */
export const writeBlob = async (
  layoutDirectory: string,
  temporary: string,
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  signal: AbortSignal | undefined,
): Promise<{ readonly blob: Blob; readonly plainHex: string }> => {
  const plain = createHash("sha256");
  const packed = createHash("sha256");
  let size = 0;
  const before = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      plain.update(chunk);
      yield chunk;
    }
  };
  const after = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      packed.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  // Never what lies there, which may be a link: a layout may be in somebody else's directory.
  const handle = await open(temporary, "wx", 0o644);
  await handle.chmod(0o644);
  const file = handle.createWriteStream();
  const options = signal === undefined ? {} : { signal };
  if (compression === "none") await pipeline(Readable.from(before()), after, file, options);
  else await pipeline(Readable.from(before()), compressors[compression](), after, file, options);
  const blob = { hex: packed.digest("hex"), size };
  await placeBlob(layoutDirectory, temporary, blob);
  return { blob, plainHex: plain.digest("hex") };
};

export const writeDocument = async (
  layoutDirectory: string,
  temporary: string,
  bytes: Uint8Array,
): Promise<Blob> => {
  const blob = { hex: createHash("sha256").update(bytes).digest("hex"), size: bytes.length };
  await writeNew(temporary, bytes);
  await placeBlob(layoutDirectory, temporary, blob);
  return blob;
};

/** A file that all may read, whatever the umask is; whatever lies there already is an error. */
export const writeNew = async (path: string, bytes: Uint8Array): Promise<void> => {
  await using file = await open(path, "wx", 0o644);
  await file.chmod(0o644);
  await file.writeFile(bytes);
};

const placeBlob = async (layoutDirectory: string, temporary: string, blob: Blob): Promise<void> => {
  const directory = blobsOf(layoutDirectory);
  for (const path of [dirname(directory), directory]) {
    await mkdir(path, { mode: 0o755, recursive: true });
    if (!(await lstat(path)).isDirectory()) throw bad(`${path} is a link`);
  }
  await rename(temporary, blobPath(layoutDirectory, blob.hex));
};
