import { bad, show } from "../bad.ts";
import { blockBytes, decodeHeader, maxPlainSize } from "./header.ts";
import type { RawHeader } from "./header.ts";
import { decodePax } from "./pax.ts";

export interface TarEntry {
  /** As it stands in the archive, unchecked, one character per byte. */
  readonly name: string;
  readonly kind: "file" | "directory" | "symbolic link" | "hard link" | "device or pipe";
  readonly mode: number;
  /** Of a file; 0 for the rest. */
  readonly size: number;
  /** Target of a link, unchecked; else empty. */
  readonly link: string;
}

export interface TarVisitor {
  entry(entry: TarEntry): void;
  /** The content of the last file, in pieces that are only valid during the call. */
  content(bytes: Buffer): void;
  /** The last file is complete. */
  contentEnd(): void;
}

const kinds: Readonly<Record<string, TarEntry["kind"]>> = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "hard link",
  "2": "symbolic link",
  "3": "device or pipe",
  "4": "device or pipe",
  "5": "directory",
  "6": "device or pipe",
};

/** A pax header or a long name; real ones have a few hundred bytes. */
const maxExtensionBytes = 256 * 1024;
const extensions = "xgLK";

/**
 * Reads a tar archive strictly. Where tools read one archive in two ways (a directory with a size, a pax
 * size beside another one, entries behind the end mark) it is refused, so that nobody can check one
 * reading and get the other. Synchronous: whoever writes pieces into it decides when others have a turn.
 */
export class TarReader {
  readonly #visitor: TarVisitor;
  readonly #block = Buffer.alloc(blockBytes);
  #filled = 0;
  /** Of the current entry: content that is still to come, then padding. */
  #left = 0;
  #padding = 0;
  #extension: { readonly flag: string; readonly parts: Buffer[] } | null = null;
  #inFile = false;
  #ended: "no" | "one zero block" | "yes" = "no";
  #pax = new Map<string, string>();
  #longName: string | null = null;
  #longLink: string | null = null;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** @throws ImageError `bad_archive`, and what the visitor throws */
  write(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left > 0) rest = this.#takeContent(rest);
      else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, rest.length);
        this.#padding -= skipped;
        rest = rest.subarray(skipped);
      } else rest = this.#takeBlock(rest);
    }
  }

  /** @throws ImageError `bad_archive` when the archive stops in the middle */
  end(): void {
    const isWhole = this.#left === 0 && this.#padding === 0 && this.#filled === 0;
    if (!isWhole || this.#hasExtensions()) throw bad("The tar archive stops in the middle");
  }

  #hasExtensions(): boolean {
    return this.#pax.size > 0 || this.#longName !== null || this.#longLink !== null;
  }

  #takeContent(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#extension !== null) this.#extension.parts.push(Buffer.from(part));
    else this.#visitor.content(part);
    if (this.#left === 0) this.#finishContent();
    return chunk.subarray(part.length);
  }

  #finishContent(): void {
    if (this.#extension !== null) {
      this.#extend(this.#extension.flag, Buffer.concat(this.#extension.parts));
      this.#extension = null;
    } else if (this.#inFile) {
      this.#inFile = false;
      this.#visitor.contentEnd();
    }
  }

  #takeBlock(chunk: Buffer): Buffer {
    const taken = chunk.copy(this.#block, this.#filled, 0, blockBytes - this.#filled);
    this.#filled += taken;
    if (this.#filled === blockBytes) {
      this.#filled = 0;
      this.#header();
    }
    return chunk.subarray(taken);
  }

  #header(): void {
    const isZero = this.#block.every((byte) => byte === 0);
    if (this.#ended !== "no" || isZero) {
      if (!isZero) throw bad("The tar archive goes on behind its end");
      this.#ended = this.#ended === "no" ? "one zero block" : "yes";
      return;
    }
    const header = decodeHeader(this.#block);
    if (extensions.includes(header.flag)) this.#beginExtension(header);
    else this.#beginEntry(header);
  }

  #beginExtension({ flag, size }: RawHeader): void {
    if (size > maxExtensionBytes)
      throw bad(`A header of the archive has more than ${maxExtensionBytes} bytes`);
    this.#extension = { flag, parts: [] };
    this.#expect(size);
  }

  #expect(size: number): void {
    this.#left = size;
    this.#padding = (blockBytes - (size % blockBytes)) % blockBytes;
    if (size === 0) this.#finishContent();
  }

  #extend(flag: string, body: Buffer): void {
    if (flag === "x") this.#pax = this.#checkedPax(decodePax(body));
    else if (flag === "g") {
      const records = this.#checkedPax(decodePax(body));
      if (["path", "linkpath", "size"].some((key) => records.has(key)))
        throw bad("A global header of the archive renames every entry");
    } else {
      let end = body.length;
      while (end > 0 && body[end - 1] === 0) end -= 1;
      // Decoded without what is cut off, which would stay in memory as long as the name.
      const name = body.toString("latin1", 0, end);
      if (flag === "L") this.#longName = name;
      else this.#longLink = name;
    }
  }

  #checkedPax(records: Map<string, string>): Map<string, string> {
    for (const key of records.keys())
      if (key.startsWith("GNU.sparse.") || key === "SCHILY.realsize")
        throw bad("The archive holds a sparse file, which is not supported");
    return records;
  }

  #beginEntry(header: RawHeader): void {
    const name = this.#pax.get("path") ?? this.#longName ?? header.name;
    const kind = kinds[header.flag];
    if (kind === undefined)
      throw bad(`The entry ${show(name)} is of the unsupported kind ${show(header.flag)}`);
    const size = this.#sizeOf(header, name);
    const link = this.#pax.get("linkpath") ?? this.#longLink ?? header.link;
    this.#pax = new Map();
    this.#longName = null;
    this.#longLink = null;
    // Before POSIX a directory was told by its name alone.
    const isOldDirectory = header.flag === "\0" && name.endsWith("/");
    const entry: TarEntry = {
      name,
      kind: isOldDirectory ? "directory" : kind,
      mode: header.mode,
      size,
      link,
    };
    if (entry.kind !== "file" && size !== 0)
      throw bad(`The entry ${show(name)} is a ${entry.kind} and has a content`);
    this.#visitor.entry(entry);
    this.#inFile = entry.kind === "file";
    this.#expect(size);
  }

  /** A pax header gives the size that has no room in its field, and is not believed otherwise. */
  #sizeOf(header: RawHeader, name: string): number {
    const told = this.#pax.get("size");
    if (told === undefined) return header.size;
    const size = /^\d{1,15}$/.test(told) ? Number(told) : Number.NaN;
    if (size !== header.size && !(size > maxPlainSize))
      throw bad(`The entry ${show(name)} has two sizes, ${header.size} and ${show(told)}`);
    return size;
  }
}
