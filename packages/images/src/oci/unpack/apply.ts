import { bad } from "../bad.ts";
import { tooLarge } from "../limits.ts";
import type { Budget } from "../limits.ts";
import { decompressed } from "../streams/decompress.ts";
import { verified } from "../streams/verified.ts";
import { TarReader } from "../tar/reader.ts";
import { LayerVisitor } from "./layer.ts";
import type { TreeModel } from "./model.ts";
import type { Spool } from "./spool.ts";

export interface Unpacking {
  readonly model: TreeModel;
  readonly spool: Spool;
  readonly budget: Budget;
}

interface ApplyOptions {
  /** Called with the compressed bytes of this layer that were read so far. */
  readonly progress: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Applies one layer, compressed or not, and verifies what comes out of it by its digest.
 *
 * @throws ImageError `bad_archive`, `too_large`; what the stream throws; the signal's reason
 */
export const applyLayer = async (
  parts: Unpacking,
  index: number,
  layer: { readonly diffId: string; readonly stream: AsyncIterable<Uint8Array> },
  options: ApplyOptions,
): Promise<void> => {
  const what = `Layer ${index + 1}`;
  const visitor = new LayerVisitor(parts, index, "with whiteouts");
  const expected = { sha256: layer.diffId, size: null };
  await unpackTar(parts, visitor, layer.stream, what, options, (plain) => verified(plain, expected, what));
};

/** Puts what an archive of files holds into the model. */
export const unpackArchive = async (
  parts: Unpacking,
  stream: AsyncIterable<Uint8Array>,
  options: ApplyOptions,
): Promise<void> => {
  const visitor = new LayerVisitor(parts, 0, "without whiteouts");
  await unpackTar(parts, visitor, stream, "The archive", options, (plain) => plain);
};

const unpackTar = async (
  { spool, budget }: Unpacking,
  visitor: LayerVisitor,
  stream: AsyncIterable<Uint8Array>,
  what: string,
  { progress, signal }: ApplyOptions,
  check: (plain: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Promise<void> => {
  const reader = new TarReader(visitor);
  const { ratio, ratioFromBytes } = budget.limits;
  let packed = 0;
  let unpacked = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      packed += chunk.length;
      progress(packed);
      yield chunk;
    }
  };
  try {
    for await (const chunk of check(decompressed(counted(), what))) {
      signal?.throwIfAborted();
      unpacked += chunk.length;
      budget.bytes(chunk.length);
      if (unpacked > ratioFromBytes && unpacked > ratio * packed)
        throw tooLarge(`${what} unpacks to more than ${ratio} times its size`);
      reader.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    if (unpacked === 0) throw bad(`${what} is empty`);
    reader.end();
  } finally {
    spool[Symbol.dispose]();
  }
};
