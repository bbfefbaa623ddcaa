import { accepted, rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import { commonStart, identity, isSpace, lineAt, sameWithoutSpace, show } from "../validators/text.ts";

/**
 * The same lines in any order. White space at the end of a line and empty lines at the end of the
 * text don't count. Only the answer's lines are kept, so a hostile output takes no memory.
 */
export const compareLines = (answer: Uint8Array, output: Uint8Array): Comparison => {
  // Lines that are the same at the beginning need not be looked at.
  const same = lineStart(answer, commonStart(answer, output));
  const missing = new Map<string, number>();
  let left = 0;
  for (const { start, end } of linesOf(answer, same)) {
    const text = textOf(answer, start, end);
    missing.set(text, (missing.get(text) ?? 0) + 1);
    left++;
  }
  let longest = 0;
  for (const text of missing.keys()) longest = Math.max(longest, text.length);
  let line = lineAt(output, same) - 1;
  for (const { start, end } of linesOf(output, same)) {
    line++;
    const text = end - start > longest ? null : textOf(output, start, end);
    const count = text === null ? 0 : (missing.get(text) ?? 0);
    if (text === null || count === 0) {
      const known = text !== null && missing.has(text);
      const got = show(output, start, end);
      return rejection(
        known
          ? `line ${line}: the answer has ${got} less often`
          : `line ${line}: got ${got}, which is no line of the answer`,
        `line ${line} of the output is ${known ? "there too often" : "no line of the answer"}`,
        { whitespaceOnly: sameWithoutSpace(answer, output, identity) },
      );
    }
    missing.set(text, count - 1);
    left--;
  }
  if (left === 0) return accepted;
  const [first = ""] = [...missing].find(([, count]) => count > 0) ?? [];
  return rejection(
    `${lines(left)} of the answer missing, the first is ${show(Buffer.from(first, "latin1"))}`,
    `the output ends too early, after ${line} of ${line + left} lines`,
    { whitespaceOnly: sameWithoutSpace(answer, output, identity) },
  );
};

const lines = (count: number): string => (count === 1 ? "1 line" : `${count} lines`);

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");

/** Where the line begins that holds the byte before `at`; an empty one may belong to the end of the text. */
const lineStart = (bytes: Uint8Array, at: number): number => {
  let start = at;
  while (start > 0 && isSpace[bytes[start - 1] ?? 0] === 1) start--;
  return start === 0 ? 0 : bytes.lastIndexOf(0x0a, start - 1) + 1;
};

function* linesOf(
  bytes: Uint8Array,
  from: number,
): Generator<{ readonly start: number; readonly end: number }> {
  let length = bytes.length;
  while (length > 0 && isSpace[bytes[length - 1] ?? 0] === 1) length--;
  for (let start = from; start < length;) {
    const feed = bytes.indexOf(0x0a, start);
    const next = feed === -1 || feed > length ? length : feed;
    let end = next;
    while (end > start && isSpace[bytes[end - 1] ?? 0] === 1) end--;
    yield { start, end };
    start = next + 1;
  }
}
