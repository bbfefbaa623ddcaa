import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { ImageError } from "../../errors.ts";
import { bad } from "../bad.ts";
import { zstdFrames } from "./zstd-frames.ts";

const gzip = [0x1f, 0x8b];
const zstd = [0x28, 0xb5, 0x2f, 0xfd];
/** The second to fourth byte of zstd frames without data, which may come first. */
const skippable = [0x2a, 0x4d, 0x18];

const startsWith = (bytes: Buffer, magic: readonly number[], at = 0): boolean =>
  magic.every((byte, index) => bytes[at + index] === byte);

/**
 * What is in a stream that may be compressed with gzip or zstd, told by its first bytes: archives of
 * Docker do not say it, and what they say elsewhere is verified by the digest of what comes out.
 *
 * @throws ImageError `bad_archive` when it is damaged
 */
export async function* decompressed(source: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  let first: Buffer = Buffer.alloc(0);
  let isOver = false;
  while (first.length < 4 && !isOver) {
    const next = await iterator.next();
    if (next.done === true) isOver = true;
    else first = Buffer.concat([first, next.value]);
  }
  const whole = continued(first, iterator);
  if (startsWith(first, gzip)) yield* through(whole, createGunzip(), what);
  else if (startsWith(first, zstd) || startsWith(first, skippable, 1))
    yield* through(zstdFrames(whole), createZstdDecompress(), what);
  else yield* asBuffers(whole);
}

async function* continued(first: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* asBuffers(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

async function* through(
  source: AsyncIterable<Uint8Array>,
  decompressor: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
  what: string,
): AsyncGenerator<Buffer> {
  const input = Readable.from(source, { objectMode: false });
  // The iteration below meets the same error; this one only must not be left unhandled.
  const failed = pipeline(input, decompressor).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    for await (const chunk of decompressor) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError("expected bytes");
      yield chunk;
    }
    const failure = await failed;
    if (failure !== null) throw failure.error;
  } catch (error) {
    throw isOfZlib(error) ? bad(`${what} can't be decompressed: ${error.message}`, error) : error;
  } finally {
    decompressor.destroy();
    input.destroy();
    await failed;
  }
}

const isOfZlib = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof ImageError) &&
  "code" in error &&
  /^(?:Z_|ZSTD_)/.test(String(error.code));
