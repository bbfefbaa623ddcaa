import { AssayError } from "@assay/contracts";
import { readArchive } from "@assay/judging";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

export interface UnpackedFile {
  readonly path: string;
  readonly content: Buffer;
}

/** As many as one run takes. */
const maxFiles = 256;
const zipMarks = [0x04034b50, 0x06054b50];

/**
 * The files of a zip archive from a client, in memory. It is read by the same reader as problem
 * packages: no links, no paths that lead elsewhere, no entries that lie about themselves, and no more
 * than `maxBytes` however small it was packed.
 *
 * @throws AssayError `package_unreadable`, `package_unsafe`, `package_too_large`
 */
export async function unpackFiles(zip: Buffer, maxBytes: number): Promise<UnpackedFile[]> {
  if (zip.length < 4 || !zipMarks.includes(zip.readUInt32LE(0)))
    throw new AssayError("package_unreadable", "this is no zip archive");
  const directory = await mkdtemp(join(tmpdir(), `assay-files-${process.pid}-`));
  try {
    const path = join(directory, "archive");
    await writeFile(path, zip, { mode: 0o600, flag: "wx" });
    const limits = {
      archiveBytes: maxBytes,
      unpackedBytes: maxBytes,
      fileBytes: maxBytes,
      entries: maxFiles,
      ratio: 200,
      ratioFromBytes: 1024 * 1024,
    };
    const files: UnpackedFile[] = [];
    for await (const entry of readArchive(path, { limits }))
      if (!entry.directory) files.push({ path: entry.path, content: await buffer(entry.content()) });
    return files;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
