import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { AssayError } from "@assay/contracts";
import { getFileNameLowLevel, openPromise } from "yauzl";
import type { Entry, ZipFile } from "yauzl";
import { checkedPath, showName, unreadable, unsafe } from "./entry.ts";
import type { ArchiveEntry } from "./entry.ts";
import type { Budget } from "./limits.ts";

// Names stay bytes until they are checked here, so that a refusal always names its entry.
const options = { lazyEntries: true, autoClose: false, decodeStrings: false };

const nameOf = (entry: Entry): string =>
  getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);

/**
 * The entries of a zip archive.
 *
 * A zip file says everything twice, and readers that believe different halves see different files.
 * So before the first entry is handed out: both headers of each entry must agree, no two entries
 * may share bytes, and the central directory must end where the archive's end record says.
 */
export async function* readZip(path: string, budget: Budget): AsyncGenerator<ArchiveEntry> {
  const zip = await openPromise(path, options).catch((error: unknown) => {
    throw unreadable(`the zip archive can't be read: ${messageOf(error)}`, error);
  });
  try {
    const entries = await readDirectory(zip, path, budget);
    for (const entry of entries) {
      budget.entry();
      yield {
        path: checkedPath(nameOf(entry)),
        directory: nameOf(entry).endsWith("/"),
        content: () => readContent(zip, entry, budget),
      };
    }
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw unreadable(`the zip archive can't be read: ${messageOf(error)}`, error);
  } finally {
    zip.close();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readDirectory = async (zip: ZipFile, path: string, budget: Budget): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  let declared = 0;
  for await (const entry of zip.eachEntry()) {
    if (entries.length >= budget.limits.entries) {
      throw new AssayError(
        "package_too_large",
        `the archive holds more than ${budget.limits.entries} entries`,
      );
    }
    checkKind(entry);
    checkedPath(nameOf(entry));
    declared += entry.uncompressedSize;
    if (entry.uncompressedSize > budget.limits.fileBytes) {
      throw new AssayError(
        "package_too_large",
        `${showName(nameOf(entry))} is larger than ${budget.limits.fileBytes} bytes when unpacked`,
      );
    }
    budget.total(declared);
    entries.push(entry);
  }
  const start = await startOfDirectory(zip, path, entries);
  await checkLocalHeaders(zip, entries, start);
  return entries;
};

const typeMask = 0o170000;
const regular = 0o100000;
const directory = 0o040000;

const checkKind = (entry: Entry): void => {
  const name = nameOf(entry);
  if (entry.isEncrypted()) throw unsafe(name, "is encrypted");
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw unreadable(
      `entry ${showName(name)} uses compression method ${entry.compressionMethod}; use deflate`,
    );
  }
  // Only archives made on unix say so in the upper half, and there 0 means that nothing was said.
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  if (type !== 0 && type !== regular && type !== directory) {
    throw unsafe(name, type === 0o120000 ? "is a symbolic link" : "is neither a file nor a directory");
  }
  if ((type === directory) !== name.endsWith("/") && type !== 0) {
    throw unsafe(name, "is a directory by one header and a file by another");
  }
  if (name.endsWith("/") && entry.uncompressedSize > 0) throw unsafe(name, "is a directory with content");
};

const endRecords = [0x06054b50, 0x06064b50];

/** Where the central directory starts, after making sure that nothing is hidden behind its end. */
const startOfDirectory = async (zip: ZipFile, path: string, entries: readonly Entry[]): Promise<number> => {
  const length = entries.reduce(
    (sum, entry) => sum + 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength,
    0,
  );
  // After the last entry the cursor stands at the first byte behind it; its published type is wrong.
  const end = Number(zip.readEntryCursor);
  await using file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, end);
  if (bytesRead < 4 || !endRecords.includes(buffer.readUInt32LE(0))) {
    throw unsafe("", "list of the archive does not end where its end record says; it hides entries");
  }
  return end - length;
};

const checkLocalHeaders = async (zip: ZipFile, entries: readonly Entry[], end: number): Promise<void> => {
  const ranges: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const entry of entries) {
    const local = await zip.readLocalFileHeaderPromise(entry);
    if (!local.fileName.equals(entry.fileNameRaw)) throw unsafe(nameOf(entry), "has two different names");
    if (local.compressionMethod !== entry.compressionMethod) {
      throw unsafe(nameOf(entry), "has two different compression methods");
    }
    if ((local.generalPurposeBitFlag & 1) === 1) throw unsafe(nameOf(entry), "is encrypted");
    ranges.push({
      name: nameOf(entry),
      start: entry.relativeOffsetOfLocalHeader,
      end: local.fileDataStart + entry.compressedSize,
    });
  }
  let before = 0;
  for (const range of ranges.sort((one, other) => one.start - other.start)) {
    if (range.start < before || range.end > end)
      throw unsafe(range.name, "overlaps another part of the archive");
    before = range.end;
  }
};

async function* readContent(zip: ZipFile, entry: Entry, budget: Budget): AsyncGenerator<Uint8Array> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    let sum = 0;
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      budget.unpacked(chunk.length, showName(nameOf(entry)), size);
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== entry.crc32)
      throw unreadable(`entry ${showName(nameOf(entry))} is damaged: its checksum differs`);
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw unreadable(`entry ${showName(nameOf(entry))} is damaged: ${messageOf(error)}`, error);
  }
}
