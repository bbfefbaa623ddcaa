import type { ValidatorFlags } from "./flags.ts";

/**
 * The default output validator of the problem package format.
 *
 * Answer and output are compared token by token, a token being a run of bytes that are not white
 * space (space, form feed, line feed, carriage return, tab, vertical tab). Letters of ASCII are
 * equal in either case unless `caseSensitive`. With `spaceChangeSensitive` the white space between,
 * before and after the tokens must be the same bytes too. With a tolerance, a token of the answer
 * that is a decimal number is compared as a number: the output's token s must be one as well, and
 * |s - a| <= absolute or |s - a| <= relative * |a| must hold; equal bytes are always near enough.
 *
 * It works on bytes in place: an output of many MiB is never turned into strings.
 */
export const compareOutput = (answer: Uint8Array, output: Uint8Array, flags: ValidatorFlags): Comparison => {
  if (Buffer.compare(answer, output) === 0) return accepted;
  const floats = flags.floatAbsoluteTolerance !== null || flags.floatRelativeTolerance !== null;
  const fold = flags.caseSensitive ? identity : lowerCase;
  let a = 0;
  let o = 0;
  for (let token = 1; ; token++) {
    const answerSpace = a;
    const outputSpace = o;
    while (a < answer.length && isSpace[answer[a] ?? 0] === 1) a++;
    while (o < output.length && isSpace[output[o] ?? 0] === 1) o++;
    if (flags.spaceChangeSensitive && !sameBytes(answer, answerSpace, a, output, outputSpace, o)) {
      const line = lineAt(output, outputSpace);
      return rejected(
        `line ${line}, before token ${token}: white space is ${show(output, outputSpace, o)}, expected ${show(answer, answerSpace, a)}`,
        `the white space differs at line ${line} of the output, before token ${token}`,
      );
    }
    const answerToken = a;
    const outputToken = o;
    while (a < answer.length && isSpace[answer[a] ?? 0] === 0) a++;
    while (o < output.length && isSpace[output[o] ?? 0] === 0) o++;

    if (a === answerToken && o === outputToken) return accepted;
    if (o === outputToken) {
      return rejected(
        `the output ends after ${count(token - 1)}, expected ${show(answer, answerToken, a)} next`,
        `the output ends too early, after ${count(token - 1)}`,
      );
    }
    const line = lineAt.bind(null, output, outputToken);
    if (a === answerToken) {
      return rejected(
        `line ${line()}: the output goes on with ${show(output, outputToken, o)} after all ${count(token - 1)} of the answer`,
        `the output goes on at line ${line()}, after ${count(token - 1)}, where it should end`,
      );
    }
    if (sameFolded(answer, answerToken, a, output, outputToken, o, fold)) continue;
    const expected = floats ? decimalAt(answer, answerToken, a) : null;
    if (expected === null) {
      return rejected(
        `line ${line()}, token ${token}: got ${show(output, outputToken, o)}, expected ${show(answer, answerToken, a)}`,
        `the output differs from the answer at line ${line()}, token ${token}`,
      );
    }
    const got = decimalAt(output, outputToken, o);
    if (got === null) {
      return rejected(
        `line ${line()}, token ${token}: got ${show(output, outputToken, o)}, expected the number ${show(answer, answerToken, a)}`,
        `a number was expected at line ${line()}, token ${token} of the output`,
      );
    }
    if (!near(got, expected, flags)) {
      return rejected(
        `line ${line()}, token ${token}: got ${show(output, outputToken, o)}, expected ${show(answer, answerToken, a)} (${differences(got, expected)})`,
        `the number at line ${line()}, token ${token} of the output is too far from the answer`,
      );
    }
  }
};

export type Comparison =
  | { readonly accepted: true }
  | {
      readonly accepted: false;
      /** Where and how they differ, with the expected text: for the author. */
      readonly judgeMessage: string;
      /** The same without anything of the answer: for whoever submitted. */
      readonly publicMessage: string;
    };

const accepted: Comparison = { accepted: true };
const rejected = (judgeMessage: string, publicMessage: string): Comparison => ({
  accepted: false,
  judgeMessage,
  publicMessage,
});

const isSpace = new Uint8Array(256);
for (const byte of [0x20, 0x0c, 0x0a, 0x0d, 0x09, 0x0b]) isSpace[byte] = 1;

const identity = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const lowerCase = Uint8Array.from(identity, (byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

const sameBytes = (
  x: Uint8Array,
  xStart: number,
  xEnd: number,
  y: Uint8Array,
  yStart: number,
  yEnd: number,
): boolean => sameFolded(x, xStart, xEnd, y, yStart, yEnd, identity);

const sameFolded = (
  x: Uint8Array,
  xStart: number,
  xEnd: number,
  y: Uint8Array,
  yStart: number,
  yEnd: number,
  fold: Uint8Array,
): boolean => {
  if (xEnd - xStart !== yEnd - yStart) return false;
  for (let at = xStart, other = yStart; at < xEnd; at++, other++) {
    if (fold[x[at] ?? 0] !== fold[y[other] ?? 0]) return false;
  }
  return true;
};

/** Longer digit strings are no sensible number, and a hostile one must not cost a second to parse. */
const maxNumberLength = 4096;
const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/u;

const decimalAt = (bytes: Uint8Array, start: number, end: number): string | null => {
  if (end - start > maxNumberLength) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  return decimal.test(text) ? text : null;
};

const near = (got: string, expected: string, flags: ValidatorFlags): boolean => {
  const { floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = flags;
  const difference = distance(got, expected);
  const size = Math.abs(Number(expected));
  // An answer beyond the range of numbers would have everything within its relative tolerance.
  if (!Number.isFinite(difference)) return false;
  return (
    (absolute !== null && difference <= absolute) ||
    (relative !== null && Number.isFinite(size) && difference <= relative * size)
  );
};

const integer = /^[+-]?[0-9]+$/u;

/** Whole numbers are subtracted as such: from 2^53 on, neighbours are the same floating-point number. */
const distance = (got: string, expected: string): number =>
  integer.test(got) && integer.test(expected)
    ? Math.abs(Number(wholeNumber(got) - wholeNumber(expected)))
    : Math.abs(Number(got) - Number(expected));

const wholeNumber = (text: string): bigint => BigInt(text.replace(/^\+/u, ""));

const differences = (got: string, expected: string): string => {
  const absolute = distance(got, expected);
  const size = Math.abs(Number(expected));
  const relative = size === 0 ? "undefined" : (absolute / size).toPrecision(3);
  return `absolute error ${absolute.toPrecision(3)}, relative error ${relative}`;
};

const count = (tokens: number): string => (tokens === 1 ? "1 token" : `${tokens} tokens`);

const lineAt = (bytes: Uint8Array, position: number): number => {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < position; at = bytes.indexOf(0x0a, at + 1)) line++;
  return line;
};

const maxShown = 40;

/** Quoted, at most 40 bytes, everything that is not printable ASCII escaped. */
const show = (bytes: Uint8Array, start: number, end: number): string => {
  let text = "";
  for (const byte of bytes.subarray(start, Math.min(end, start + maxShown))) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte === 0x0a) text += "\\n";
    else if (byte === 0x0d) text += "\\r";
    else if (byte === 0x09) text += "\\t";
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return end - start > maxShown ? `"${text}…" (${end - start} bytes)` : `"${text}"`;
};
