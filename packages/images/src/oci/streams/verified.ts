import { createHash } from "node:crypto";
import { bad } from "../bad.ts";

/**
 * Passes a stream on and throws at its end unless it is what it should be. A stream that is longer than it
 * should be is left at once. Whoever reads must read to the end before using anything.
 *
 * @throws ImageError `bad_archive`
 */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  expected: { readonly sha256: string; readonly size: number | null },
  what: string,
): AsyncGenerator<Uint8Array> {
  const sum = createHash("sha256");
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (expected.size !== null && size > expected.size)
      throw bad(`${what} has more than the ${expected.size} bytes that are told of it`);
    sum.update(chunk);
    yield chunk;
  }
  if (expected.size !== null && size !== expected.size)
    throw bad(`${what} has ${size} bytes instead of ${expected.size}`);
  const digest = sum.digest("hex");
  if (digest !== expected.sha256) throw bad(`${what} has the digest ${digest} instead of ${expected.sha256}`);
}

/** All of a stream that may not be long. */
export const collect = async (
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  what: string,
): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw bad(`${what} has more than ${maxBytes} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
};
