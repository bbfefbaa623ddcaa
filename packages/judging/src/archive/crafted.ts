import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** Archives written byte by byte, so that tests can make them lie. */
export interface CraftedZipEntry {
  readonly name: string;
  readonly content?: Uint8Array | string;
  readonly stored?: boolean;
  /** Upper half of the external attributes: mode bits of a unix file. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** What the headers say instead of the truth. */
  readonly localName?: string;
  readonly crc?: number;
  readonly declaredSize?: number;
  /** Use the local header of the entry with this index instead of an own one. */
  readonly sameDataAs?: number;
  readonly extra?: Uint8Array;
}

export interface CraftedZipOptions {
  readonly entryCount?: number;
  readonly comment?: string;
}

export const craftZip = (entries: readonly CraftedZipEntry[], options: CraftedZipOptions = {}): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? "");
    const data = entry.stored === true ? content : deflateRawSync(content);
    const method = entry.method ?? (entry.stored === true ? 0 : 8);
    const name = Buffer.from(entry.name);
    const crc = entry.crc ?? crc32(content);
    const size = entry.declaredSize ?? content.length;
    const extra = Buffer.from(entry.extra ?? []);
    const start = entry.sameDataAs === undefined ? offset : (offsets[entry.sameDataAs] ?? 0);
    offsets.push(start);

    if (entry.sameDataAs === undefined) {
      const localName = Buffer.from(entry.localName ?? entry.name);
      const local = Buffer.alloc(30);
      local.writeUInt32LE(0x04034b50, 0);
      local.writeUInt16LE(20, 4);
      local.writeUInt16LE(entry.flags ?? 0x800, 6);
      local.writeUInt16LE(method, 8);
      local.writeUInt32LE(crc, 14);
      local.writeUInt32LE(data.length, 18);
      local.writeUInt32LE(size, 22);
      local.writeUInt16LE(localName.length, 26);
      parts.push(local, localName, data);
      offset += 30 + localName.length + data.length;
    }

    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(entry.flags ?? 0x800, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 38);
    central.writeUInt32LE(start, 42);
    directory.push(central, name, extra);
  }
  const list = Buffer.concat(directory);
  const comment = Buffer.from(options.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const count = options.entryCount ?? entries.length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, list, end, comment]);
};

export interface CraftedTarEntry {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** The type flag: "0" file, "1" hard link, "2" symbolic link, "3" device, "5" directory, … */
  readonly type?: string;
  readonly link?: string;
  readonly declaredSize?: number;
}

export const craftTar = (entries: readonly CraftedTarEntry[], { end = true } = {}): Buffer => {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? "");
    const header = Buffer.alloc(512);
    header.write(entry.name, 0, 100, "latin1");
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${(entry.declaredSize ?? content.length).toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(entry.type ?? "0", 156);
    header.write(entry.link ?? "", 157);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  if (end) blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
};

export const craftTarGz = (entries: readonly CraftedTarEntry[]): Buffer => gzipSync(craftTar(entries));
