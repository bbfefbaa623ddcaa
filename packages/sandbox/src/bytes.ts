import { SandboxError } from "./error.ts";

/** A buffer from this size on travels as it is, a smaller one is cheaper to copy beside its neighbours. */
const SEPARATE_FROM = 4096;

const TWO_TO_32 = 0x1_0000_0000;

/** Writes little-endian fields into as few chunks as possible; big buffers are passed on without a copy. */
export class ByteWriter {
  #chunks: Uint8Array[] = [];
  #buffer = Buffer.allocUnsafe(1024);
  #start = 0;
  #end = 0;
  #finished = 0;

  /** Bytes written so far. */
  get size(): number {
    return this.#finished + this.#end - this.#start;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#end = this.#buffer.writeUInt8(this.#within(value, 0xff), this.#end);
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#end = this.#buffer.writeUInt16LE(this.#within(value, 0xffff), this.#end);
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#end = this.#buffer.writeUInt32LE(this.#within(value, 0xffff_ffff), this.#end);
  }

  u64(value: number): void {
    this.#reserve(8);
    this.#within(value, Number.MAX_SAFE_INTEGER);
    this.#end = this.#buffer.writeUInt32LE(value % TWO_TO_32, this.#end);
    this.#end = this.#buffer.writeUInt32LE(Math.floor(value / TWO_TO_32), this.#end);
  }

  str16(text: string): void {
    const length = Buffer.byteLength(text);
    this.u16(length);
    this.#text(text, length);
  }

  str32(text: string): void {
    const length = Buffer.byteLength(text);
    this.u32(length);
    this.#text(text, length);
  }

  bytes(content: Uint8Array): void {
    this.u64(content.byteLength);
    this.raw(content);
  }

  raw(content: Uint8Array): void {
    if (content.byteLength < SEPARATE_FROM) {
      this.#reserve(content.byteLength);
      this.#buffer.set(content, this.#end);
      this.#end += content.byteLength;
      return;
    }
    this.#seal();
    this.#chunks.push(content);
    this.#finished += content.byteLength;
  }

  /** Room for bytes that are known later: zeros, to be written through what this returns. */
  blank(length: number): Buffer {
    this.#reserve(length);
    const room = this.#buffer.subarray(this.#end, this.#end + length).fill(0);
    this.#end += length;
    return room;
  }

  /** The chunks in order; the writer can't be used afterwards. */
  finish(): Uint8Array[] {
    this.#seal();
    return this.#chunks;
  }

  #text(text: string, length: number): void {
    this.#reserve(length);
    this.#end += this.#buffer.write(text, this.#end);
  }

  #seal(): void {
    if (this.#end === this.#start) return;
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#end));
    this.#finished += this.#end - this.#start;
    this.#start = this.#end;
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.#buffer.length) return;
    this.#seal();
    this.#buffer = Buffer.allocUnsafe(Math.max(size, this.#buffer.length * 2));
    this.#start = 0;
    this.#end = 0;
  }

  #within(value: number, max: number): number {
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw new SandboxError("out_of_range", `${value} is not a whole number from 0 to ${max}`);
    }
    return value;
  }
}

/** Reads what ByteWriter's twin on the other side wrote; anything that does not add up is a protocol error. */
export class ByteReader {
  #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  u8(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#buffer.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  i32(): number {
    return this.#buffer.readInt32LE(this.#take(4));
  }

  u64(): number {
    const at = this.#take(8);
    const value = this.#buffer.readUInt32LE(at) + this.#buffer.readUInt32LE(at + 4) * TWO_TO_32;
    if (!Number.isSafeInteger(value)) throw new SandboxError("protocol", "a number passes 2^53");
    return value;
  }

  str16(): string {
    const length = this.u16();
    const at = this.#take(length);
    return this.#buffer.toString("utf8", at, at + length);
  }

  /** A view, not a copy. */
  bytes(): Buffer {
    return this.raw(this.u64());
  }

  /** A view, not a copy. */
  raw(length: number): Buffer {
    const at = this.#take(length);
    return this.#buffer.subarray(at, at + length);
  }

  /** Everything that was not read yet; a view, not a copy. */
  rest(): Buffer {
    return this.raw(this.#buffer.length - this.#position);
  }

  /** Throws unless everything was read. */
  end(): void {
    const rest = this.#buffer.length - this.#position;
    if (rest !== 0) throw new SandboxError("protocol", `a message has ${rest} bytes too many`);
  }

  #take(length: number): number {
    const at = this.#position;
    if (length > this.#buffer.length - at) throw new SandboxError("protocol", "a message ends too early");
    this.#position = at + length;
    return at;
  }
}
