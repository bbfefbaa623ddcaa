import { accepted, rejection } from "./comparison.ts";
import type { Comparison } from "./comparison.ts";
import { decimalAt, distance, isNear } from "./decimal.ts";
import type { Decimal, Tolerances } from "./decimal.ts";
import type { ValidatorFlags } from "./flags.ts";
import {
  commonStart,
  isSpace,
  identity,
  lineAt,
  lowerCase,
  sameFolded,
  sameWithoutSpace,
  show,
} from "./text.ts";

export type { Comparison } from "./comparison.ts";

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
  const rejected = rejectedFor(answer, output, flags);
  if (Buffer.compare(answer, output) === 0) return accepted;
  const floats = flags.floatAbsoluteTolerance !== null || flags.floatRelativeTolerance !== null;
  const fold = flags.caseSensitive ? identity : lowerCase;
  const start = tokenEnd(answer, commonStart(answer, output));
  let a = start;
  let o = start;
  for (let counted = 1; ; counted++) {
    /** Its number, with those that were passed over. */
    const token = (): number => counted + tokensIn(answer, start);
    const answerSpace = a;
    const outputSpace = o;
    while (a < answer.length && isSpace[answer[a] ?? 0] === 1) a++;
    while (o < output.length && isSpace[output[o] ?? 0] === 1) o++;
    if (flags.spaceChangeSensitive && !sameBytes(answer, answerSpace, a, output, outputSpace, o)) {
      const line = lineAt(output, outputSpace);
      return rejected(
        `line ${line}, before token ${token()}: white space is ${show(output, outputSpace, o)}, expected ${show(answer, answerSpace, a)}`,
        `the white space differs at line ${line} of the output, before token ${token()}`,
      );
    }
    const answerToken = a;
    const outputToken = o;
    while (a < answer.length && isSpace[answer[a] ?? 0] === 0) a++;
    while (o < output.length && isSpace[output[o] ?? 0] === 0) o++;

    if (a === answerToken && o === outputToken) return accepted;
    if (o === outputToken) {
      return rejected(
        `the output ends after ${count(token() - 1)}, expected ${show(answer, answerToken, a)} next`,
        `the output ends too early, after ${count(token() - 1)}`,
      );
    }
    if (a === answerToken) {
      return rejected(
        `line ${lineAt(output, outputToken)}: the output goes on with ${show(output, outputToken, o)} after all ${count(token() - 1)} of the answer`,
        `the output goes on at line ${lineAt(output, outputToken)}, after ${count(token() - 1)}, where it should end`,
      );
    }
    if (sameFolded(answer, answerToken, a, output, outputToken, o, fold)) continue;
    const expected = floats ? decimalAt(answer, answerToken, a) : null;
    if (expected === null) {
      return rejected(
        `line ${lineAt(output, outputToken)}, token ${token()}: got ${show(output, outputToken, o)}, expected ${show(answer, answerToken, a)}`,
        `the output differs from the answer at line ${lineAt(output, outputToken)}, token ${token()}`,
      );
    }
    const got = decimalAt(output, outputToken, o);
    if (got === null) {
      return rejected(
        `line ${lineAt(output, outputToken)}, token ${token()}: got ${show(output, outputToken, o)}, expected the number ${show(answer, answerToken, a)}`,
        `a number was expected at line ${lineAt(output, outputToken)}, token ${token()} of the output`,
      );
    }
    if (!isNear(got, expected, tolerancesOf(flags))) {
      return rejected(
        `line ${lineAt(output, outputToken)}, token ${token()}: got ${show(output, outputToken, o)}, expected ${show(answer, answerToken, a)} (${differences(got, expected)})`,
        `the number at line ${lineAt(output, outputToken)}, token ${token()} of the output is too far from the answer`,
      );
    }
  }
};

/** The last place up to `at` behind a token, or the beginning: from there on white space and tokens are whole. */
const tokenEnd = (bytes: Uint8Array, at: number): number => {
  let end = at;
  while (end > 0 && isSpace[bytes[end - 1] ?? 0] === 0) end--;
  while (end > 0 && isSpace[bytes[end - 1] ?? 0] === 1) end--;
  return end;
};

const tokensIn = (bytes: Uint8Array, end: number): number => {
  let tokens = 0;
  for (let at = 0; at < end; at++) {
    if (isSpace[bytes[at] ?? 0] === 0 && (at === 0 || isSpace[bytes[at - 1] ?? 0] === 1)) tokens++;
  }
  return tokens;
};

const sameBytes = (
  x: Uint8Array,
  xStart: number,
  xEnd: number,
  y: Uint8Array,
  yStart: number,
  yEnd: number,
): boolean => sameFolded(x, xStart, xEnd, y, yStart, yEnd, identity);

/** Says of each rejection whether the white space alone is wrong. */
const rejectedFor =
  (answer: Uint8Array, output: Uint8Array, flags: ValidatorFlags) =>
  (judgeMessage: string, publicMessage: string): Comparison => {
    const fold = flags.caseSensitive ? identity : lowerCase;
    const sameTokens = (): boolean =>
      flags.spaceChangeSensitive &&
      compareOutput(answer, output, { ...flags, spaceChangeSensitive: false }).accepted;
    const whitespaceOnly = sameWithoutSpace(answer, output, fold) || sameTokens();
    return rejection(judgeMessage, publicMessage, { whitespaceOnly });
  };

const tolerancesOf = (flags: ValidatorFlags): Tolerances => ({
  absolute: flags.floatAbsoluteTolerance,
  relative: flags.floatRelativeTolerance,
});

const differences = (got: Decimal, expected: Decimal): string => {
  const absolute = distance(got, expected);
  const size = Math.abs(expected.value);
  const relative = size === 0 ? "undefined" : (absolute / size).toPrecision(3);
  return `absolute error ${absolute.toPrecision(3)}, relative error ${relative}`;
};

const count = (tokens: number): string => (tokens === 1 ? "1 token" : `${tokens} tokens`);
