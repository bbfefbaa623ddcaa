import { open, stat } from "node:fs/promises";
import type { ArchiveEntry } from "./entry.ts";
import { unreadable } from "./entry.ts";
import { Budget, defaultArchiveLimits } from "./limits.ts";
import type { ArchiveLimits } from "./limits.ts";
import { readTarGz } from "./tar-gz.ts";
import { PathTree } from "./tree.ts";
import { readZip } from "./zip.ts";

/**
 * The entries of a zip or tar.gz file, known by its first bytes. Directories come as entries too.
 *
 * Throws AssayError `package_unreadable`, `package_unsafe` or `package_too_large`. An entry's
 * content must be read to its end, or not at all, before the next entry is asked for.
 */
export async function* readArchive(
  path: string,
  { limits = defaultArchiveLimits }: { readonly limits?: ArchiveLimits } = {},
): AsyncGenerator<ArchiveEntry> {
  const { size } = await stat(path);
  const budget = new Budget(limits, size);
  const read = await readerOf(path);
  const tree = new PathTree();
  for await (const entry of read(path, budget)) {
    if (entry.path === "") continue;
    tree.add(entry.path, entry.directory);
    yield entry;
  }
}

const readerOf = async (
  path: string,
): Promise<(path: string, budget: Budget) => AsyncGenerator<ArchiveEntry>> => {
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  if (bytesRead === 0) throw unreadable("the upload is empty");
  if (bytesRead === 4 && [0x04034b50, 0x06054b50].includes(buffer.readUInt32LE(0))) return readZip;
  if (bytesRead >= 2 && buffer.readUInt16BE(0) === 0x1f8b) return readTarGz;
  throw unreadable("the upload is neither a zip nor a tar.gz archive");
};
