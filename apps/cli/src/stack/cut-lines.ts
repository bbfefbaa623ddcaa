import type { Readable } from "node:stream";

const mostBytes = 64 * 1024;

/**
 * Calls back per line of what a service says. A line that does not end is cut: who was taken over could
 * otherwise fill our memory with it. What comes after the last line end is a line as well.
 */
export function cutLines(stream: Readable, each: (line: string) => void): void {
  let parts: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    each(Buffer.concat(parts).toString("utf8").replace(/\r$/, ""));
    parts = [];
    size = 0;
  };
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    while (from < chunk.length) {
      const end = chunk.indexOf(10, from);
      const to = Math.min(end === -1 ? chunk.length : end, from + mostBytes - size);
      parts.push(chunk.subarray(from, to));
      size += to - from;
      from = to;
      if (to === end || size === mostBytes) flush();
      if (to === end) from += 1;
    }
  });
  stream.on("end", () => {
    if (size > 0) flush();
  });
}
