import { bad } from "../bad.ts";

const magicBytes = 4;
const frameMagic = 0xfd2fb528;
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/**
 * Cuts a zstd stream at the ends of its frames, without the frames that hold no data. Node's decompressor
 * begins the next frame with the next chunk only, and drops what follows a frame in the same one.
 * (RFC 8878, section 3.)
 *
 * @throws ImageError `bad_archive` when something else than a frame follows
 */
export async function* zstdFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let buffered: Buffer = Buffer.alloc(0);
  /** How many bytes are to be passed on or dropped before the next decision. */
  let left = 0;
  let drops = false;
  let state: "magic" | "block" | "end" = "magic";
  let hasChecksum = false;

  for await (const chunk of source) {
    let rest: Buffer = buffered.length === 0 ? asBuffer(chunk) : Buffer.concat([buffered, chunk]);
    /** What of `rest` belongs to the frame and was looked at. */
    let at = 0;
    for (;;) {
      if (left > 0) {
        const taken = Math.min(left, rest.length - at);
        if (drops) rest = rest.subarray(taken);
        else at += taken;
        left -= taken;
        if (left > 0) break;
      }
      if (state === "end") {
        if (at > 0) yield rest.subarray(0, at);
        rest = rest.subarray(at);
        at = 0;
        state = "magic";
      }
      const step: Step | null = next(rest, at, state, hasChecksum);
      if (step === null) break;
      ({ left, state, drops, hasChecksum } = step);
    }
    if (at > 0) yield rest.subarray(0, at);
    buffered = Buffer.from(rest.subarray(at));
  }
  if (state !== "magic" || buffered.length > 0 || left > 0) throw bad("A zstd stream stops in the middle");
}

interface Step {
  readonly left: number;
  readonly state: "magic" | "block" | "end";
  readonly drops: boolean;
  readonly hasChecksum: boolean;
}

/** What comes next, or null when more must be seen for that. */
const next = (bytes: Buffer, at: number, state: Step["state"], hasChecksum: boolean): Step | null => {
  const seen = bytes.length - at;
  if (state === "block") {
    if (seen < 3) return null;
    const head = bytes.readUIntLE(at, 3);
    const type = (head >> 1) & 3;
    const isLast = (head & 1) === 1;
    if (type === 3) throw bad("A zstd stream is damaged");
    const size = 3 + (type === 1 ? 1 : head >> 3) + (isLast && hasChecksum ? 4 : 0);
    return { left: size, state: isLast ? "end" : "block", drops: false, hasChecksum };
  }
  if (seen < magicBytes) return null;
  const magic = bytes.readUInt32LE(at);
  if (isSkippable(magic)) {
    if (seen < 8) return null;
    // At the beginning of a frame nothing was looked at before.
    return { left: 8 + bytes.readUInt32LE(at + 4), state: "magic", drops: true, hasChecksum: false };
  }
  if (magic !== frameMagic) throw bad("Something else follows in a zstd stream");
  const descriptor = bytes[at + magicBytes];
  if (descriptor === undefined) return null;
  const single = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6] ?? 0;
  const size = magicBytes + 1 + (1 - single) + dictionaryBytes + sizeBytes;
  return { left: size, state: "block", drops: false, hasChecksum: (descriptor & 4) !== 0 };
};

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
