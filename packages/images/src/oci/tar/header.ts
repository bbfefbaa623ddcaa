import { bad, show } from "../bad.ts";

export const blockBytes = 512;

/** Where the fields of a block are: offset and length. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  link: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const;
const flagAt = 156;

const ustar = "ustar\x0000";
const gnu = "ustar  \0";
const version7 = "\0".repeat(8);

/** One block of a tar archive as it stands there; names have one character per byte. */
export interface RawHeader {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly flag: string;
  readonly link: string;
}

const text = (block: Buffer, [offset, length]: readonly [number, number]): string => {
  const bytes = block.toString("latin1", offset, offset + length);
  const end = bytes.indexOf("\0");
  return end === -1 ? bytes : bytes.slice(0, end);
};

/** Octal digits between blanks and NULs, or GNU's binary form for what has more of them. */
const number = (block: Buffer, field: readonly [number, number], what: string): number => {
  const [offset, length] = field;
  const bytes = block.subarray(offset, offset + length);
  if (bytes[0] === 0x80) {
    const value = BigInt(`0x${bytes.subarray(1).toString("hex")}`);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw bad(`A ${what} in the archive is beyond all bounds`);
    return Number(value);
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(bytes.toString("latin1"))?.[1];
  if (digits === undefined) throw bad(`A ${what} in the archive is not a number`);
  return digits === "" ? 0 : Number.parseInt(digits, 8);
};

const sumOf = (block: Buffer): number => {
  let sum = 8 * 0x20;
  for (let index = 0; index < blockBytes; index += 1)
    if (index < fields.checksum[0] || index >= fields.checksum[0] + 8) sum += block[index] ?? 0;
  return sum;
};

/** @throws ImageError `bad_archive` */
export const decodeHeader = (block: Buffer): RawHeader => {
  const sum = /^[ \0]*([0-7]+)[ \0]*$/.exec(text(block, fields.checksum))?.[1] ?? "";
  if (Number.parseInt(sum, 8) !== sumOf(block))
    throw bad("What is unpacked is not a tar archive, or damaged: a header's checksum is wrong");
  const magic = block.toString("latin1", fields.magic[0], fields.magic[0] + 8);
  if (magic !== ustar && magic !== gnu && magic !== version7)
    throw bad("The tar archive has an unknown format");
  // Only POSIX has a prefix there; GNU keeps times in its place.
  const prefix = magic === ustar ? text(block, fields.prefix) : "";
  const name = text(block, fields.name);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: number(block, fields.mode, "mode"),
    size: number(block, fields.size, "size"),
    flag: String.fromCharCode(block[flagAt] ?? 0),
    link: text(block, fields.link),
  };
};

/** @throws RangeError when a field has no room for its value */
export const encodeHeader = (header: RawHeader & { readonly mtime: number }): Buffer => {
  const block = Buffer.alloc(blockBytes);
  const put = ([offset, length]: readonly [number, number], value: string): void => {
    if (value.length > length) throw new RangeError(`${show(value)} has no room in a tar header`);
    block.write(value, offset, "latin1");
  };
  const octal = (field: readonly [number, number], value: number): void =>
    put(field, `${value.toString(8).padStart(field[1] - 1, "0")}\0`);
  const place = placeName(header.name);
  if (place === null) throw new RangeError(`${show(header.name)} has no room in a tar header`);
  put(fields.prefix, place.prefix);
  put(fields.name, place.name);
  octal(fields.mode, header.mode);
  octal(fields.uid, 0);
  octal(fields.gid, 0);
  octal(fields.size, header.size);
  octal(fields.mtime, header.mtime);
  put(fields.link, header.link);
  put(fields.magic, ustar);
  block.write(header.flag, flagAt, "latin1");
  put(fields.checksum, `${sumOf(block).toString(8).padStart(6, "0")}\0 `);
  return block;
};

/** The largest size that octal digits have room for. */
export const maxPlainSize = 8 ** 11 - 1;
export const linkRoom = fields.link[1];

/** Where a name goes: whole, or cut at a slash; null when it has no room. */
export const placeName = (name: string): { readonly prefix: string; readonly name: string } | null => {
  if (name.length <= fields.name[1]) return { prefix: "", name };
  // A directory's name ends in a slash, which is no place to cut at.
  const cut = name.lastIndexOf("/", Math.min(fields.prefix[1], name.length - 2));
  const rest = name.length - cut - 1;
  return cut > 0 && rest <= fields.name[1] ? { prefix: name.slice(0, cut), name: name.slice(cut + 1) } : null;
};
