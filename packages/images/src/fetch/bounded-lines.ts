import type { Readable } from "node:stream";

/**
 * Lines of UTF-8 from who is not trusted: one that is longer than `maxBytes` ends the reading with an
 * error, instead of filling the memory. What comes after the last line end is no line.
 */
export async function* boundedLines(stream: Readable, maxBytes: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([rest, chunk.subarray(from, end)]);
      if (line.length > maxBytes) throw new RangeError(`a line is longer than ${maxBytes} bytes`);
      yield line.toString("utf8");
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(from)]);
    if (rest.length > maxBytes) throw new RangeError(`a line is longer than ${maxBytes} bytes`);
  }
}
